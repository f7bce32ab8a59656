"""What a scenario expects of a variant, and whether the findings meet it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.matrix.cells import selects
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
    is judged by the variants that its own `when` selects with the fewest changes, because a
    variant with two faults may show either.
    """
    unmet = []
    for expectation in scenario.expect:
        judged = [v for v in variants if expectation_for(scenario, v.variant.cell) is expectation]
        if expectation.code is None or not judged:
            continue
        relevant = [finding for v in judged for finding in findings if _concerns(finding, v)]
        causes = [finding.diagnosis for finding in relevant]
        named = {code for cause in causes for code in (cause.code, *cause.also)}
        if expectation.code not in named:
            simplest = min(judged, key=lambda v: sum(map(bool, v.variant.cell)))
            codes = dict.fromkeys(cause.code for cause in causes)
            unmet.append(UnmetCode(simplest.variant.id, expectation.code, tuple(codes)))
    return tuple(unmet)


def _concerns(finding: Finding, result: VariantResult) -> bool:
    levels = result.variant.levels
    return all(levels.get(axis) in change for axis, change in finding.flip.items()) and any(
        levels.get(axis) == change[1] for axis, change in finding.flip.items()
    )
