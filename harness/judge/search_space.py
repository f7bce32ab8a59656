"""A scenario's matrix as the search sees it: numbers, without aliases, on a sendable base.

Levels whose source gave the same value as an earlier one are left out (they share its
exchange). Where the first level of an axis has no key, the first that has one takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.isolation.space import Space
from harness.matrix.cells import included_cells, is_excluded
from harness.matrix.uses import proxy_sources, sign_sources
from harness.model.finding import CellRun, Fix, Flip, Proof, SearchReport
from harness.model.key_facts import KeyFacts
from harness.model.key_source import KeySource
from harness.model.outcome import Outcome
from harness.model.request import Direct, Patch, Removed, RequestPlan
from harness.model.scenario import Axis, Scenario
from harness.model.template import Template
from harness.model.variant import Cell

AxisLevel = tuple[int, int]
"""An axis index and a level index of the scenario."""


@dataclass(frozen=True, slots=True)
class SearchSpace:
    """The search's space and the way between its cells and the scenario's.

    `order` holds, per axis, the scenario's level indexes in the search's order.
    """

    space: Space
    order: tuple[tuple[int, ...], ...]
    aliases: Mapping[AxisLevel, int]

    def to_scenario(self, cell: Cell) -> Cell:
        """Return the scenario's cell for one of the search's."""
        return tuple(levels[index] for levels, index in zip(self.order, cell, strict=True))

    def to_search(self, cell: Cell) -> Cell:
        """Return the search's cell for one of the scenario's; an alias becomes its original."""
        return tuple(
            levels.index(self.aliases.get((axis, index), index))
            for axis, (levels, index) in enumerate(zip(self.order, cell, strict=True))
        )

    def searched(self, runs: Mapping[Cell, Sequence[Outcome]]) -> dict[Cell, tuple[Outcome, ...]]:
        """Return the finished runs by the search's cells; cells outside it are left out."""
        return {
            self.to_search(cell): tuple(outcomes)
            for cell, outcomes in runs.items()
            if outcomes
            and all(index in levels for levels, index in zip(self.order, cell, strict=True))
        }

    def report_to_scenario(self, report: SearchReport) -> SearchReport:
        """Return the report with every cell and level index the scenario's."""
        return SearchReport(
            verdict=report.verdict,
            evidence=report.evidence,
            flips=tuple(self._flip(flip) for flip in report.flips),
            fixes=tuple(self._fix(fix) for fix in report.fixes),
            irrelevant=report.irrelevant,
            untested=tuple(self.to_scenario(cell) for cell in report.untested),
            rule=report.rule,
            notes=report.notes,
        )

    def _flip(self, flip: Flip) -> Flip:
        changes = tuple(
            (axis, self.order[axis][start], self.order[axis][end])
            for axis, start, end in flip.changes
        )
        proof = Proof(self._pairs(flip.proof.breaks), self._pairs(flip.proof.heals))
        return Flip(changes, flip.to, proof, flip.masks, flip.static)

    def _pairs(
        self, pairs: tuple[tuple[CellRun, CellRun], ...]
    ) -> tuple[tuple[CellRun, CellRun], ...]:
        return tuple((self._run(one), self._run(other)) for one, other in pairs)

    def _run(self, run: CellRun) -> CellRun:
        return CellRun(self.to_scenario(run.cell), run.repeat)

    def _fix(self, fix: Fix) -> Fix:
        sets = tuple((axis, self.order[axis][level]) for axis, level in fix.sets)
        return Fix(self.to_scenario(fix.of), sets, tuple(self._run(run) for run in fix.runs))


def search_space(scenario: Scenario, facts: Mapping[KeySource, KeyFacts]) -> SearchSpace:
    """Work out the space from what the key sources gave."""
    missing = {source for source, known in facts.items() if known.error}
    aliases = _aliases(scenario, facts)
    unsendable = {
        (axis_index, level_index)
        for axis_index, axis in enumerate(scenario.axes)
        for level_index, level in enumerate(axis.levels)
        if missing.intersection(patch_sources(level.patch))
    }
    order = tuple(
        _order(axis, axis_index, aliases, unsendable)
        for axis_index, axis in enumerate(scenario.axes)
    )
    if is_excluded(scenario, tuple(levels[0] for levels in order)):
        # The moved base would be a forbidden cell: better none that can be sent.
        order = tuple(
            _order(axis, axis_index, aliases, set())
            for axis_index, axis in enumerate(scenario.axes)
        )
    found = SearchSpace(Space((), frozenset(), frozenset(), ()), order, aliases)
    space = Space(
        sizes=tuple(map(len, order)),
        excluded=lambda cell: is_excluded(scenario, found.to_scenario(cell)),
        not_sent=frozenset(
            (axis, order[axis].index(level)) for axis, level in unsendable if level in order[axis]
        ),
        include=tuple(dict.fromkeys(found.to_search(cell) for cell in included_cells(scenario))),
    )
    return SearchSpace(space, order, aliases)


def all_sources(scenario: Scenario) -> tuple[KeySource, ...]:
    """Return every key source of the scenario once, in the order in which it names them."""
    levels = (level.patch for axis in scenario.axes for level in axis.levels)
    return tuple(
        dict.fromkeys(
            source for patch in (scenario.baseline, *levels) for source in patch_sources(patch)
        )
    )


def patch_sources(patch: Patch) -> tuple[KeySource, ...]:
    """Return every key source that the patch itself names, the proxy's included."""
    plan = RequestPlan(
        method="",
        url=Template(()),
        sign=None if isinstance(patch.sign, Removed) else patch.sign,
        proxy=None if isinstance(patch.proxy, Direct) else patch.proxy,
    )
    own = {**sign_sources(plan), **proxy_sources(plan)}
    return (*patch.keys.values(), *own.values())


def _aliases(scenario: Scenario, facts: Mapping[KeySource, KeyFacts]) -> dict[AxisLevel, int]:
    aliases: dict[AxisLevel, int] = {}
    for axis_index, axis in enumerate(scenario.axes):
        if axis.field is None or not axis.field.startswith("key"):
            continue
        first_with: dict[str, int] = {}
        for index, level in enumerate(axis.levels):
            known = facts.get(level.patch.keys[axis.field])
            if known is None or known.error:
                continue
            twin = first_with.setdefault(known.secret_id, index)
            if twin != index:
                aliases[axis_index, index] = twin
    return aliases


def _order(
    axis: Axis, axis_index: int, aliases: Mapping[AxisLevel, int], unsendable: set[AxisLevel]
) -> tuple[int, ...]:
    kept = [index for index in range(len(axis.levels)) if (axis_index, index) not in aliases]
    base = next((index for index in kept if (axis_index, index) not in unsendable), kept[0])
    return (base, *(index for index in kept if index != base))
