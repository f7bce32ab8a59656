"""What a run tells its listeners while it works."""

from __future__ import annotations

from dataclasses import dataclass

from harness.model.exchange import RedactedExchange
from harness.model.outcome import Outcome
from harness.model.variant import Variant


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The plan is made and trusted; `cells` is the size of the whole matrix."""

    scenario: str
    strategy: str
    cells: int
    lab: bool


@dataclass(frozen=True, slots=True)
class RoundStarted:
    """The search asked for these variants; rounds count from 1."""

    round: int
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class ExchangeRecorded:
    """An exchange was redacted, judged and is in the part file."""

    exchange: RedactedExchange
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class VariantFinished:
    """All exchanges of one run of a variant are there."""

    variant: Variant
    repeat: int
    outcome: Outcome
    requests_sent: int


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run ended; `reason` is empty unless a limit or an interrupt ended it."""

    requests_sent: int
    rounds: int
    reason: str = ""


Event = RunStarted | RoundStarted | ExchangeRecorded | VariantFinished | RunFinished
