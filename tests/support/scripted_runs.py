"""Runs over a scripted transport: real search, redactor, cassette; no socket."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from harness.errors import SourceError
from harness.judge.search_space import all_sources, search_space
from harness.keys.facts import key_facts
from harness.keys.resolve import resolve_keys
from harness.model.event import Event
from harness.model.exchange import Attempt, Exchange, Failure, Phase, RedactedExchange, Timing
from harness.model.exchange import Response as Answered
from harness.model.key_facts import KeyFacts
from harness.model.key_source import KeySource, LiteralSource
from harness.model.outcome import Outcome
from harness.model.request import EnvUrl, SignedRequest
from harness.model.result import RunResult
from harness.model.secret import Provenance, Secret
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.runner.attempt import VariantRunner
from harness.runner.desk import Desk
from harness.runner.limits import Limits
from harness.runner.search_run import SearchRun
from harness.scenario_file.template import parse_template
from harness.signing.build import World
from harness.transport.scripted import ScriptedTransport
from harness.wiring.live import run_over
from harness.wiring.options import RunOptions
from harness.wiring.prepare import prepare, validate
from harness.wiring.scenarios import FoundScenario
from harness.wiring.surroundings import Surroundings
from support.scenario_texts import scenario_of

NOW = 1_795_000_000.0
Reply = Callable[[SignedRequest], Attempt]


def answered(status: int, *headers: tuple[str, str], from_proxy: bool = False) -> Attempt:
    response = Answered(status, "Said", headers, b"{}", from_proxy=from_proxy)
    return Attempt(Timing(NOW, 0.01), (), response)


def failed(phase: Phase = Phase.CONNECT, kind: str = "not-connected") -> Attempt:
    return Attempt(Timing(NOW, 0.01), failure=Failure(phase, kind, f"it was {kind}"))


ATTEMPTS = {
    Outcome.PASS: answered(200),
    Outcome.DENIED: answered(401),
    Outcome.OTHER: answered(404),
    Outcome.PROXY_DENIED: answered(407, from_proxy=True),
    Outcome.UNREACHABLE: failed(),
    Outcome.NOT_SENT: failed(Phase.NOT_SENT, "unsendable"),
}


def header(request: SignedRequest, name: str) -> str:
    return next((value for key, value in request.headers if key.lower() == name.lower()), "")


@dataclass
class MadeReader:
    """Gives the keys it was made with, by the name of their variable, and literals."""

    keys: Mapping[str, str]

    def read(self, source: KeySource) -> Secret:
        if isinstance(source, LiteralSource):
            return source.value
        name = getattr(source, "name", "")
        if name not in self.keys:
            raise SourceError(f"{source} is not there")
        return Secret(self.keys[name], Provenance("env", name))


@dataclass
class Scripted:
    """One run of a scenario's text. `reply` may be a coroutine function, too."""

    text: str
    reply: Callable[[SignedRequest], object]
    keys: Mapping[str, str] = field(default_factory=lambda: {"MADE_KEY": "made-up-key-value"})
    sleep: Callable[[float], object] = asyncio.sleep
    now: Callable[[], float] = lambda: 0.0
    on_record: Callable[[RedactedExchange], None] = lambda _exchange: None
    requests: list[SignedRequest] = field(default_factory=list)
    exchanges: list[tuple[RedactedExchange, Outcome]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    facts: Mapping[KeySource, KeyFacts] = field(init=False)
    run: SearchRun = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        scenario = scenario_of(self.text)
        sources = all_sources(scenario)
        resolved = resolve_keys(sources, MadeReader(self.keys))
        redactor = Redactor(SecretRegistry())
        ids = {one: redactor.registry.add(secret) for one, secret in resolved.secrets.items()}
        self.facts = key_facts(sources, resolved, ids, lambda _source, _secret: ())

        def record(exchange: RedactedExchange, outcome: Outcome) -> None:
            self.on_record(exchange)
            self.exchanges.append((exchange, outcome))

        def redact(exchange: Exchange) -> RedactedExchange:
            return redactor.redact(exchange)

        self.desk = Desk(redact, scenario.outcome, record, self.events.append)
        runner = VariantRunner(
            transport=ScriptedTransport(self._answer),
            secrets=resolved.secrets,
            missing=resolved.missing,
            world=World(lambda _path: b"", _no_url),
            desk=self.desk,
            limits=Limits(scenario.search, now=self.now, sleep=self.sleep),  # type: ignore[arg-type]
            clock=lambda: NOW,
            sequence=count(1),
        )
        found = search_space(scenario, self.facts, parse_template)
        self.run = SearchRun(scenario, found, runner, self.desk.tell)

    def execute(self) -> SearchRun:
        try:
            asyncio.run(self.run.execute())
        finally:
            self.desk.close()
        return self.run

    @property
    def ids(self) -> list[str]:
        return [str(exchange.key) for exchange, _ in self.exchanges]

    @property
    def outcomes(self) -> list[Outcome]:
        return [outcome for _, outcome in self.exchanges]

    async def _answer(self, request: SignedRequest) -> Attempt:
        self.requests.append(request)
        replied = self.reply(request)
        return replied if isinstance(replied, Attempt) else await replied  # type: ignore[misc]


def _no_url(url: EnvUrl) -> str:
    raise SourceError(f"environment variable {url.name} is not set and has no default")


def recorded_run(text: str, directory: Path, reply: Reply, environ: Mapping[str, str]) -> RunResult:
    """Run as the product does, from the text to the cassette in `directory`."""

    async def answer(request: SignedRequest) -> Attempt:
        return reply(request)

    surroundings = Surroundings(
        environ=environ, directory=directory, listener=lambda _event: None, clock=lambda: NOW
    )
    found = FoundScenario(text.encode(), "asked.yaml", directory, shipped=False)
    options = RunOptions(trust=True)
    scenario = validate(found, options, surroundings)
    prepared = prepare(found, scenario, options, surroundings)
    return asyncio.run(run_over(ScriptedTransport(answer), prepared, surroundings))
