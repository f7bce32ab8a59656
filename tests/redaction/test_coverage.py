from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.redaction.coverage import Coverage
from harness.redaction.spans import Rank, Span

STRETCHES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda one: (one[0], one[0] + one[1])),
    max_size=8,
)


def _span(start: int, end: int) -> Span:
    return Span(start, end, Rank.WHOLE, "x")


@given(STRETCHES, st.integers(0, 45), st.integers(1, 9))
def test_a_stretch_is_covered_when_overlapping_ones_hold_all_of_it(
    stretches: list[tuple[int, int]], start: int, length: int
) -> None:
    end = start + length
    taken = {place for one in stretches for place in range(*one)}
    joints = {place for one in stretches for place in range(one[0], one[1] - 1)}
    coverage = Coverage(_span(*one) for one in stretches)
    whole = all(place in taken for place in range(start, end))
    joined = all(place in joints for place in range(start, end - 1))
    assert coverage.covers(start, end) == (whole and joined)
    assert coverage.touches(start, end) == any(place in taken for place in range(start, end))


def test_a_span_that_begins_somewhere_is_known_by_its_end() -> None:
    coverage = Coverage([_span(3, 5), _span(3, 9)])
    assert coverage.end_of_span_at(3) == 9
    assert coverage.end_of_span_at(4) == 0
