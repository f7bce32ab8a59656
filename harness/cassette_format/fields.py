"""Take the fields of a line one by one, each checked: a file may come from anywhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from harness.errors import CassetteError, Place
from harness.model.request import HeaderPairs, Json

HINT = "the file was changed or damaged: get a whole copy, or record again"
_NUMBERS = frozenset({float, type(None)})
_STRINGS = frozenset({str, type(None)})
_LISTS, _TWO, _TEXTS = frozenset({list}), frozenset({2}), frozenset({str})


class Fields:
    """The members of one object, with the path to it for messages.

    Every line makes many of these: no dataclass, and the path is put together for a message.
    """

    __slots__ = ("_above", "_name", "members", "place")

    def __init__(
        self, members: Mapping[str, Json], place: Place, above: Fields | None = None, name: str = ""
    ) -> None:
        """Take the members of the object that is called `name` in the one `above`."""
        self.members = members
        self.place = place
        self._above = above
        self._name = name

    def __repr__(self) -> str:
        """Name the path only."""
        return f"<Fields {self.path}>"

    @classmethod
    def of(cls, document: Json, place: Place) -> Fields:
        """Take the object that a line is.

        Raises:
            CassetteError: the document is none.
        """
        if not isinstance(document, dict):
            raise CassetteError(f"{place}: the item is not a mapping", hint=HINT)
        return cls(document, place)

    @property
    def path(self) -> str:
        """What stands before the name of a field in a message."""
        return "" if self._above is None else f"{self._above.path}{self._name}."

    def _inner(self, document: Json, name: str) -> Fields:
        if not isinstance(document, dict):
            raise self.fault(name, "is not a mapping")
        return Fields(document, self.place, self, name)

    def fault(self, name: str, what: str) -> CassetteError:
        """Return the error that says what is wrong with a field; never its value."""
        return CassetteError(f"{self.place}: {self.path}{name} {what}", hint=HINT)

    def has(self, name: str) -> bool:
        """Tell whether the field is there."""
        return name in self.members

    def all(self) -> dict[str, Json]:
        """Return every member."""
        return dict(self.members)

    def document(self, name: str) -> Json:
        """Return whatever the field holds, None when it is not there."""
        return self.members.get(name)

    def fields(self, name: str) -> Fields:
        """Return an object."""
        document = self.members.get(name)
        if type(document) is dict:
            return Fields(document, self.place, self, name)
        if name not in self.members:
            raise self.fault(name, "is missing")
        return self._inner(document, name)

    def optional(self, name: str) -> Fields | None:
        """Return an object, or None for null and for nothing."""
        document = self.members.get(name)
        return None if document is None else self._inner(document, name)

    def items(self, name: str) -> Iterator[Fields]:
        """Yield the objects of a list that need not be there."""
        items = self.members.get(name, [])
        if not isinstance(items, list):
            raise self.fault(name, "is not a list")
        for index, one in enumerate(items):
            yield self._inner(one, f"{name}[{index}]")

    def text(self, name: str) -> str:
        """Return a string."""
        value = self.members.get(name)
        if type(value) is str:
            return value
        raise self.fault(name, "is not a string" if name in self.members else "is missing")

    def text_or_none(self, name: str) -> str | None:
        """Return a string or None."""
        value = self.members.get(name)
        return value if value is None or type(value) is str else self.text(name)

    def integer(self, name: str) -> int:
        """Return a whole number."""
        value = self.members.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fault(name, "is not a whole number")
        return value

    def number(self, name: str) -> float:
        """Return a number."""
        value = self.members.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.fault(name, "is not a number")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self.fault(name, "is too large a number")
        return number

    def numbers(self, names: tuple[str, ...]) -> tuple[float | None, ...]:
        """Return the numbers of those names, None for null and for nothing."""
        values = tuple(map(self.members.get, names))
        if _NUMBERS.issuperset(map(type, values)):
            return values  # type: ignore[return-value] # as was just seen
        return tuple(None if self.members.get(n) is None else self.number(n) for n in names)

    def texts_or_none(self, names: tuple[str, ...]) -> tuple[str | None, ...]:
        """Return the strings of those names, None for null and for nothing."""
        values = tuple(map(self.members.get, names))
        if _STRINGS.issuperset(map(type, values)):
            return values  # type: ignore[return-value] # as was just seen
        return tuple(map(self.text_or_none, names))

    def truth(self, name: str) -> bool:
        """Return true or false; false when it is not there."""
        value = self.members.get(name, False)
        if not isinstance(value, bool):
            raise self.fault(name, "is neither true nor false")
        return value

    def texts(self, name: str) -> dict[str, str]:
        """Return a mapping of strings."""
        texts = {
            one: text for one, text in self.fields(name).all().items() if isinstance(text, str)
        }
        if len(texts) != len(self.fields(name).members):  # whose names may be anything
            raise self.fault(name, "holds something that is not a string")
        return texts

    def list_of_texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings that need not be there."""
        items = self.members.get(name, [])
        if not isinstance(items, list):
            raise self.fault(name, "is not a list")
        texts = tuple(one for one in items if isinstance(one, str))
        if len(texts) != len(items):
            raise self.fault(name, "holds something that is not a string")
        return texts

    def pairs(self, name: str) -> HeaderPairs:
        """Return a list of name and value."""
        items = self.members.get(name)
        if not isinstance(items, list):
            raise self.fault(name, "is not a list")
        lists: Any = items if _LISTS.issuperset(map(type, items)) else ()
        pairs = tuple(map(tuple, lists))
        texts = chain.from_iterable(pairs)
        if len(pairs) != len(items) or not (
            _TWO.issuperset(map(len, pairs)) and _TEXTS.issuperset(map(type, texts))
        ):
            raise self.fault(name, "holds something that is not a name and a value")
        read: HeaderPairs = pairs
        return read

    def header_map(self, name: str) -> HeaderPairs:
        """Return the pairs of a mapping of names to lists."""
        members = self.fields(name).members
        for values in members.values():
            if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
                raise self.fault(name, "is not a mapping of names to lists of strings")
        return tuple(
            (header, value)
            for header, values in members.items()
            if isinstance(values, list)
            for value in values
            if isinstance(value, str)
        )
