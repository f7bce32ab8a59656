"""Take the fields of a line one by one, each checked: a file may come from anywhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.errors import CassetteError, Place
from harness.model.request import HeaderPairs, Json

HINT = "the file was changed or damaged: get a whole copy, or record again"


@dataclass(frozen=True, slots=True, repr=False)
class Fields:
    """The members of one object, with the path to it for messages."""

    members: Mapping[str, Json]
    place: Place
    path: str = ""

    @classmethod
    def of(cls, document: Json, place: Place, path: str = "") -> Fields:
        """Take an object.

        Raises:
            CassetteError: the document is none.
        """
        if not isinstance(document, dict):
            name = path.rstrip(".") or "the item"
            raise CassetteError(f"{place}: {name} is not a mapping", hint=HINT)
        return cls(document, place, path)

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
        if name not in self.members:
            raise self.fault(name, "is missing")
        return Fields.of(self.members[name], self.place, f"{self.path}{name}.")

    def optional(self, name: str) -> Fields | None:
        """Return an object, or None for null and for nothing."""
        return None if self.members.get(name) is None else self.fields(name)

    def items(self, name: str) -> Iterator[Fields]:
        """Yield the objects of a list that need not be there."""
        items = self.members.get(name, [])
        if not isinstance(items, list):
            raise self.fault(name, "is not a list")
        for index, one in enumerate(items):
            yield Fields.of(one, self.place, f"{self.path}{name}[{index}].")

    def text(self, name: str) -> str:
        """Return a string."""
        value = self.members.get(name)
        if not isinstance(value, str):
            raise self.fault(name, "is not a string" if name in self.members else "is missing")
        return value

    def text_or_none(self, name: str) -> str | None:
        """Return a string or None."""
        return None if self.members.get(name) is None else self.text(name)

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
        return tuple(self._pair(name, one) for one in items)

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

    def _pair(self, name: str, item: Json) -> tuple[str, str]:
        match item:
            case [str(header), str(value)]:
                return header, value
            case _:
                raise self.fault(name, "holds something that is not a name and a value")
