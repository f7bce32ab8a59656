"""The strategies whose cells are known before the first request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, combinations, islice, product

from harness.isolation.space import Space
from harness.model.scenario import Strategy
from harness.model.variant import Cell

Level = tuple[int, int]
"""An axis and one of its levels."""


def fixed_cells(
    space: Space, strategy: Strategy, *, limit: int | None = None
) -> tuple[Cell, ...] | None:
    """Return every cell of a fixed strategy in send order; None for `isolate`.

    With `limit`, listing stops one cell beyond it: enough to see that the plan is too large.
    """
    if strategy is Strategy.ISOLATE:
        return None
    chosen = {
        Strategy.ONE_AT_A_TIME: _one_at_a_time,
        Strategy.PAIRWISE: _pairwise,
        Strategy.ALL: Space.sendable_cells,
    }[strategy](space)
    sendable = _sendable_once(space, chain(chosen, space.include))
    return tuple(islice(sendable, None if limit is None else limit + 1))


def _sendable_once(space: Space, cells: Iterable[Cell]) -> Iterator[Cell]:
    listed: set[Cell] = set()
    for cell in cells:
        if cell not in listed and space.is_sendable(cell) and not space.is_excluded(cell):
            listed.add(cell)
            yield cell


def _one_at_a_time(space: Space) -> Iterator[Cell]:
    yield space.baseline
    for axis, size in enumerate(space.sizes):
        for level in range(1, size):
            yield _with(space.baseline, (axis, level))


def _pairwise(space: Space) -> Iterator[Cell]:
    """Yield the baseline, then cells until each pair of levels that may be sent together was.

    Greedy: each cell starts from the first pair still missing and takes, axis by axis, the
    level that shows most missing pairs.
    """
    axes = range(len(space.sizes))
    missing = {
        pair: None
        for one, other in combinations(axes, 2)
        for pair in product(_levels(space, one), _levels(space, other))
    }
    yield from _show(missing, space.baseline) if space.is_sendable(space.baseline) else ()
    while missing:
        pair = next(iter(missing))
        cell = _around(space, pair, missing)
        if cell is None:
            del missing[pair]
        else:
            yield from _show(missing, cell)
    if len(space.sizes) == 1:
        yield from _one_at_a_time(space)


def _levels(space: Space, axis: int) -> list[Level]:
    return [(axis, level) for level in space.sendable_levels(axis)]


def _show(missing: dict[tuple[Level, Level], None], cell: Cell) -> Iterator[Cell]:
    for pair in combinations(enumerate(cell), 2):
        missing.pop(pair, None)
    yield cell


def _around(
    space: Space, pair: tuple[Level, Level], missing: dict[tuple[Level, Level], None]
) -> Cell | None:
    """Fill a cell around a pair; None when every way that is tried is excluded."""
    chosen = dict(pair)
    for axis in range(len(space.sizes)):
        if axis in chosen:
            continue
        levels = _levels(space, axis)
        if not levels:
            return None
        chosen[axis] = max(levels, key=lambda level: (_gain(level, chosen, missing), -level[1]))[1]
    cell = tuple(chosen[axis] for axis in range(len(space.sizes)))
    fixed = {axis for axis, _ in pair}
    return next((one for one in _nearby(space, cell, fixed) if not space.is_excluded(one)), None)


def _gain(level: Level, chosen: dict[int, int], missing: dict[tuple[Level, Level], None]) -> int:
    return sum((min(other, level), max(other, level)) in missing for other in chosen.items())


def _nearby(space: Space, cell: Cell, fixed: set[int]) -> Iterator[Cell]:
    """Yield the cell, then those that differ from it on one or two axes not in `fixed`."""
    changes = [
        level
        for axis in range(len(space.sizes))
        if axis not in fixed
        for level in _levels(space, axis)
        if level[1] != cell[axis]
    ]
    yield cell
    for change in changes:
        yield _with(cell, change)
    for one, other in combinations(changes, 2):
        if one[0] != other[0]:
            yield _with(_with(cell, one), other)


def _with(cell: Cell, level: Level) -> Cell:
    axis, index = level
    return (*cell[:axis], index, *cell[axis + 1 :])
