"""The next thing to ask inside one flipped set, to find a smallest flipped set in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from harness.isolation.cube import Cube, State
from harness.isolation.space import Changes, contains, each

SWEEP_LIMIT = 10
"""Sets of at most this many levels are searched through when excluded cells bar the way."""

SEEN_IN_LOW_WEIGHT = 1
SUSPECT_WEIGHT = 4
"""A level that no low set holds can be a cause alone; most causes are one level."""


def needed_levels(cube: Cube, flipped: Changes) -> Changes:
    """Return the levels without which the set is known to be low."""
    return sum(level for level in each(flipped) if cube.state(flipped ^ level) is State.LOW)


def is_smallest(cube: Cube, flipped: Changes) -> bool:
    """Tell whether taking any one level out is known to heal."""
    return needed_levels(cube, flipped) == flipped


def questions(cube: Cube, flipped: Changes, probes: int) -> tuple[Changes, ...]:
    """Return up to `probes` sets to ask at once inside `flipped`; () when nothing is left.

    `flipped` holds no smaller set known to be high. One probe is a binary search between the
    largest low set inside `flipped` and `flipped` itself, for a level that is needed; more
    probes cut the same stretch into more parts.
    """
    needed = needed_levels(cube, flipped)
    if needed == flipped:
        return ()
    if needed and cube.state(needed) is State.OPEN:
        return (needed,)
    low = _largest_low(cube, flipped, needed)
    order = _suspects_first(cube, flipped & ~low)
    cuts = [low | _lightest_part(order, part, probes + 1) for part in range(1, probes + 1)]
    asked = tuple(dict.fromkeys(cut for cut in cuts if cube.state(cut) is State.OPEN))
    return asked or _around_the_barred(cube, flipped, low, [level for level, _ in order])


def _largest_low(cube: Cube, flipped: Changes, needed: Changes) -> Changes:
    inside = [low & flipped for low in cube.lows if contains(low, needed)]
    return max(inside, key=lambda low: (low.bit_count(), low), default=needed)


def _suspects_first(cube: Cube, levels: Changes) -> list[tuple[Changes, int]]:
    weighed = []
    for level in each(levels):
        cleared_alone = any(contains(low, level) for low in cube.lows)
        around = sum(contains(high, level) for high in cube.highs)
        weight = SEEN_IN_LOW_WEIGHT if cleared_alone else SUSPECT_WEIGHT * max(around, 1)
        weighed.append((level, weight))
    return sorted(weighed, key=lambda pair: (-pair[1], pair[0]))


def _lightest_part(order: list[tuple[Changes, int]], part: int, parts: int) -> Changes:
    """Take levels in order while the sum stays within part/parts of the whole, at least one."""
    whole = sum(weight for _, weight in order)
    taken, sum_so_far = order[0][0], order[0][1]
    for level, weight in order[1:-1]:
        sum_so_far += weight
        if sum_so_far * parts > whole * part:
            break
        taken |= level
    return taken


def _around_the_barred(
    cube: Cube, flipped: Changes, low: Changes, order: list[Changes]
) -> tuple[Changes, ...]:
    for candidate in _detours(flipped, low, order):
        if cube.state(candidate) is State.OPEN:
            return (candidate,)
    return ()


def _detours(flipped: Changes, low: Changes, order: list[Changes]) -> Iterator[Changes]:
    taken = low
    for level in order[:-1]:
        taken |= level
        yield taken
    for level in order:
        yield flipped ^ level
        yield low | level
    levels = list(each(flipped))
    if len(levels) <= SWEEP_LIMIT:
        for size in range(len(levels) - 1, 0, -1):
            for chosen in combinations(levels, size):
                yield sum(chosen)
