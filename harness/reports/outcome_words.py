"""What a row is called: its outcome, or how a made-up key arrived where a run searches by that."""

from __future__ import annotations

from harness.model.arrival import Arrival
from harness.model.outcome import Outcome, Signal
from harness.model.result import RunResult, VariantResult

_EXPECTED = {Outcome.PASS: Arrival.INTACT.value, Outcome.OTHER: Arrival.UNKNOWN.value}


def is_by_arrival(run: RunResult) -> bool:
    """Tell whether the run searched by how a made-up key arrived."""
    return run.signal is Signal.ARRIVAL


def outcome_word(run: RunResult, item: VariantResult) -> str:
    """Return the word for what became of a variant."""
    arrived = is_by_arrival(run) and item.outcome in {Outcome.PASS, Outcome.DENIED, Outcome.OTHER}
    return str(item.arrival if arrived and item.arrival else item.outcome)


def expected_word(run: RunResult, item: VariantResult) -> str:
    """Return the word for what the scenario expects of a variant."""
    if not is_by_arrival(run):
        return str(item.expected)
    return str(item.expected_arrival or _EXPECTED.get(item.expected, item.expected))
