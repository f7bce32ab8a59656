"""Which stretches of a text are taken already: asked for each finding, so by bisection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from harness.redaction.spans import Span


class Coverage:
    """Stretches of a text, overlapping ones as one."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        """Start with the stretches of some spans."""
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._longest: dict[int, int] = {}
        for span in sorted(spans):
            self.add(span)

    def add(self, span: Span) -> None:
        """Take one stretch more."""
        start, end = span.start, span.end
        self._longest[start] = max(end, self._longest.get(start, 0))
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end)
        if first < last:
            start = min(start, self._starts[first])
            end = max(end, self._ends[last - 1])
        self._starts[first:last] = [start]
        self._ends[first:last] = [end]

    def covers(self, start: int, end: int) -> bool:
        """Tell whether all of a stretch is taken."""
        index = bisect_right(self._starts, start) - 1
        return index >= 0 and end <= self._ends[index]

    def touches(self, start: int, end: int) -> bool:
        """Tell whether any of a stretch is taken."""
        index = bisect_left(self._starts, end) - 1
        return index >= 0 and start < self._ends[index]

    def end_of_span_at(self, start: int) -> int:
        """Return where the longest span that begins exactly there ends; 0 for none."""
        return self._longest.get(start, 0)
