"""What a scenario expects of a variant, and whether the findings meet it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.matrix.cells import selects
from harness.model.arrival import Arrival
from harness.model.finding import Finding
from harness.model.outcome import Outcome
from harness.model.result import VariantResult
from harness.model.scenario import Expectation, Scenario
from harness.model.variant import Cell

PASS_BY_DEFAULT = Outcome.PASS


def expectation_for(scenario: Scenario, cell: Cell) -> Expectation | None:
    """Return the first expectation that names the cell; None means that a pass is expected."""
    for expectation in scenario.expect:
        if selects(expectation.when, scenario.axes, cell):
            return expectation
    return None


def expected_outcome(scenario: Scenario, cell: Cell) -> Outcome:
    """Return the outcome expected of the cell."""
    expectation = expectation_for(scenario, cell)
    return PASS_BY_DEFAULT if expectation is None else expectation.outcome


def expected_arrival(scenario: Scenario, cell: Cell) -> Arrival | None:
    """Return how a made-up key is expected to arrive in the cell, where the scenario says."""
    expectation = expectation_for(scenario, cell)
    return None if expectation is None else expectation.arrival


@dataclass(frozen=True, slots=True)
class UnmetCode:
    """An expected cause that no finding about the variant names."""

    variant: str
    code: str
    found: tuple[str, ...]

    def __str__(self) -> str:
        """Say which cause was expected of which variant, and what was found instead."""
        instead = f"found {', '.join(self.found)}" if self.found else "found no cause"
        return f"{self.variant}: expected cause {self.code}, {instead}"


def unmet_codes(
    scenario: Scenario, variants: Sequence[VariantResult], findings: Sequence[Finding]
) -> tuple[UnmetCode, ...]:
    """Return the expected codes that no finding meets, judged by the variants that ran.

    `expect.code` is met by a finding's `code` or by one that it lists as `also`. An expectation
    is judged by those of its variants that have the fewest changes, because one with two faults
    may show either.
    """
    unmet = []
    for expectation in scenario.expect:
        if expectation.code is None:
            continue
        own = [v for v in variants if expectation_for(scenario, v.variant.cell) is expectation]
        for result in _simplest(own):
            sent = _as_sent(result, variants)
            causes = [item.diagnosis for item in findings if _concerns(item, sent)]
            if not any(expectation.code in (cause.code, *cause.also) for cause in causes):
                codes = dict.fromkeys(cause.code for cause in causes)
                unmet.append(UnmetCode(result.variant.id, expectation.code, tuple(codes)))
    return tuple(unmet)


def _simplest(results: Sequence[VariantResult]) -> list[VariantResult]:
    changes = [sum(map(bool, result.variant.cell)) for result in results]
    return [result for result, off in zip(results, changes, strict=True) if off == min(changes)]


def _as_sent(result: VariantResult, variants: Sequence[VariantResult]) -> VariantResult:
    """Return the variant whose exchange this one shares, which is what findings speak of."""
    if not result.same_as:
        return result
    return next(v for v in variants if not v.same_as and v.attempts == result.attempts)


def _concerns(finding: Finding, result: VariantResult) -> bool:
    """Tell whether the variant stands on the failing side of the flip, on some axis at least."""
    levels = result.variant.levels
    failing = 0 if finding.to is Outcome.PASS else 1
    return all(levels.get(axis) in change for axis, change in finding.flip.items()) and any(
        levels.get(axis) == change[failing] for axis, change in finding.flip.items()
    )
