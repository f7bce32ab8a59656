"""What the command line lays over a scenario."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from harness.model.scenario import Scenario, Strategy
from harness.scenario_file.reader import read_scenario
from harness.wiring.scenarios import FoundScenario


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What the command line lays over a scenario; None leaves the scenario's own value."""

    lab: bool = False
    trust: bool = False
    strategy: Strategy | None = None
    budget: int | None = None
    concurrency: int | None = None
    repeat: int | None = None
    cassette: str | None = None
    append: bool = False


def load_scenario(found: FoundScenario, options: RunOptions) -> Scenario:
    """Read the scenario and lay the options over its search settings.

    Raises:
        ScenarioError: the file has faults.
    """
    scenario = read_scenario(found.text, found.shown)
    search = scenario.search
    laid = replace(
        search,
        strategy=options.strategy or search.strategy,
        budget=options.budget or search.budget,
        concurrency=options.concurrency or search.concurrency,
        repeat=options.repeat or search.repeat,
    )
    return replace(scenario, search=laid)


def cassette_path(scenario: Scenario, options: RunOptions, directory: Path) -> Path:
    """Return where the run is recorded; under the lab `X.yaml` becomes `X.lab.yaml`."""
    name = options.cassette or scenario.cassette or f"cassettes/{scenario.name}.yaml"
    path = directory / name
    if options.lab and not path.name.endswith(".lab.yaml"):
        path = path.with_name(f"{path.name.removesuffix('.yaml')}.lab.yaml")
    return path


def shown_path(path: Path, directory: Path) -> str:
    """Return the path as a person would write it: relative where it is below `directory`."""
    return str(path.relative_to(directory)) if path.is_relative_to(directory) else str(path)
