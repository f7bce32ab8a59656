"""Run a scenario for real, or against the lab: from its bytes to a result and a cassette."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import harness
from harness.cassette_store.writer import CassetteWriter
from harness.judge.conclude import RunRecord, conclude
from harness.judge.search_space import SearchSpace, all_sources, search_space
from harness.keys.facts import key_facts
from harness.keys.resolve import ResolvedKeys, resolve_keys
from harness.keys.shadows import shadows_of
from harness.keys.system_reader import SystemKeyReader
from harness.keys.trust_store import TrustStore
from harness.lab.world import LabWorld
from harness.matrix.cells import count_cells
from harness.matrix.trust_table import trust_table
from harness.model.event import ExchangeRecorded, RunStarted
from harness.model.exchange import RedactedExchange
from harness.model.key_facts import KeyFacts
from harness.model.key_source import KeySource
from harness.model.outcome import Outcome
from harness.model.result import RunResult
from harness.model.scenario import Scenario
from harness.model.secret import Secret
from harness.ports import KeyReader
from harness.redaction.redactor import Redactor
from harness.runner.attempt import VariantRunner
from harness.runner.limits import Limits
from harness.runner.search_run import SearchRun
from harness.scenario_file.template import parse_template
from harness.signing.build import World
from harness.transport.aiohttp_client import AiohttpTransport
from harness.transport.route import ClosedRoute
from harness.wiring.lab_names import lab_proxies, lab_sources
from harness.wiring.options import RunOptions, cassette_path, load_scenario
from harness.wiring.preflight import check_body_files, refuse_over_budget
from harness.wiring.run_facts import RunFacts
from harness.wiring.scenarios import FoundScenario
from harness.wiring.surroundings import Surroundings, lab_url
from harness.wiring.trust import require_trust

USER_AGENT = f"flip401/{harness.__version__}"


async def run_live(
    found: FoundScenario, options: RunOptions, surroundings: Surroundings
) -> RunResult:
    """Run the scenario and publish its cassette; an interrupted run keeps its part file.

    Raises:
        UsageError: the scenario, the trust or the cassette's place is not in order; nothing
            was sent then.
        LeakError: a secret would have been written; nothing is published.
    """
    scenario = load_scenario(found, options)
    refuse_over_budget(scenario)
    check_body_files(scenario, found)
    if not (options.lab or found.shipped or options.trust):
        store = TrustStore.at_home(surroundings.environ)
        table = trust_table(scenario, surroundings.describe_url, parse_template)
        require_trust(table, store, surroundings.confirm)
    async with _world(scenario, options, surroundings) as (reader, transport):
        run = _Run(found, scenario, options, surroundings, reader, transport)
        return await run.execute()


@asynccontextmanager
async def _world(
    scenario: Scenario, options: RunOptions, surroundings: Surroundings
) -> AsyncIterator[tuple[KeyReader, AiohttpTransport]]:
    """Open the lab, or the network as it is."""
    if options.lab:
        sources, proxies = lab_sources(scenario), lab_proxies(scenario)
        async with LabWorld(scenario.lab, sources=sources, proxies=proxies) as world:
            route = ClosedRoute(world.route, world.allowed)
            transport = AiohttpTransport(USER_AGENT, route, world.ssl_context())
            try:
                yield world.key_reader, transport
            finally:
                await transport.close()
        return
    transport = AiohttpTransport(USER_AGENT)
    reader = SystemKeyReader(surroundings.environ, surroundings.directory, surroundings.ask)
    try:
        yield reader, transport
    finally:
        await transport.close()


@dataclass(slots=True)
class _Run:
    """One run from its keys to its result."""

    found: FoundScenario
    scenario: Scenario
    options: RunOptions
    surroundings: Surroundings
    reader: KeyReader
    transport: AiohttpTransport
    exchanges: list[tuple[RedactedExchange, Outcome]] = field(default_factory=list)

    async def execute(self) -> RunResult:
        scenario, options = self.scenario, self.options
        sources = all_sources(scenario)
        resolved = resolve_keys(sources, self.reader)
        redactor = self.surroundings.new_redactor()
        ids = {
            source: redactor.registry.add(resolved.secrets[source])
            for source in sources
            if source in resolved.secrets
        }
        facts = key_facts(sources, resolved, ids, self._rivals)
        writer = CassetteWriter.open(
            cassette_path(scenario, options, self.surroundings.directory),
            new_run_id(self.surroundings.clock()),
            redactor=redactor,
            run=self._facts([facts[source] for source in sources]).document(),
        )
        search = self._search(search_space(scenario, facts), resolved, redactor, writer)
        self._announce()
        try:
            await search.execute()
        except asyncio.CancelledError:
            kept = writer.abandon()
        except BaseException:
            writer.abandon()
            raise
        else:
            kept = writer.close()
        return conclude(
            RunRecord(
                scenario=scenario,
                found=search.found,
                runs=dict(search.runs),
                exchanges=self.exchanges,
                facts=facts,
                ended=search.ended,
                requests_sent=search.runner.limits.sent,
                rounds=search.rounds,
                lab=options.lab,
                cassette=None if kept is None else shown_path(kept, self.surroundings.directory),
                text_of=parse_template,
            )
        )

    def _rivals(self, source: KeySource, secret: Secret) -> tuple[str, ...]:
        if self.options.lab:
            return ()
        return shadows_of(source, secret, self.surroundings.environ, self.surroundings.directory)

    def _facts(self, sources: list[KeyFacts]) -> RunFacts:
        search = self.scenario.search
        return RunFacts(
            tool=harness.__version__,
            started_at_utc=self.surroundings.clock(),
            lab=self.options.lab,
            scenario=json.loads(self.scenario.document),
            strategy=search.strategy.value,
            repeat=search.repeat,
            concurrency=search.concurrency,
            sources=sources,
        )

    def _search(
        self,
        found: SearchSpace,
        resolved: ResolvedKeys,
        redactor: Redactor,
        writer: CassetteWriter,
    ) -> SearchRun:
        resolve_url = lab_url if self.options.lab else self.surroundings.resolve_url

        def record(exchange: RedactedExchange, outcome: Outcome) -> None:
            writer.append(exchange, outcome)
            self.exchanges.append((exchange, outcome))
            self.surroundings.listener(ExchangeRecorded(exchange, outcome))

        runner = VariantRunner(
            transport=self.transport,
            secrets=resolved.secrets,
            missing=resolved.missing,
            world=World(self._read_body_file, resolve_url),
            rules=self.scenario.outcome,
            limits=Limits(self.scenario.search, now=time.monotonic),
            redact=redactor.redact,
            record=record,
            clock=self.surroundings.clock,
            sequence=count(1),
        )
        return SearchRun(self.scenario, found, runner, self.surroundings.listener)

    def _read_body_file(self, path: str) -> bytes:
        return (self.found.directory / path).read_bytes()

    def _announce(self) -> None:
        scenario = self.scenario
        strategy = scenario.search.strategy.value
        cells = count_cells(scenario)
        self.surroundings.listener(RunStarted(scenario.name, strategy, cells, self.options.lab))


def new_run_id(now: float) -> str:
    """Return an id for the part file: the time in UTC and four random letters."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    return f"{stamp}-{uuid.uuid4().hex[:4]}"


def shown_path(path: Path, directory: Path) -> str:
    """Return the path as a person would write it: relative where it is below `directory`."""
    return str(path.relative_to(directory)) if path.is_relative_to(directory) else str(path)
