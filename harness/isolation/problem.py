"""The question that the runs so far pose: from where to where, and in which rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from harness.isolation.cube import Cube, State, largest
from harness.isolation.narrowing import is_smallest, questions
from harness.isolation.observations import Observations
from harness.isolation.rows import covering_rows
from harness.isolation.space import Changes, Space, contains
from harness.model.outcome import Outcome
from harness.model.scenario import Strategy


class Direction(Enum):
    """What the flips do: the mirror image is searched when the baseline does not pass."""

    BREAKS = "from a passing baseline to another outcome"
    HEALS = "from a failing baseline to a pass"


@dataclass(frozen=True, slots=True)
class Problem:
    """The runs as a cube of changes, and the cells (`regions`) that it is to explain."""

    seen: Observations
    direction: Direction
    cube: Cube
    regions: tuple[Changes, ...]

    @property
    def space(self) -> Space:
        """The matrix."""
        return self.seen.space

    @property
    def settled(self) -> tuple[Changes, ...]:
        """The flipped sets in which there is nothing left to ask, fewest levels first."""
        return tuple(high for high in self.cube.highs if not questions(self.cube, high, 1))

    @property
    def open(self) -> tuple[Changes, ...]:
        """The flipped sets that may hold a smaller one."""
        return tuple(high for high in self.cube.highs if questions(self.cube, high, 1))

    @property
    def proved_smallest(self) -> tuple[Changes, ...]:
        """The flipped sets of which every part, one level less, is known to be low."""
        return tuple(high for high in self.cube.highs if is_smallest(self.cube, high))


def starting_cells(space: Space) -> tuple[Changes, ...]:
    """Return the covering rows and the included cells that can be sent, in send order."""
    included = (space.changes(cell) for cell in space.include if space.is_sendable(cell))
    return tuple(dict.fromkeys((*covering_rows(space), *included)))


def pose(seen: Observations, start: tuple[Changes, ...], strategy: Strategy) -> Problem:
    """Tell which way to search; `start` are the cells that the search began with."""
    if seen.baseline in {None, Outcome.PASS}:
        return _pose_breaks(seen, start)
    if strategy is Strategy.ISOLATE:
        return _pose_nearest_heals(seen, start)
    return _pose_seen_heals(seen)


def _pose_breaks(seen: Observations, start: tuple[Changes, ...]) -> Problem:
    known = {
        changes: State.LOW if outcome is Outcome.PASS else State.HIGH
        for changes, outcome in seen.outcomes.items()
    }
    cube = Cube.of(seen.space, known, State.BARRED)
    strays = [
        changes
        for changes, state in known.items()
        if state is State.HIGH and not any(contains(cell, changes) for cell in start)
    ]
    return Problem(seen, Direction.BREAKS, cube, (*start, *largest(strays)))


def _pose_nearest_heals(seen: Observations, start: tuple[Changes, ...]) -> Problem:
    """Look only at what lies between the baseline and the nearest passing row.

    Other rows may hold bad levels of their own: what they say does not carry over.
    """
    passing = seen.with_outcome(Outcome.PASS)
    nearest = min(
        [row for row in passing if row in start] or passing,
        key=lambda row: (row.bit_count(), row),
        default=0,
    )
    known = {
        changes: State.HIGH if outcome is Outcome.PASS else State.LOW
        for changes, outcome in seen.outcomes.items()
        if contains(nearest, changes)
    }
    cube = Cube.of(seen.space, known, State.LOW)
    return Problem(seen, Direction.HEALS, cube, (nearest,) if nearest else ())


def _pose_seen_heals(seen: Observations) -> Problem:
    """Take the runs as they are: nothing is implied, nothing contradicts."""
    known = {
        changes: State.HIGH if outcome is Outcome.PASS else State.LOW
        for changes, outcome in seen.outcomes.items()
    }
    cube = Cube.literal(seen.space, known, State.LOW)
    return Problem(seen, Direction.HEALS, cube, ())
