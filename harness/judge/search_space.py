"""A scenario's matrix as the search sees it: numbers, without aliases, on a sendable base.

Levels whose source gave the same value as an earlier one are left out (they share its
exchange). Where the first level of an axis has no key, the first that has one takes its place.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from harness.isolation.space import Space
from harness.matrix.cells import baseline_cell, included_cells, is_excluded, with_level
from harness.matrix.compose import plan_of
from harness.matrix.identity import identity
from harness.matrix.uses import TextOf, proxy_sources, request_sources, sign_sources
from harness.model.finding import CellRun, Fix, Flip, Proof, SearchReport
from harness.model.key_facts import KeyFacts
from harness.model.key_source import KeySource
from harness.model.outcome import Outcome
from harness.model.request import Direct, Patch, Removed, RequestPlan
from harness.model.scenario import Scenario
from harness.model.template import Template
from harness.model.variant import Cell

AxisLevel = tuple[int, int]
"""An axis index and a level index of the scenario."""

_BASES_TRIED = 4096
"""So many cells are looked at for a base when keys are missing and cells are excluded."""


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
        return replace(flip, changes=changes, proof=proof)

    def _pairs(
        self, pairs: tuple[tuple[CellRun, CellRun], ...]
    ) -> tuple[tuple[CellRun, CellRun], ...]:
        return tuple((self._run(one), self._run(other)) for one, other in pairs)

    def _run(self, run: CellRun) -> CellRun:
        return CellRun(self.to_scenario(run.cell), run.repeat)

    def _fix(self, fix: Fix) -> Fix:
        sets = tuple((axis, self.order[axis][level]) for axis, level in fix.sets)
        return Fix(self.to_scenario(fix.of), sets, tuple(self._run(run) for run in fix.runs))


def search_space(
    scenario: Scenario, facts: Mapping[KeySource, KeyFacts], text_of: TextOf
) -> SearchSpace:
    """Work out the space from what the key sources gave."""
    aliases = _aliases(scenario, facts)
    unsendable = frozenset(_unsendable(scenario, facts, text_of))
    order = _order(scenario, aliases, unsendable)
    found = SearchSpace(Space(()), order, aliases)
    space = Space(
        sizes=tuple(map(len, order)),
        excluded=lambda cell: is_excluded(scenario, found.to_scenario(cell)),
        not_sent=frozenset(
            (axis, order[axis].index(level)) for axis, level in unsendable if level in order[axis]
        ),
        include=tuple(_included(scenario, found)),
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
        if axis.field != "sign" and not (axis.field or "").startswith("key"):
            continue
        first_with: dict[Hashable, int] = {}
        for index, level in enumerate(axis.levels):
            sources = patch_sources(level.patch)
            if not sources or any(_value(source, facts) is None for source in sources):
                continue
            twin = first_with.setdefault(_credential(level.patch, facts), index)
            if twin != index:
                aliases[axis_index, index] = twin
    return aliases


def _credential(patch: Patch, facts: Mapping[KeySource, KeyFacts]) -> Hashable:
    """What the patch says of keys and signature, every source standing for its value."""
    keys = tuple((name, _value(source, facts)) for name, source in patch.keys.items())
    sign = None if isinstance(patch.sign, Removed) else patch.sign
    plan = RequestPlan(method="", url=Template(()), sign=sign)
    return keys, identity(plan, lambda source: _value(source, facts), Template.of)


def _value(source: KeySource, facts: Mapping[KeySource, KeyFacts]) -> str | None:
    known = facts.get(source)
    return None if known is None or known.error else known.secret_id


def _unsendable(
    scenario: Scenario, facts: Mapping[KeySource, KeyFacts], text_of: TextOf
) -> Iterator[AxisLevel]:
    """Yield the levels that put a source without a value to use in an otherwise plain request.

    A level whose source only another axis puts to use is not among them: the run will tell.
    """
    missing = {source for source, known in facts.items() if known.error}
    base = baseline_cell(scenario)
    brought = missing - _used(scenario, base, text_of) if missing else missing
    for axis_index, axis in enumerate(scenario.axes):
        for index, level in enumerate(axis.levels if missing else ()):
            own = brought | missing.intersection(patch_sources(level.patch))
            if own & _used(scenario, with_level(base, axis_index, index), text_of):
                yield axis_index, index


def _used(scenario: Scenario, cell: Cell, text_of: TextOf) -> set[KeySource]:
    plan = plan_of(scenario, cell)
    return {*request_sources(plan, text_of).values(), *proxy_sources(plan).values()}


def _order(
    scenario: Scenario, aliases: Mapping[AxisLevel, int], unsendable: frozenset[AxisLevel]
) -> tuple[tuple[int, ...], ...]:
    """Return the levels that are not aliases, per axis, those of the base first.

    The base is the first cell that can be sent and is not excluded; where there is none, the
    baseline.
    """
    kept = [
        [index for index in range(len(axis.levels)) if (axis_index, index) not in aliases]
        for axis_index, axis in enumerate(scenario.axes)
    ]
    sendable = (
        [index for index in levels if (axis_index, index) not in unsendable]
        for axis_index, levels in enumerate(kept)
    )
    tried = islice(product(*sendable), _BASES_TRIED)
    base = next((cell for cell in tried if not is_excluded(scenario, cell)), None)
    if base is None:
        base = baseline_cell(scenario)
    return tuple(
        (first, *(index for index in levels if index != first))
        for first, levels in zip(base, kept, strict=True)
    )


def _included(scenario: Scenario, found: SearchSpace) -> Iterator[Cell]:
    """Yield the included cells; one whose twin of equal value is excluded has no exchange."""
    for cell in dict.fromkeys(map(found.to_search, included_cells(scenario))):
        if not is_excluded(scenario, found.to_scenario(cell)):
            yield cell
