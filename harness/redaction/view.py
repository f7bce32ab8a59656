"""A text read in another way, and the way back to where each character of it stood."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

Edit = tuple[int, int, str]
"""(start, end, what stands there instead) of a stretch of a text."""


@dataclass(slots=True)
class _Places:
    """Where the edits are, here and in the reading that they were made in; in order."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    source_starts: list[int] = field(default_factory=list)
    source_ends: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, edits: Iterable[Edit]) -> _Places:
        places = cls()
        last = length = 0
        for start, end, piece in edits:
            length += start - last
            places.starts.append(length)
            places.source_starts.append(start)
            places.source_ends.append(end)
            length += len(piece)
            places.ends.append(length)
            last = end
        return places


@dataclass(slots=True, repr=False, eq=False)
class View:
    """A reading of a text, made of the reading `of` by edits; None for the text itself.

    What lies between edits maps one to one. Most readings hold nothing that is looked for, so
    the edits are asked for when a place is. `turned` tells that this reads backwards.
    """

    text: str
    of: View | None = None
    edits: Callable[[], Iterable[Edit]] | None = None
    turned: bool = False
    _places: _Places | None = None

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` stood in the text itself, whole escapes included."""
        if self.of is None:
            return start, end
        if self.turned:
            size = len(self.text)
            return self.of.source_span(size - end, size - start)
        first, last = self._located(start)[0], self._located(end - 1)[1]
        return self.of.source_span(first, max(last, first + 1))

    def source_pieces(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return where the parts of `text[start:end]` stood that an edit took apart."""
        starts = self._made_places().starts
        first, after = bisect_right(starts, start), bisect_right(starts, end - 1)
        cuts = [start, *starts[first:after], end]
        return [self.source_span(left, right) for left, right in pairwise(cuts) if right > left]

    def is_as_written(self, place: int) -> bool:
        """Tell whether one character stands here for one character of the text itself."""
        start, end = self.source_span(place, place + 1)
        return end - start == 1

    def _made_places(self) -> _Places:
        if self._places is None:
            self._places = _Places.of(self.edits() if self.edits else ())
        return self._places

    def _located(self, place: int) -> tuple[int, int]:
        places = self._made_places()
        index = bisect_right(places.starts, place) - 1
        if index < 0:
            return place, place + 1
        if place < places.ends[index]:
            return places.source_starts[index], places.source_ends[index]
        source = places.source_ends[index] + place - places.ends[index]
        return source, source + 1


def turned(view: View) -> View:
    """Return the reading from the end to the start."""
    return View(view.text[::-1], view, turned=True)
