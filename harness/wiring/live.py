"""Run a prepared scenario, for real or against the lab, to a result and a cassette."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count

import harness
from harness.judge.conclude import RunRecord, conclude
from harness.judge.search_space import search_space
from harness.lab.world import LabWorld
from harness.matrix.cells import count_cells
from harness.model.event import ExchangeRecorded, RunStarted
from harness.model.exchange import RedactedExchange
from harness.model.outcome import Outcome
from harness.model.result import RunResult
from harness.ports import Transport
from harness.runner.attempt import VariantRunner
from harness.runner.desk import Desk
from harness.runner.limits import Limits
from harness.runner.search_run import SearchRun
from harness.scenario_file.template import parse_template
from harness.signing.build import World
from harness.signing.system_route import no_system_proxy
from harness.transport.aiohttp_client import AiohttpTransport
from harness.transport.by_client import ByClient
from harness.transport.raw_client import RawTransport
from harness.transport.route import ClosedRoute
from harness.wiring.options import shown_path
from harness.wiring.prepare import PreparedRun, PreparedSending
from harness.wiring.run_facts import FindingFacts
from harness.wiring.surroundings import Surroundings, lab_url

USER_AGENT = f"flip401/{harness.__version__}"


async def run_live(prepared: PreparedRun, surroundings: Surroundings) -> RunResult:
    """Run the scenario and publish its cassette; an interrupted run keeps its part file.

    Raises:
        LeakError: a secret would have been written; nothing is published.
        CassetteError: the disk takes no more; the part file holds what finished.
        CancelledError: interrupted before the first request.
    """
    result = None
    try:
        async with open_network(prepared.lab) as transport:
            result = await run_over(transport, prepared, surroundings)
    except asyncio.CancelledError:
        # The network was being closed; what the run came to is no longer in danger.
        if result is None:
            raise
    return result


async def run_over(
    transport: Transport, prepared: PreparedRun, surroundings: Surroundings
) -> RunResult:
    """Run the scenario over a transport that is open already; raises as `run_live` does."""
    return await _Run(prepared, surroundings, transport).execute()


@asynccontextmanager
async def open_network(lab: LabWorld | None) -> AsyncIterator[Transport]:
    """Open the lab and a way to it that leads nowhere else; without one, the network as it is."""
    if lab is None:
        transport = _clients(None, None)
        try:
            yield transport
        finally:
            await transport.close()
        return
    async with lab:
        transport = _clients(ClosedRoute(lab.route, lab.allowed), lab.ssl_context)
        try:
            yield transport
        finally:
            await transport.close()


def variant_runner(
    transport: Transport, prepared: PreparedSending, surroundings: Surroundings, desk: Desk
) -> VariantRunner:
    """Return what runs a variant of the scenario; `desk` keeps each exchange."""
    folder = prepared.found.directory
    world = World(
        lambda path: (folder / path).read_bytes(),
        lab_url if prepared.lab else surroundings.resolve_url,
        no_system_proxy if prepared.lab else surroundings.choose_proxy,
        path_of=lambda path: str(folder / path),
    )
    return VariantRunner(
        transport=transport,
        secrets=prepared.resolved.secrets,
        missing=prepared.resolved.missing,
        world=world,
        desk=desk,
        limits=Limits(prepared.scenario.search, now=time.monotonic),
        clock=surroundings.clock,
        sequence=count(1),
    )


def _clients(route: ClosedRoute | None, tls: Callable[[], ssl.SSLContext] | None) -> Transport:
    """Return a transport for every client that a request can name."""
    return ByClient(
        {"aiohttp": AiohttpTransport(USER_AGENT, route, tls), "raw": RawTransport(route, tls)}
    )


@dataclass(slots=True)
class _Run:
    """One run from its first request to its result."""

    prepared: PreparedRun
    surroundings: Surroundings
    transport: Transport
    exchanges: list[tuple[RedactedExchange, Outcome]] = field(default_factory=list)

    async def execute(self) -> RunResult:
        writer = self.prepared.writer
        desk = self._desk()
        search = self._search(desk)
        self._announce()
        try:
            try:
                await search.execute()
            finally:
                desk.close()
        except asyncio.CancelledError:
            kept = writer.abandon()
            result = self._result(search)
        except BaseException:
            writer.abandon()
            raise
        else:
            result = self._result(search)
            findings = tuple(map(FindingFacts.of, result.findings))
            facts = replace(self.prepared.run_facts, ended=search.ended, findings=findings)
            kept = writer.close(facts.document())
        if kept is None:
            return result
        return replace(result, cassette=shown_path(kept, self.surroundings.directory))

    def _result(self, search: SearchRun) -> RunResult:
        prepared = self.prepared
        return conclude(
            RunRecord(
                scenario=prepared.scenario,
                found=search.found,
                runs=dict(search.runs),
                exchanges=self.exchanges,
                facts=prepared.facts,
                ended=search.ended,
                rounds=search.rounds,
                lab=prepared.lab is not None,
                cassette=None,
                text_of=parse_template,
            )
        )

    def _desk(self) -> Desk:
        prepared, listener = self.prepared, self.surroundings.listener

        def record(exchange: RedactedExchange, outcome: Outcome) -> None:
            prepared.writer.append(exchange, outcome)
            self.exchanges.append((exchange, outcome))
            listener(ExchangeRecorded(exchange, outcome))

        return Desk(prepared.redactor.redact, prepared.scenario.outcome, record, listener)

    def _search(self, desk: Desk) -> SearchRun:
        prepared, scenario = self.prepared, self.prepared.scenario
        runner = variant_runner(self.transport, prepared, self.surroundings, desk)
        space = search_space(scenario, prepared.facts, parse_template)
        return SearchRun(scenario, space, runner, desk.tell)

    def _announce(self) -> None:
        scenario = self.prepared.scenario
        strategy = scenario.search.strategy.value
        lab = self.prepared.lab is not None
        self.surroundings.listener(RunStarted(scenario.name, strategy, count_cells(scenario), lab))
