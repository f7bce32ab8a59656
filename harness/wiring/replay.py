"""Judge a cassette again: the same search, diagnosis and result, with no key and no network."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from harness.cassette_format.cassette import Cassette
from harness.cassette_store.reader import read_cassette
from harness.errors import CassetteError, ScenarioError
from harness.isolation.search import next_batch
from harness.judge.classify import classify
from harness.judge.conclude import RunRecord, conclude
from harness.judge.search_space import SearchSpace, all_sources, search_space
from harness.matrix.cells import cell_of, variant_of
from harness.matrix.compose import plan_of
from harness.model.exchange import NOT_FOLLOWED, RedactedExchange, Step
from harness.model.finding import Ended
from harness.model.outcome import Outcome
from harness.model.result import RunResult
from harness.model.scenario import Scenario, Strategy
from harness.model.variant import Cell
from harness.scenario_file.reader import read_scenario
from harness.scenario_file.template import parse_template
from harness.signing.flow import goes_on
from harness.transport.redirects import redirect_target
from harness.wiring.run_facts import FindingFacts, RunFacts, read_run_facts

Runs = dict[Cell, list[Outcome]]


def replay(path: Path, shown: str, run: str | None = None) -> RunResult:
    """Return the result of a recorded run, the newest or `run`, judged by this version of the tool.

    Outcomes are decided anew by the scenario's rules. A cell that the cassette lacks is
    untested. Nothing is sent and no key is read: there is no transport here at all.

    Raises:
        CassetteError: the file cannot be read, or holds no run of a scenario.
    """
    return judge_again(read_cassette(path), shown, run)


def judge_again(cassette: Cassette, shown: str, run: str | None = None) -> RunResult:
    """Return the result of a cassette that is read already; raises as `replay` does."""
    notes = _note_of_run(cassette, run)
    cassette = cassette if run is None else cassette.of_run(run)
    facts = read_run_facts(cassette.run, shown)
    scenario = recorded_scenario(facts, shown)
    sources = all_sources(scenario)
    if len(sources) != len(facts.sources):
        raise CassetteError(f"{shown} has facts of other key sources than its scenario names")
    known = dict(zip(sources, facts.sources, strict=True))
    found = search_space(scenario, known, parse_template)
    exchanges = [
        (record.exchange, classify(record.exchange, scenario.outcome))
        for record in cassette.records
    ]
    runs = _runs(scenario, exchanges)
    result = conclude(
        RunRecord(
            scenario=scenario,
            found=found,
            runs=runs,
            exchanges=exchanges,
            facts=known,
            ended=facts.ended or Ended.INTERRUPTED,
            rounds=_rounds(scenario, found, runs),
            lab=facts.lab,
            cassette=shown,
            text_of=parse_template,
            replayed=True,
        )
    )
    return replace(result, notes=(*result.notes, *notes, *_differences(facts, result)))


def _note_of_run(cassette: Cassette, wanted: str | None) -> tuple[str, ...]:
    """Say which run was judged, where the cassette holds several."""
    runs = cassette.runs
    if len(runs) == 1:
        return ()
    chosen = next((one for one in runs if wanted in {str(one.number), one.id}), runs[-1])
    name = f" ({chosen.id})" if chosen.id else ""
    return (f"run {chosen.number} of {len(runs)} in the cassette{name}",)


def _differences(facts: RunFacts, result: RunResult) -> tuple[str, ...]:
    """Say where the findings are not those that the run itself came to: versions differ."""
    if facts.findings is None:
        return ()
    recorded = dict.fromkeys(map(str, facts.findings))
    now = dict.fromkeys(str(FindingFacts.of(finding)) for finding in result.findings)
    gone = [f"{one}, found by {facts.tool}, is not found now" for one in recorded if one not in now]
    new = [f"{one}, found now, was not found by {facts.tool}" for one in now if one not in recorded]
    return (*gone, *new)


def recorded_scenario(facts: RunFacts, shown: str) -> Scenario:
    """Return the scenario of a recorded run, its search as the run had it.

    Raises:
        CassetteError: it cannot be read.
    """
    try:
        scenario = read_scenario(json.dumps(facts.scenario).encode(), shown)
        strategy = Strategy(facts.strategy)
    except (ScenarioError, ValueError) as error:
        raise CassetteError(f"{shown} holds a scenario that cannot be read: {error}") from None
    search = replace(
        scenario.search,
        strategy=strategy,
        repeat=facts.repeat,
        concurrency=facts.concurrency,
    )
    return replace(scenario, search=search)


def _runs(scenario: Scenario, exchanges: list[tuple[RedactedExchange, Outcome]]) -> Runs:
    """Return the finished runs: repeats without a gap, each with its last hop."""
    last: dict[tuple[Cell, int], tuple[RedactedExchange, Outcome]] = {}
    for exchange, outcome in exchanges:
        cell = _cell(scenario, exchange.key.variant)
        last[cell, exchange.key.repeat] = (exchange, outcome)
    runs: Runs = defaultdict(list)
    for (cell, repeat), (exchange, outcome) in sorted(last.items(), key=lambda item: item[0]):
        if repeat == len(runs[cell]) + 1 and not _breaks_off(scenario, cell, exchange):
            runs[cell].append(outcome)
    return dict(runs)


def _breaks_off(scenario: Scenario, cell: Cell, exchange: RedactedExchange) -> bool:
    """Tell whether the run was to send another request and did not come to it."""
    answer, plan = exchange.response, plan_of(scenario, cell)
    if answer is not None and goes_on(plan.sign, exchange.key, answer.status, answer.headers):
        return True
    if answer is None or exchange.key.step is not Step.MAIN:
        return False
    if exchange.key.hop >= plan.redirects.follow or _was_held_back(exchange):
        return False
    target = redirect_target(
        exchange.url, answer.status, answer.headers, from_proxy=answer.from_proxy
    )
    return target is not None


def _was_held_back(exchange: RedactedExchange) -> bool:
    return exchange.failure is not None and exchange.failure.kind == NOT_FOLLOWED


def _cell(scenario: Scenario, variant: str) -> Cell:
    """Return the cell of a variant id.

    Raises:
        CassetteError: the scenario has no such axis or level.
    """
    cell = cell_of(scenario, variant)
    if cell is None:
        raise CassetteError(f"the cassette's scenario has no variant {variant}")
    if variant_of(scenario, cell).id != variant:
        raise CassetteError(f"{variant} is not how a variant is named")
    return cell


def _rounds(scenario: Scenario, found: SearchSpace, runs: Runs) -> int:
    """Count the batches by driving the search with the recorded outcomes."""
    search = scenario.search
    recorded = found.searched(runs)
    given = {cell: recorded[cell] for cell in _unsendable(found) if cell in recorded}
    rounds = 0
    while batch := next_batch(
        found.space, given, search.strategy, repeat=search.repeat, width=search.concurrency
    ):
        before = dict(given)
        for cell in batch:
            given[cell] = recorded.get(cell, ())[: len(given.get(cell, ())) + 1]
        given = {cell: outcomes for cell, outcomes in given.items() if outcomes}
        if given == before:
            break
        rounds += 1
    return rounds


def _unsendable(found: SearchSpace) -> Iterator[Cell]:
    """Yield the cells of levels without a key, which a run records before its first round."""
    for axis, level in found.space.not_sent:
        yield tuple(level if index == axis else 0 for index in range(len(found.order)))
