"""What can be wrong with a matrix as a whole: axes that clash, axes that change nothing."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import combinations

from harness.errors import Fault
from harness.matrix.cells import (
    baseline_cell,
    contexts,
    included_cells,
    is_excluded,
    selects,
    single_deviations,
    variant_of,
    with_level,
)
from harness.matrix.compose import plan_of
from harness.matrix.identity import identity, source_itself
from harness.matrix.leaves import leaves, overlap
from harness.matrix.sign_fields import signs_time
from harness.matrix.uses import TextOf, request_sources
from harness.model.scenario import Axis, Scenario
from harness.model.template import Template
from harness.model.variant import Cell


def matrix_faults(scenario: Scenario, text_of: TextOf = Template.of) -> tuple[Fault, ...]:
    """Return every fault of the matrix; the faults carry places, not source lines.

    `text_of` parses the strings of a JSON body, which may hold key references.
    """
    return (
        *_clashing_axes(scenario),
        *_inert_axes(scenario, text_of),
        *_selection_faults(scenario),
        *_equal_slugs(scenario),
    )


def _clashing_axes(scenario: Scenario) -> Iterator[Fault]:
    written = [
        (axis, frozenset[str]().union(*(leaves(level.patch) for level in axis.levels)))
        for axis in scenario.axes
    ]
    for (first, first_leaves), (second, second_leaves) in combinations(written, 2):
        leaf = overlap(first_leaves, second_leaves)
        if leaf:
            yield Fault(
                second.place,
                f"axes `{first.name}` and `{second.name}` both write `{leaf}`",
                "let one axis own it: two axes that write the same would hide each other",
            )


def _inert_axes(scenario: Scenario, text_of: TextOf) -> Iterator[Fault]:
    """Find axes that change nothing anywhere.

    No two axes write the same leaf, so most of what an axis writes shows in the baseline's
    context or nowhere. Only a key and the clock need somebody who uses them, and that is the
    baseline or a single level of another axis.
    """
    plans = [plan_of(scenario, cell) for cell in single_deviations(scenario)]
    used = {name for plan in plans for name in request_sources(plan, text_of)}
    used |= {"clock"} if any(signs_time(plan.sign) for plan in plans) else set()
    for position, axis in enumerate(scenario.axes):
        if len(axis.levels) > 1 and not (
            _shows_in_baseline(scenario, position, text_of) or _feeds(axis, used)
        ):
            yield Fault(axis.place, *_inert_words(axis))


def _shows_in_baseline(scenario: Scenario, position: int, text_of: TextOf) -> bool:
    base = baseline_cell(scenario)
    cells = (
        with_level(base, position, index) for index in range(len(scenario.axes[position].levels))
    )
    shown = {identity(plan_of(scenario, cell), source_itself, text_of) for cell in cells}
    return len(shown) > 1


def _feeds(axis: Axis, used: set[str]) -> bool:
    """Tell whether the levels differ in a key or a clock that is used somewhere."""
    for name in used:
        if name == "clock":
            values: set[Hashable] = {level.patch.clock_seconds for level in axis.levels}
        else:
            sources = (level.patch.keys.get(name) for level in axis.levels)
            values = {None if source is None else source_itself(source) for source in sources}
        if len(values) > 1:
            return True
    return False


def _inert_words(axis: Axis) -> tuple[str, str]:
    if axis.field == "clock":
        return (
            "nothing in this request depends on the clock",
            "sign the request with something that holds a time, such as `sign: {jwt: {}}`",
        )
    if axis.field == "key" or (axis.field or "").startswith("keys."):
        return (
            f"nothing in this request uses `${{{axis.name}}}`",
            f"write it where the key goes, such as `Authorization: Bearer ${{{axis.name}}}`",
        )
    return (
        f"no level of axis `{axis.name}` changes the request",
        "remove the axis, or write into its levels what should differ",
    )


def _selection_faults(scenario: Scenario) -> Iterator[Fault]:
    base = baseline_cell(scenario)
    for selection in scenario.exclude:
        if any(not names for names in selection.levels.values()):
            yield Fault(selection.place, "this exclude matches nothing", "name at least one level")
        elif selects(selection, scenario.axes, base):
            yield Fault(
                selection.place,
                "this exclude removes the baseline",
                "the baseline is the first level of every axis and is always needed",
            )
    for cell in included_cells(scenario):
        if is_excluded(scenario, cell):
            by = next(s for s in scenario.exclude if selects(s, scenario.axes, cell))
            included = next(s for s in scenario.include if selects(s, scenario.axes, cell))
            yield Fault(
                included.place,
                f"`{variant_of(scenario, cell).id}` is both included here and excluded "
                f"in line {by.place.line}",
                "remove one of the two",
            )


def _equal_slugs(scenario: Scenario) -> Iterator[Fault]:
    seen: dict[str, Cell] = {}
    for cell in contexts(scenario):
        variant = variant_of(scenario, cell)
        other = seen.setdefault(variant.slug, cell)
        if other != cell:
            axis = next(a for a, index in zip(scenario.axes, cell, strict=True) if index)
            first = variant_of(scenario, other)
            yield Fault(
                axis.place,
                f"variants `{first.id}` and `{variant.id}` would share the name `{variant.slug}`",
                f"rename a level or an axis (the other is in line {_line(scenario, other)})",
            )
            return


def _line(scenario: Scenario, cell: Cell) -> int:
    return next(
        axis.levels[index].place.line
        for axis, index in zip(scenario.axes, cell, strict=True)
        if index
    )
