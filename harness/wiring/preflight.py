"""What is found out before the first request, so that nothing is sent in vain."""

from __future__ import annotations

from harness.errors import UsageError
from harness.isolation.search import fixed_cells
from harness.judge.search_space import search_space
from harness.model.request import FileBody
from harness.model.scenario import Scenario
from harness.wiring.scenarios import FoundScenario


def check_body_files(scenario: Scenario, found: FoundScenario) -> None:
    """Find out before the first request whether every `body_file` can be read.

    Raises:
        UsageError: one cannot.
    """
    levels = (level.patch for axis in scenario.axes for level in axis.levels)
    for patch in (scenario.baseline, *levels):
        if isinstance(patch.body, FileBody):
            try:
                (found.directory / patch.body.path).read_bytes()
            except OSError as error:
                raise UsageError(
                    f"cannot read body_file {patch.body.path}: {(error.strerror or '').lower()}",
                    hint="it is relative to the scenario file",
                ) from None


def refuse_over_budget(scenario: Scenario) -> None:
    """Refuse a fixed plan that cannot fit: finding out half way would waste the requests.

    Raises:
        UsageError: the strategy's cells are more than the budget.
    """
    found = search_space(scenario, {})
    cells = fixed_cells(found.space, scenario.search.strategy)
    if cells is None:
        return
    wanted = len(cells) * scenario.search.repeat
    if wanted > scenario.search.budget:
        raise UsageError(
            f"strategy {scenario.search.strategy} would send {wanted} requests, the budget is "
            f"{scenario.search.budget}",
            hint="a large matrix is what `strategy: isolate` is for; or raise `search.budget`",
        )
