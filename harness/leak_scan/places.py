"""Find secrets in bytes and say in which lines: search at once, look for the place on a hit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.leak_scan.readings import JOINED
from harness.leak_scan.searcher import Hit, Searcher
from harness.leak_scan.spellings import PIECE

_STEP = 4096
"""Bytes: how exactly the place in a binary file is told when no byte shows it as it stands."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: lines from 1 in a text, or bytes from 0 in anything else.

    `first` and `last` are equal for what stands in one line or begins at a known byte.
    """

    unit: str
    first: int
    last: int

    def __str__(self) -> str:
        """Render as `line 3`, `lines 3-7`, `byte 4096` or `bytes 0-4095`."""
        if self.first == self.last:
            return f"{self.unit} {self.first}"
        return f"{self.unit}s {self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in some bytes: every hit with its place, and what was not looked into."""

    hits: tuple[tuple[Place, Hit], ...]
    not_scanned: tuple[str, ...]


def find(octets: bytes, searcher: Searcher, *, line: int = 1, byte: int = 0) -> Found:
    """Search the bytes, of which the first is `byte` of its file and stands in its line `line`.

    A secret is told once for each line and form.
    """
    searched = searcher.search(octets)
    if not searched.hits:
        return Found((), searched.not_scanned)
    if b"\0" in octets:
        places = tuple((_in_bytes(hit, octets, searcher, byte), hit) for hit in searched.hits)
    else:
        places = tuple(_in_lines(searched.hits, octets, searcher, line))
    return Found(places, searched.not_scanned)


def _in_lines(
    hits: tuple[Hit, ...], octets: bytes, searcher: Searcher, first: int
) -> Iterator[tuple[Place, Hit]]:
    lines = octets.split(b"\n")
    by_line = [
        (number, hit)
        for number, text in enumerate(lines)
        for hit in (hits if len(lines) == 1 else _hits(text, searcher))
    ]
    spans = list(_spans(hits, by_line, lines, searcher))
    for number, hit in by_line:
        is_part = any(hit.whose == one.whose and number in span for span, one in spans)
        if hit.spelling != PIECE or not is_part:
            yield Place("line", first + number, first + number), hit
    for span, hit in spans:
        yield Place("line", first + span.start, first + span.stop - 1), hit


def _spans(
    hits: tuple[Hit, ...], by_line: list[tuple[int, Hit]], lines: list[bytes], searcher: Searcher
) -> Iterator[tuple[range, Hit]]:
    """Yield the hits that no line shows by itself, with the lines that do so together."""
    told: dict[tuple[int, str], set[int]] = {}
    for number, hit in by_line:
        if hit.spelling != PIECE:
            told.setdefault(hit.whose, set()).add(number)
    pieces = {hit.whose for _, hit in by_line if hit.spelling == PIECE}
    for hit in hits:
        known = told.get(hit.whose, set())
        if (known and JOINED not in hit.steps) or (hit.spelling == PIECE and hit.whose in pieces):
            continue
        span = range(*_narrowed(hit, lines, b"\n", searcher))
        if known.isdisjoint(span):
            yield span, hit


def _hits(line: bytes, searcher: Searcher) -> tuple[Hit, ...]:
    return searcher.search(line).hits if line else ()


def _in_bytes(hit: Hit, octets: bytes, searcher: Searcher, first: int) -> Place:
    if hit.start >= 0:
        return Place("byte", first + hit.start, first + hit.start)
    pieces = [octets[at : at + _STEP] for at in range(0, len(octets), _STEP)]
    start, end = _narrowed(hit, pieces, b"", searcher)
    return Place("byte", first + start * _STEP, first + min(end * _STEP, len(octets)) - 1)


def _narrowed(hit: Hit, pieces: list[bytes], between: bytes, searcher: Searcher) -> tuple[int, int]:
    """Return the first and last (excluded) of the pieces that still hold the hit together."""

    def holds(start: int, end: int) -> bool:
        inner = searcher.search(between.join(pieces[start:end])).hits
        return any((one.whose, one.spelling) == (hit.whose, hit.spelling) for one in inner)

    low, high = 0, len(pieces)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(0, middle) else (middle, high)
    end = high
    low, high = 0, end
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle, end) else (low, middle)
    return low, end
