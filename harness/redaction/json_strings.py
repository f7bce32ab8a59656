"""Walk the text of a JSON document value by value, and change values where they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)'
    r"|(?P<word>[A-Za-z]+)|(?P<mark>[{}\[\],:]))",
    re.DOTALL,
)
_NESTING = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)

DEEPEST = 64
"""Levels of nesting: an answer has few, and a path is kept for every value."""


class Kind(StrEnum):
    """What a scalar of JSON is; words such as `true` are not told of."""

    NAME = "name"
    STRING = "string"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, repr=False)
class Scalar:
    """One name, string or number: where it stands, and the names and indexes that lead to it."""

    kind: Kind
    start: int
    end: int
    path: tuple[str | int, ...]

    def __repr__(self) -> str:
        """Name the place only."""
        return f"<Scalar {self.kind} at {self.start}>"


def is_json(text: str) -> bool:
    """Tell whether a text is a JSON object or array, at most `DEEPEST` levels deep.

    `Infinity` and `NaN` are not JSON.
    """
    if not text.lstrip().startswith(("{", "[")) or _is_deep(text):
        return False
    try:
        json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError):
        return False
    return True


def _is_deep(text: str) -> bool:
    depth = 0
    for match in _NESTING.finditer(text):
        depth += match[0] in "[{"
        depth -= match[0] in "]}"
        if depth > DEEPEST:
            return True
    return False


def _refused(word: str) -> None:
    raise ValueError(word)


def scalars_of(text: str) -> Iterator[Scalar]:
    """Yield the names, strings and numbers of a document that `is_json`, in order."""
    path: list[str | int] = []
    place = 0
    expects_name: list[bool] = []
    while match := _TOKEN.match(text, place):
        place = match.end()
        mark = match["mark"]
        if mark in {"{", "["}:
            expects_name.append(mark == "{")
            path.append("" if mark == "{" else 0)
        elif mark in {"}", "]"}:
            expects_name.pop()
            path.pop()
        elif mark == ",":
            last = path[-1]
            path[-1] = last + 1 if isinstance(last, int) else ""
            expects_name[-1] = isinstance(last, str)
        elif match["string"] is not None and expects_name and expects_name[-1]:
            path[-1] = str(json.loads(match["string"], strict=False))
            expects_name[-1] = False
            yield Scalar(Kind.NAME, *match.span("string"), tuple(path))
        elif match["string"] is not None:
            yield Scalar(Kind.STRING, *match.span("string"), tuple(path))
        elif match["number"] is not None:
            yield Scalar(Kind.NUMBER, *match.span("number"), tuple(path))


def change_scalars(text: str, change: Callable[[Scalar, str], str]) -> str:
    """Return the document with each scalar's text, quotes included, as `change` wants it."""
    pieces: list[str] = []
    last = 0
    for scalar in scalars_of(text):
        pieces += (text[last : scalar.start], change(scalar, text[scalar.start : scalar.end]))
        last = scalar.end
    return "".join((*pieces, text[last:]))
