"""A comparison with the names of what was compared."""

from __future__ import annotations

from dataclasses import dataclass

from harness.difference.difference import Comparison
from harness.model.exchange import RedactedExchange
from harness.model.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Side:
    """One exchange and where it comes from: a cassette, or a scenario of which it was sent now."""

    source: str
    exchange: RedactedExchange
    outcome: Outcome
    is_live: bool = False

    @property
    def answer(self) -> str:
        """The status and its reason, or how it failed."""
        response, failure = self.exchange.response, self.exchange.failure
        if response is not None:
            return f"{response.status} {response.reason}".strip()
        return f"{failure.phase}/{failure.kind}" if failure else "no answer"


@dataclass(frozen=True, slots=True)
class DiffResult:
    """A and B, and what differs between them."""

    left: Side
    right: Side
    comparison: Comparison
    one_cassette: bool = False

    @property
    def is_same(self) -> bool:
        """Tell whether nothing that counts is known to differ."""
        return not self.comparison.differences
