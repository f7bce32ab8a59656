"""Stretches of a text to replace, gathered from several finders and written once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Rank(IntEnum):
    """Whose placeholder stands where finders overlap: the lower rank wins."""

    BLOCK = -1
    WHOLE = 0
    TAIL = 1
    NAMED = 2
    PATTERN = 3
    PIECE = 4
    UNKNOWN = 5
    ENCODED = 6


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`text[start:end]` gives way to `replacement`."""

    start: int
    end: int
    rank: Rank
    replacement: str


def replace_spans(text: str, spans: Iterable[Span]) -> str:
    """Replace every span; overlapping ones as one, so that no remainder is left."""
    pieces: list[str] = []
    last = 0
    for span in _merged(spans):
        pieces += (text[last : span.start], span.replacement)
        last = span.end
    pieces.append(text[last:])
    return "".join(pieces)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            before = merged[-1]
            best = min(before, span, key=lambda one: (one.rank, one.start - one.end))
            end = max(before.end, span.end)
            merged[-1] = Span(before.start, end, best.rank, best.replacement)
        else:
            merged.append(span)
    return merged
