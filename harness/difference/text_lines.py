"""Align the lines of two texts that have no structure to go by."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

MOST_ALIGNED = 300
"""Lines on a side that are aligned; the effort grows with their product."""

LinePair = tuple[int, str | None, str | None]
"""A line number (of A; of B for what only B has) and the lines themselves."""


def aligned_lines(left: str, right: str) -> Iterator[LinePair]:
    """Yield the lines of both texts in pairs, equal ones too; None where a side has none.

    What is equal at both ends is found first. A rest that is too long is one pair.
    """
    one, other = left.splitlines(), right.splitlines()
    start = _common(one, other)
    end = _common(one[start:][::-1], other[start:][::-1])
    for index in range(start):
        yield index + 1, one[index], other[index]
    middle, other_middle = one[start : len(one) - end], other[start : len(other) - end]
    for number, a, b in _aligned(middle, other_middle):
        yield number + start, a, b
    for index in range(end, 0, -1):
        yield len(one) - index + 1, one[-index], other[-index]


def _common(left: list[str], right: list[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _aligned(left: list[str], right: list[str]) -> Iterator[LinePair]:
    if max(len(left), len(right)) > MOST_ALIGNED:
        yield 1, "\n".join(left) if left else None, "\n".join(right) if right else None
        return
    for _, start, end, other_start, other_end in SequenceMatcher(
        None, left, right, autojunk=False
    ).get_opcodes():
        yield from _side_by_side(left[start:end], right[other_start:other_end], start, other_start)


def _side_by_side(
    left: list[str], right: list[str], start: int, other_start: int
) -> Iterator[LinePair]:
    for index in range(max(len(left), len(right))):
        one = left[index] if index < len(left) else None
        other = right[index] if index < len(right) else None
        number = (other_start if one is None else start) + index + 1
        yield number, one, other
