"""The exit code of a run and of several runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.model.finding import Evidence
from harness.model.outcome import Outcome
from harness.model.result import VariantResult

AS_EXPECTED = 0
UNEXPECTED = 1
USAGE = 2
NOTHING_REACHED = 3
LEAK = 4
INCONCLUSIVE = 5
INTERNAL = 70
INTERRUPTED = 130
TERMINATED = 143

# Worst first: when several apply, the first of these is the one that the user must see.
PRECEDENCE = (
    INTERNAL,
    LEAK,
    USAGE,
    INTERRUPTED,
    TERMINATED,
    NOTHING_REACHED,
    UNEXPECTED,
    INCONCLUSIVE,
    AS_EXPECTED,
)

REACHED = frozenset({Outcome.PASS, Outcome.DENIED, Outcome.PROXY_DENIED})


def run_exit_code(
    variants: Sequence[VariantResult], evidence: Evidence, unmet: Sequence[object]
) -> int:
    """Return the exit code of one run that ended by itself or by a limit."""
    if not any(result.outcome in REACHED for result in variants):
        return NOTHING_REACHED
    if unmet or any(not result.as_expected for result in variants):
        return UNEXPECTED
    if evidence is Evidence.INCONCLUSIVE:
        return INCONCLUSIVE
    return AS_EXPECTED


def worst(codes: Iterable[int]) -> int:
    """Return the code that wins when several apply."""
    return min(codes, key=PRECEDENCE.index, default=AS_EXPECTED)
