"""Read a text through its escapes, and find the way back to where each character stood.

One level undoes percent-encoding, JSON and `repr` escapes and HTML character references, all
at once; the levels are repeated until nothing changes, so mixed and doubled escapes are seen
through without listing the mixtures.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5

MAX_LEVELS = 4

_ESCAPE = re.compile(
    r"(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<pair>\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2})"
    r"|\\(?:u(?P<unit>[0-9A-Fa-f]{4})|U(?P<point>00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})"
    r"|x(?P<byte>[0-9A-Fa-f]{2})|(?P<simple>[\"'\\/bfnrt]))"
    r"|&(?:#(?P<number>[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6})|(?P<entity>[A-Za-z][A-Za-z0-9]{1,10}));"
)
_LAST_POINT = 0x10FFFF
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class View:
    """A text and, for stretches of it, where they stood in the source.

    `stretches` are (start here, start in source, length here, length in source), in order and
    without gaps; where both lengths are equal, characters map one to one.
    """

    text: str
    stretches: tuple[tuple[int, int, int, int], ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> View:
        """Return the view that changes nothing."""
        return cls(text, ((0, 0, len(text), len(text)),), (0,))

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` stood, whole escapes included."""
        return self._locate(start)[0], self._locate(end - 1)[1]

    def _locate(self, place: int) -> tuple[int, int]:
        index = bisect_right(self.starts, place) - 1
        here, source, length, source_length = self.stretches[index]
        if length == source_length:
            return source + place - here, source + place - here + 1
        return source, source + source_length


def views_of(text: str) -> Iterator[View]:
    """Yield `text` as it stands, then each level of it with escapes undone."""
    view = View.of(text)
    yield view
    for _ in range(MAX_LEVELS):
        deeper = _undo(view)
        if deeper is None:
            return
        yield deeper
        view = deeper


def unescape_once(text: str) -> str:
    """Return `text` with one level of escapes undone."""
    deeper = _undo(View.of(text))
    return text if deeper is None else deeper.text


def _undo(view: View) -> View | None:
    """Undo one level; None when there is no escape left."""
    pieces: list[str] = []
    stretches: list[tuple[int, int, int, int]] = []
    length = 0
    last = 0
    changed = False

    def add(piece: str, start: int, end: int) -> None:
        nonlocal length
        source_start, source_end = view.source_span(start, end)
        stretches.append((length, source_start, len(piece), source_end - source_start))
        pieces.append(piece)
        length += len(piece)

    for match in _ESCAPE.finditer(view.text):
        for piece, start, end in _decoded(match):
            if piece == view.text[start:end]:
                continue
            for literal_start, literal_end in _literal_stretches(view, last, start):
                add(view.text[literal_start:literal_end], literal_start, literal_end)
            add(piece, start, end)
            changed = True
            last = end
    if not changed:
        return None
    for literal_start, literal_end in _literal_stretches(view, last, len(view.text)):
        add(view.text[literal_start:literal_end], literal_start, literal_end)
    return View("".join(pieces), tuple(stretches), tuple(stretch[0] for stretch in stretches))


def _literal_stretches(view: View, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut `start:end` where the view's own stretches meet, so that each maps one way."""
    while start < end:
        index = bisect_right(view.starts, start) - 1
        here, _, length, _ = view.stretches[index]
        stop = min(end, here + length)
        yield start, stop
        start = stop


def _decoded(match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Yield each character that an escape stands for, with the span that it takes."""
    start, end = match.span()
    if match["percent"]:
        octets = bytes.fromhex(match["percent"].replace("%", ""))
        for char in octets.decode("utf-8", "surrogateescape"):
            size = 3 * len(char.encode("utf-8", "surrogateescape"))
            yield char, start, start + size
            start += size
    elif match["pair"]:
        units = bytes.fromhex(match["pair"].replace("\\u", ""))
        yield units.decode("utf-16-be"), start, end
    elif match["number"]:
        digits = match["number"]
        point = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
        yield chr(point) if point <= _LAST_POINT else match[0], start, end
    elif match["entity"]:
        yield html5.get(match["entity"] + ";", match[0]), start, end
    elif code := match["unit"] or match["point"] or match["byte"]:
        yield chr(int(code, 16)), start, end
    else:
        yield _SIMPLE.get(match["simple"], match["simple"]), start, end
