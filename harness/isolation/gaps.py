"""What the runs leave undecided: the smallest combinations that nothing speaks of."""

from __future__ import annotations

from dataclasses import dataclass

from harness.isolation.cube import Cube, smallest
from harness.isolation.space import Changes, Space, contains, each

STEP_LIMIT = 20_000
"""So many steps are taken to look for combinations of three levels and more."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Smallest undecided sets of changes.

    `excluded` may not be sent; `apart` may, but their levels were never sent together.
    `cut_off` is set when the search for them was.
    """

    excluded: tuple[Changes, ...] = ()
    apart: tuple[Changes, ...] = ()
    cut_off: bool = False

    @property
    def none(self) -> bool:
        """True when every cell is decided: it holds a flip, or lies in one that does not flip."""
        return not (self.excluded or self.apart or self.cut_off)


def gaps(space: Space, cube: Cube) -> Gaps:
    """Find every undecided single level and pair; larger sets only where there are none."""
    holders = {
        level: sum(1 << index for index, low in enumerate(cube.lows) if contains(low, level))
        for level in each(space.usable)
    }
    found = _singles(cube, holders) or _pairs(space, cube, holders)
    if found:
        return _sorted_out(space, tuple(found), cut_off=False)
    larger = _LargerSets(space, cube)
    larger.look(0, cube.lows)
    return _sorted_out(space, smallest(larger.found), cut_off=larger.steps > STEP_LIMIT)


def _sorted_out(space: Space, found: tuple[Changes, ...], *, cut_off: bool) -> Gaps:
    excluded = tuple(one for one in found if space.is_excluded(space.cell(one)))
    return Gaps(excluded, tuple(one for one in found if one not in excluded), cut_off)


def _flipped(cube: Cube, changes: Changes) -> bool:
    return any(contains(changes, high) for high in cube.highs)


def _singles(cube: Cube, holders: dict[Changes, int]) -> list[Changes]:
    return [level for level, held in holders.items() if not held and not _flipped(cube, level)]


def _pairs(space: Space, cube: Cube, holders: dict[Changes, int]) -> list[Changes]:
    alone = {level for level in holders if _flipped(cube, level)}
    axis_of = {level: space.pairs(level)[0][0] for level in holders}
    calm = [level for level in holders if level not in alone]
    return [
        one | other
        for position, one in enumerate(calm)
        for other in calm[position + 1 :]
        if not holders[one] & holders[other]
        and axis_of[one] != axis_of[other]
        and not _flipped(cube, one | other)
    ]


class _LargerSets:
    """A set is undecided when it leaves every low set and holds no high one."""

    def __init__(self, space: Space, cube: Cube) -> None:
        self.space = space
        self.cube = cube
        self.found: list[Changes] = []
        self.steps = 0

    def look(self, chosen: Changes, lows: tuple[Changes, ...]) -> None:
        self.steps += 1
        if self.steps > STEP_LIMIT:
            return
        around = [low for low in lows if contains(low, chosen)]
        if not around:
            self.found.append(chosen)
            return
        free = self.space.usable & ~around[0] & ~self._taken(chosen)
        for level in each(free):
            if not _flipped(self.cube, chosen | level):
                self.look(chosen | level, tuple(around[1:]))

    def _taken(self, chosen: Changes) -> Changes:
        taken = 0
        for axis in self.space.axes(chosen):
            taken |= self.space.axis_levels(axis)
        return taken
