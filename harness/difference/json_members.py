"""Compare JSON documents member by member, each named by its RFC 6901 pointer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from harness.model.request import Json


class _Absent(Enum):
    """What stands where a document has no such member."""

    ABSENT = "absent"


_ABSENT = _Absent.ABSENT
_Value = Json | _Absent


@dataclass(frozen=True, slots=True)
class Member:
    """A place at which two documents differ, or hold texts; JSON texts, None where absent.

    `texts` are the two strings where both are strings.
    """

    pointer: str
    left: str | None
    right: str | None
    texts: tuple[str, str] | None = None


def parse_json(text: str) -> tuple[Json] | None:
    """Return the document, in a tuple for it may be None; None when the text is no document.

    A text with a member given twice is none: its pointers would not say which.
    """
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return (json.loads(text, object_pairs_hook=_once),)
    except (ValueError, RecursionError):
        return None


def members(left: Json, right: Json) -> Iterator[Member]:
    """Yield every place with a scalar that is not the same, and every pair of strings.

    Equal strings are among them, for a placeholder in both may stand for two values. Items of
    lists are compared by their index. No recursion: a stranger chooses how deep it goes.
    """
    stack: list[tuple[str, _Value, _Value]] = [("", left, right)]
    while stack:
        pointer, one, other = stack.pop()
        children = list(_children(pointer, one, other))
        if children or (_is_container(one) and type(one) is type(other)):
            stack += reversed(children)
        elif isinstance(one, str) and isinstance(other, str):
            yield Member(pointer, _dump(one), _dump(other), (one, other))
        else:
            shown, other_shown = _dump(one), _dump(other)
            if type(one) is not type(other) or shown != other_shown:
                yield Member(pointer, shown, other_shown)


def _children(pointer: str, left: _Value, right: _Value) -> Iterator[tuple[str, _Value, _Value]]:
    if isinstance(left, dict) and isinstance(right, dict):
        for name in dict.fromkeys((*left, *right)):
            escaped = name.replace("~", "~0").replace("/", "~1")
            yield f"{pointer}/{escaped}", left.get(name, _ABSENT), right.get(name, _ABSENT)
    elif isinstance(left, list) and isinstance(right, list):
        for index in range(max(len(left), len(right))):
            yield f"{pointer}/{index}", _item(left, index), _item(right, index)


def _item(items: list[Json], index: int) -> _Value:
    return items[index] if index < len(items) else _ABSENT


def _is_container(value: _Value) -> bool:
    return isinstance(value, dict | list)


def _dump(value: _Value) -> str | None:
    if isinstance(value, _Absent):
        return None
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        return "(nested too deep to be shown)"


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a member is given twice")
    return document
