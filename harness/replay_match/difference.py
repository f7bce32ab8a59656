"""What a recorded request and a live one do not have in common, and a request without an answer."""

from __future__ import annotations

from dataclasses import dataclass

from harness.model.exchange import ExchangeKey
from harness.replay_match.facts import RequestFacts


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs. Both sides are redacted; secrets are told by form and identity."""

    part: str
    recorded: str
    sent: str


@dataclass(frozen=True, slots=True)
class Miss:
    """No recorded exchange fits: why, the nearest one, and how that one's request differs."""

    asked: RequestFacts
    reason: str
    nearest: ExchangeKey | None
    differences: tuple[Difference, ...]
