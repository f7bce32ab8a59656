"""From what a run saw to what a report says: names, proofs as exchange ids, causes, exit code."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from harness.diagnosis.clock_skew import skew_interval
from harness.diagnosis.context import FlipContext, Side
from harness.diagnosis.observations import Observed, observe
from harness.diagnosis.recognise import diagnose
from harness.isolation.observations import agreed_outcome
from harness.isolation.search import Ended, report
from harness.judge.arrival import arrival_of
from harness.judge.exit_code import run_exit_code
from harness.judge.expectations import expected_arrival, expected_outcome, unmet_codes
from harness.judge.search_space import SearchSpace, patch_sources
from harness.matrix.cells import variant_of
from harness.matrix.compose import plan_of
from harness.matrix.uses import TextOf, proxy_sources, request_sources
from harness.model.arrival import Arrival
from harness.model.exchange import ExchangeKey, Phase, RedactedExchange, RedactedResponse
from harness.model.finding import CellRun, Finding, Flip, NamedFix, SearchReport
from harness.model.key_facts import KeyFacts
from harness.model.key_source import CanarySource, KeySource, LiteralSource
from harness.model.outcome import Outcome, Signal
from harness.model.result import AttemptResult, RunResult, VariantResult
from harness.model.scenario import Scenario
from harness.model.variant import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """Everything that a run, live or replayed, leaves behind.

    `runs` are the finished outcomes by the scenario's cells; `exchanges` are all exchanges in
    the order of sending with their outcomes; `facts` maps each source to what is known of it.
    """

    scenario: Scenario
    found: SearchSpace
    runs: Mapping[Cell, Sequence[Outcome]]
    exchanges: Sequence[tuple[RedactedExchange, Outcome]]
    facts: Mapping[KeySource, KeyFacts]
    ended: Ended
    rounds: int
    lab: bool
    cassette: str | None
    text_of: TextOf
    replayed: bool = False


def conclude(run: RunRecord) -> RunResult:
    """Return the result of the run."""
    return _Conclusion(run).result()


class _Conclusion:
    def __init__(self, run: RunRecord) -> None:
        self._run = run
        self._scenario = run.scenario
        self._by_run: dict[tuple[str, int], list[RedactedExchange]] = defaultdict(list)
        self._canaries = frozenset(
            known.secret_id
            for source, known in run.facts.items()
            if isinstance(source, CanarySource) and known.secret_id
        )
        self._wrong = frozenset(
            known.secret_id
            for source, known in run.facts.items()
            if isinstance(source, CanarySource | LiteralSource) and known.secret_id
        )
        self._by_arrival = run.scenario.outcome.signal is Signal.ARRIVAL
        self._outcome_of = {str(item.key): outcome for item, outcome in run.exchanges}
        for item, _ in run.exchanges:
            self._by_run[item.key.variant, item.key.repeat].append(item)

    def result(self) -> RunResult:
        run, scenario = self._run, self._scenario
        searched = run.found.searched(run.runs)
        found = run.found.report_to_scenario(
            report(
                run.found.space,
                searched,
                scenario.search.strategy,
                ended=run.ended,
                repeat=scenario.search.repeat,
                names=self._search_names(),
            )
        )
        variants = self._variants()
        findings = tuple(self._finding(flip) for flip in found.flips)
        unmet = unmet_codes(scenario, variants, findings)
        keys = self._keys()
        exchanges = {str(item.key): item for item, _ in run.exchanges}
        skew = skew_interval(exchanges.values())
        axes = tuple(
            (axis.name, tuple(level.name for level in axis.levels)) for axis in scenario.axes
        )
        observed = Observed(
            variants=variants,
            exchanges=exchanges,
            verdict=found.verdict,
            axes=tuple(name for name, _ in axes),
            keys=keys,
            findings=findings,
            clock_skew_seconds=skew,
            ended_early=run.ended is not Ended.FINISHED,
        )
        return RunResult(
            scenario=scenario.name,
            strategy=scenario.search.strategy.value,
            lab=run.lab,
            exit_code=run_exit_code(variants, found.evidence, unmet),
            verdict=found.verdict,
            evidence=found.evidence,
            requests_sent=sum(_was_sent(item) for item, _ in run.exchanges),
            rounds=run.rounds,
            axes=axes,
            variants=variants,
            description=scenario.description,
            findings=findings,
            fixes=self._fixes(found),
            irrelevant=tuple(scenario.axes[index].name for index in found.irrelevant),
            untested=tuple(variant_of(scenario, cell).levels for cell in found.untested),
            rule=_arrival_words(found.rule) if self._by_arrival else found.rule,
            observations=observe(observed),
            keys=keys,
            notes=found.notes,
            unmet=tuple(map(str, unmet)),
            ended="" if run.ended is Ended.FINISHED else run.ended.value,
            clock_skew_seconds=skew,
            cassette=run.cassette,
            replayed=run.replayed,
            signal=scenario.outcome.signal,
            relations=tuple(one for item, _ in run.exchanges for one in item.relations),
            exchanges=exchanges,
        )

    def _search_names(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple(
            (axis.name, tuple(axis.levels[index].name for index in order))
            for axis, order in zip(self._scenario.axes, self._run.found.order, strict=True)
        )

    def _variants(self) -> tuple[VariantResult, ...]:
        ran = [cell for cell, outcomes in self._run.runs.items() if outcomes]
        results = [self._variant(cell) for cell in ran]
        results += self._aliases(results)
        return tuple(sorted(results, key=lambda item: _plan_order(item.variant.cell)))

    def _variant(self, cell: Cell) -> VariantResult:
        variant = variant_of(self._scenario, cell)
        outcomes = tuple(self._run.runs[cell])
        outcome = agreed_outcome(outcomes)
        counts = Counter(item.value for item in outcomes)
        exchanges = [
            item
            for repeat in range(1, len(outcomes) + 1)
            for item in self._by_run[variant.id, repeat]
        ]
        deciding = self._deciding(variant.id, outcomes, outcome)
        response = deciding.response if deciding else None
        reason = deciding.failure.message if deciding and deciding.failure else ""
        return VariantResult(
            variant=variant,
            outcome=outcome,
            expected=expected_outcome(self._scenario, cell),
            http_status=response.status if response else None,
            attempts=tuple(self._attempt(item) for item in exchanges),
            flaky=dict(counts) if len(counts) > 1 else {},
            reason=reason,
            arrival=self._arrival(deciding),
            expected_arrival=expected_arrival(self._scenario, cell),
        )

    def _arrival(self, exchange: RedactedExchange | None) -> Arrival | None:
        """Return how the made-up key arrived; None where the request had none."""
        if exchange is None or self._canaries.isdisjoint(exchange.secret_ids.values()):
            return None
        return arrival_of(exchange, self._canaries)

    def _deciding(
        self, variant: str, outcomes: tuple[Outcome, ...], outcome: Outcome
    ) -> RedactedExchange | None:
        """Return the last exchange of the last run that had the agreed outcome."""
        for repeat in range(len(outcomes), 0, -1):
            exchanges = self._by_run[variant, repeat]
            if outcomes[repeat - 1] is outcome and exchanges:
                return exchanges[-1]
        return None

    def _attempt(self, item: RedactedExchange) -> AttemptResult:
        return AttemptResult(
            exchange=str(item.key),
            step=item.key.step.value,
            hop=item.key.hop,
            outcome=self._outcome_of[str(item.key)],
            http_status=item.response.status if item.response else None,
            failure=item.failure.message if item.failure else "",
        )

    def _aliases(self, results: list[VariantResult]) -> list[VariantResult]:
        """Report each level of equal value beside the variant whose exchange it shares."""
        by_cell = {item.variant.cell: item for item in results}
        shared = []
        for (axis, level), twin in self._run.found.aliases.items():
            base = [order[0] for order in self._run.found.order]
            base[axis] = twin
            original = by_cell.get(tuple(base))
            base[axis] = level
            if original is not None:
                variant = variant_of(self._scenario, tuple(base))
                expected = expected_outcome(self._scenario, variant.cell)
                arrival = expected_arrival(self._scenario, variant.cell)
                same_as = self._scenario.axes[axis].levels[twin].name
                shared.append(
                    replace(
                        original,
                        variant=variant,
                        expected=expected,
                        expected_arrival=arrival,
                        same_as=same_as,
                    )
                )
        return shared

    def _finding(self, flip: Flip) -> Finding:
        axes = self._scenario.axes
        names = {
            axes[axis].name: (axes[axis].levels[start].name, axes[axis].levels[end].name)
            for axis, start, end in flip.changes
        }
        start, end = self._sides(flip)
        context = FlipContext.of(
            axes, flip, start=start, end=end, without_credential=self._without_credential()
        )
        return Finding(
            flip=names,
            to=flip.to,
            breaks=self._id_pairs(flip.proof.breaks),
            heals=self._id_pairs(flip.proof.heals),
            confidence=flip.confidence,
            diagnosis=diagnose(context),
            arrivals=None
            if start.arrival is None or end.arrival is None
            else (start.arrival, end.arrival),
        )

    def _sides(self, flip: Flip) -> tuple[Side, Side]:
        pairs = (*flip.proof.breaks, *flip.proof.heals)
        if pairs:
            passing, failing = pairs[0]
            if flip.to is Outcome.PASS:
                return self._side(failing), self._side(passing)
            return self._side(passing), self._side(failing)
        start = [order[0] for order in self._run.found.order]
        end = list(start)
        for axis, low, high in flip.changes:
            start[axis], end[axis] = low, high
        return self._side(CellRun(tuple(start), 1)), self._side(CellRun(tuple(end), 1))

    def _side(self, run: CellRun) -> Side:
        variant = variant_of(self._scenario, run.cell)
        plan = plan_of(self._scenario, run.cell)
        used = {**request_sources(plan, self._run.text_of), **proxy_sources(plan)}
        outcomes = self._run.runs.get(run.cell, ())
        outcome = outcomes[run.repeat - 1] if len(outcomes) >= run.repeat else Outcome.NOT_SENT
        exchanges = tuple(self._by_run[variant.id, run.repeat])
        failure = exchanges[-1].failure if exchanges else None
        return Side(
            variant=variant.id,
            outcome=outcome,
            plan=plan,
            keys={
                name: self._run.facts[source]
                for name, source in used.items()
                if source in self._run.facts
            },
            exchanges=exchanges,
            reason=failure.message if failure else "",
            arrival=self._arrival(exchanges[-1] if exchanges else None)
            if self._by_arrival
            else None,
            echo=self._echo(exchanges[-1] if exchanges else None),
        )

    def _echo(self, exchange: RedactedExchange | None) -> Arrival | None:
        """Return how a key arrived that is wrong on purpose; None where the request had none."""
        if exchange is None or self._wrong.isdisjoint(exchange.secret_ids.values()):
            return None
        return arrival_of(exchange, self._wrong)

    def _without_credential(self) -> RedactedResponse | None:
        for item, _ in self._run.exchanges:
            if item.response is not None and not item.secret_ids:
                return item.response
        return None

    def _id_pairs(self, pairs: tuple[tuple[CellRun, CellRun], ...]) -> tuple[tuple[str, str], ...]:
        return tuple((self._last_id(one), self._last_id(other)) for one, other in pairs)

    def _last_id(self, run: CellRun) -> str:
        variant = variant_of(self._scenario, run.cell).id
        exchanges = self._by_run[variant, run.repeat]
        return str(exchanges[-1].key if exchanges else ExchangeKey(variant, run.repeat))

    def _fixes(self, found: SearchReport) -> tuple[NamedFix, ...]:
        axes = self._scenario.axes
        return tuple(
            NamedFix(
                of=variant_of(self._scenario, fix.of).id,
                sets={axes[axis].name: axes[axis].levels[level].name for axis, level in fix.sets},
                exchanges=tuple(self._last_id(run) for run in fix.runs),
            )
            for fix in found.fixes
        )

    def _keys(self) -> dict[str, KeyFacts]:
        """Return the facts of each key under `axis=level`, or under its name alone."""
        named: dict[str, KeyFacts] = {}
        for name, source in self._scenario.baseline.keys.items():
            if source in self._run.facts and not any(
                axis.field == name for axis in self._scenario.axes
            ):
                named[name] = self._run.facts[source]
        for axis in self._scenario.axes:
            for level in axis.levels:
                for source in patch_sources(level.patch):
                    if source in self._run.facts:
                        named[f"{axis.name}={level.name}"] = self._run.facts[source]
        return named


def _arrival_words(rule: str) -> str:
    """Say the rule of a run that searched by arrival in its own words."""
    if rule.startswith("denied "):
        return rule.replace("denied ", "not intact ", 1)
    return rule.replace("passes ", "intact ", 1) if rule.startswith("passes ") else rule


def _was_sent(exchange: RedactedExchange) -> bool:
    return exchange.failure is None or exchange.failure.phase is not Phase.NOT_SENT


def _plan_order(cell: Cell) -> tuple[int, tuple[int, ...], Cell]:
    """Order by how far a cell is off the baseline, then by axis and level."""
    off = tuple(axis for axis, level in enumerate(cell) if level)
    return len(off), off, cell
