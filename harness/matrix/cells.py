"""The cells of a scenario's matrix, and how its `exclude`, `include` and `when` choose."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from math import prod

from harness.model.scenario import Axis, Scenario, Selection
from harness.model.variant import BASELINE_ID, Cell, Variant

ANY = "*"

CONTEXT_LIMIT = 4096
"""Matrices up to this size are looked at whole; larger ones by pairs of deviations."""


def all_cells(scenario: Scenario) -> Iterator[Cell]:
    """Yield every cell of the full matrix, excluded ones too, the baseline first."""
    yield from product(*(range(len(axis.levels)) for axis in scenario.axes))


def count_cells(scenario: Scenario) -> int:
    """Return the size of the full matrix, excluded cells counted too."""
    return prod(len(axis.levels) for axis in scenario.axes)


def baseline_cell(scenario: Scenario) -> Cell:
    """Return the cell of the first levels."""
    return (0,) * len(scenario.axes)


def contexts(scenario: Scenario) -> Iterator[Cell]:
    """Yield every cell of a small matrix; of a large one those with at most two axes off."""
    if count_cells(scenario) <= CONTEXT_LIMIT:
        yield from all_cells(scenario)
        return
    base = baseline_cell(scenario)
    seen: set[Cell] = set()
    for first, second in combinations(range(len(scenario.axes)), 2):
        for one in range(len(scenario.axes[first].levels)):
            for other in range(len(scenario.axes[second].levels)):
                cell = with_level(with_level(base, first, one), second, other)
                if cell not in seen:
                    seen.add(cell)
                    yield cell


def cell_of(scenario: Scenario, variant: str) -> Cell | None:
    """Return the cell that a variant id names; None when the scenario has no such one.

    An id is read in any order of its axes, and where it names the first level of one.
    """
    cell = [0] * len(scenario.axes)
    if variant != BASELINE_ID:
        places = {axis.name: index for index, axis in enumerate(scenario.axes)}
        for part in variant.split(","):
            name, _, level = part.partition("=")
            axis = scenario.axes[places[name]] if name in places else None
            names = [item.name for item in axis.levels] if axis else []
            if level not in names:
                return None
            cell[places[name]] = names.index(level)
    return tuple(cell)


def single_deviations(scenario: Scenario) -> Iterator[Cell]:
    """Yield the baseline, then every cell with one axis off it."""
    base = baseline_cell(scenario)
    yield base
    for position, axis in enumerate(scenario.axes):
        yield from (with_level(base, position, index) for index in range(1, len(axis.levels)))


def with_level(cell: Cell, position: int, index: int) -> Cell:
    """Return the cell with one axis set to another level."""
    return (*cell[:position], index, *cell[position + 1 :])


def is_excluded(scenario: Scenario, cell: Cell) -> bool:
    """Tell whether an `exclude` names the cell."""
    return any(selects(selection, scenario.axes, cell) for selection in scenario.exclude)


def selects(selection: Selection, axes: tuple[Axis, ...], cell: Cell) -> bool:
    """Tell whether the selection holds the cell; an axis that it does not name takes any level."""
    return all(_allows(selection, axis, index) for axis, index in zip(axes, cell, strict=True))


def included_cells(scenario: Scenario) -> tuple[Cell, ...]:
    """Return the cells that `include` always runs: axes not named stand at the baseline."""
    found: dict[Cell, None] = {}
    for selection in scenario.include:
        choices = [_chosen(selection, axis) for axis in scenario.axes]
        found.update(dict.fromkeys(product(*choices)))
    return tuple(found)


def variant_of(scenario: Scenario, cell: Cell) -> Variant:
    """Return the named variant of a cell."""
    return Variant.of(scenario.axes, cell)


def _allows(selection: Selection, axis: Axis, index: int) -> bool:
    wanted = selection.levels.get(axis.name)
    return wanted is None or ANY in wanted or axis.levels[index].name in wanted


def _chosen(selection: Selection, axis: Axis) -> tuple[int, ...]:
    if axis.name not in selection.levels:
        return (0,)
    return tuple(index for index in range(len(axis.levels)) if _allows(selection, axis, index))
