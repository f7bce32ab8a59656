"""Minimal hitting sets: the smallest ways to take one level out of every cause."""

from __future__ import annotations

from collections.abc import Iterable

from harness.isolation.cube import smallest
from harness.isolation.space import Changes, each

CAP = 128
"""More ways than this are cut off, smallest kept (m disjoint pairs have 2**m)."""


def minimal_hitting_sets(sets: Iterable[Changes]) -> tuple[Changes, ...]:
    """Return the smallest sets that share a level with each of `sets` (Berge's method).

    No sets give the empty set; at most CAP are returned.
    """
    hitting: tuple[Changes, ...] = (0,)
    for one in sets:
        grown = [
            hit if hit & one else hit | level
            for hit in hitting
            for level in ((0,) if hit & one else each(one))
        ]
        hitting = smallest(grown)[:CAP]
    return hitting
