"""Everything that a report may say of a run; nothing in it is secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.model.arrival import Arrival
from harness.model.exchange import RedactedExchange
from harness.model.finding import Diagnosis, Evidence, Finding, NamedFix, Verdict
from harness.model.key_facts import KeyFacts
from harness.model.outcome import Outcome, Signal
from harness.model.secret_relation import SecretRelation
from harness.model.variant import Variant


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """One exchange of a variant; `failure` says in words why there was no answer."""

    exchange: str
    step: str
    hop: int
    outcome: Outcome
    http_status: int | None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class VariantResult:
    """What became of a variant.

    `flaky` counts outcomes when repeats disagree; `same_as` names the variant whose exchange
    it shares because both requests are equal; `reason` says why it was not sent. `arrival` is
    how a made-up key arrived, None where the key was none; in a run that searches by arrival,
    `outcome` is what it counts as.
    """

    variant: Variant
    outcome: Outcome
    expected: Outcome
    http_status: int | None
    attempts: tuple[AttemptResult, ...] = ()
    flaky: Mapping[str, int] = field(default_factory=dict)
    same_as: str = ""
    reason: str = ""
    arrival: Arrival | None = None
    expected_arrival: Arrival | None = None

    @property
    def as_expected(self) -> bool:
        """True when the outcome is the expected one, and so is the arrival where one is."""
        if self.expected_arrival is not None and self.arrival is not self.expected_arrival:
            return False
        return self.outcome is self.expected


@dataclass(frozen=True, slots=True)
class RunResult:
    """The result of one scenario.

    `axes` lists each axis with its level names, baseline first. `keys` maps `axis=level` to
    the facts of the key that the level gives (`key` or `keys.<name>` alone where the source
    does not vary). `ended` is empty, or says which limit or interrupt ended the run.
    `clock_skew_seconds` is an interval: how far this machine's clock is ahead of the server's.
    `signal` is what the run searched by. `relations` say how its keys are made of one another.
    """

    scenario: str
    strategy: str
    lab: bool
    exit_code: int
    verdict: Verdict
    evidence: Evidence
    requests_sent: int
    rounds: int
    axes: tuple[tuple[str, tuple[str, ...]], ...]
    variants: tuple[VariantResult, ...]
    description: str = ""
    findings: tuple[Finding, ...] = ()
    fixes: tuple[NamedFix, ...] = ()
    irrelevant: tuple[str, ...] = ()
    untested: tuple[Mapping[str, str], ...] = ()
    rule: str = ""
    observations: tuple[Diagnosis, ...] = ()
    keys: Mapping[str, KeyFacts] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    ended: str = ""
    clock_skew_seconds: tuple[float, float] | None = None
    cassette: str | None = None
    replayed: bool = False
    signal: Signal = Signal.OUTCOME
    relations: tuple[SecretRelation, ...] = ()
    exchanges: Mapping[str, RedactedExchange] = field(default_factory=dict, repr=False)
