"""Which cells `isolate` wants next: cover, narrow each failing row, check what is left."""

from __future__ import annotations

from collections.abc import Iterator

from harness.isolation.cube import State
from harness.isolation.hitting import minimal_hitting_sets
from harness.isolation.narrowing import needed_levels, questions
from harness.isolation.problem import Direction, Problem
from harness.isolation.space import Changes, contains, each

WIDE = 4
"""From this concurrency on, a search stretch is cut in three with two requests at once."""


def wanted(problem: Problem, start: tuple[Changes, ...], width: int) -> tuple[Changes, ...]:
    """Return the sets to send next, in send order; () when every row is explained.

    The first answer is the whole start. After it, smallest flipped sets come first, then the
    rows without them, which pass when nothing else is wrong.
    """
    opening = _opening(problem, start)
    if opening:
        return opening
    if problem.direction is Direction.HEALS and not problem.regions:
        return _single_levels(problem)[: max(width, 1)]
    asked = list(dict.fromkeys(_narrow(problem, width)))
    if not asked or width > len(asked):
        asked += [row for row in _unproved_rows(problem) if row not in asked]
    return tuple(asked[: max(width, 1)])


def rows_without_causes(problem: Problem) -> tuple[Changes, ...]:
    """Each region with one smallest choice of levels reset that undoes every known cause."""
    settled = problem.settled
    rows = []
    for region in problem.regions:
        causes = [high for high in settled if contains(region, high)]
        rows += [region & ~reset for reset in minimal_hitting_sets(causes)]
    return tuple(dict.fromkeys(rows))


def _opening(problem: Problem, start: tuple[Changes, ...]) -> tuple[Changes, ...]:
    space, outcomes = problem.space, problem.seen.outcomes
    included = {space.changes(cell) for cell in space.include}
    baseline = (0,) if space.is_sendable(space.baseline) and 0 not in outcomes else ()
    rows = [
        row
        for row in start
        if row
        and row not in outcomes
        and (
            row in included
            or problem.direction is Direction.HEALS
            or problem.cube.state(row) is State.OPEN
        )
    ]
    return (*baseline, *rows)


def _single_levels(problem: Problem) -> tuple[Changes, ...]:
    """Nothing passed: each level alone, as the smallest change that may heal."""
    return tuple(
        level
        for level in each(problem.space.usable)
        if level not in problem.seen.outcomes and problem.space.may_send(level)
    )


def _narrow(problem: Problem, width: int) -> Iterator[Changes]:
    """Ask inside the flipped sets nearest to their end; at once only in sets apart."""
    cube, taken = problem.cube, 0
    probes = 2 if width >= WIDE else 1
    for flipped in sorted(problem.open, key=lambda high: _left_to_tell(problem, high)):
        if flipped & taken:
            continue
        taken |= flipped
        asked = questions(cube, flipped, probes)
        yield from asked
        needed = needed_levels(cube, flipped)
        if width > 1 and asked == (needed,):
            yield from _rows_without(problem, flipped, needed)
        if width == 1:
            return


def _left_to_tell(problem: Problem, flipped: Changes) -> tuple[int, int, Changes]:
    needed = needed_levels(problem.cube, flipped)
    return (flipped & ~needed).bit_count(), flipped.bit_count(), flipped


def _rows_without(problem: Problem, flipped: Changes, needed: Changes) -> Iterator[Changes]:
    """Guess that `needed` is a whole cause: what then has to pass, asked in the same round."""
    for row in rows_without_causes(problem):
        if contains(row, flipped):
            for level in each(needed):
                if problem.cube.state(row ^ level) is State.OPEN:
                    yield row ^ level


def _unproved_rows(problem: Problem) -> tuple[Changes, ...]:
    cube = problem.cube
    asked: list[Changes] = []
    for row in rows_without_causes(problem):
        state = cube.state(row)
        if state is State.OPEN:
            asked.append(row)
        elif state is State.BARRED:
            parts = (row ^ level for level in each(row))
            asked += [part for part in parts if cube.state(part) is State.OPEN][:1]
    return tuple(dict.fromkeys(asked))
