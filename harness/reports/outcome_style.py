"""How an outcome looks."""

from __future__ import annotations

from harness.model.outcome import Outcome
from harness.reports.page import Style


def outcome_style(outcome: Outcome) -> Style:
    """Return green for `pass`, red for denials, yellow for what says nothing of the key."""
    if outcome is Outcome.PASS:
        return Style.GOOD
    return Style.BAD if outcome in {Outcome.DENIED, Outcome.PROXY_DENIED} else Style.WARN
