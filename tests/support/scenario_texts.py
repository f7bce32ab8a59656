"""Scenario files for tests, as a person would write them."""

from __future__ import annotations

from harness.matrix.cells import count_cells
from harness.model.scenario import Scenario
from harness.scenario_file.reader import read_scenario

KEYS = """
  key:
    shell: {env: MADE_KEY}
    dotenv: {dotenv: .env, name: MADE_KEY}
"""


def bearer_text(url: str, *, axes: str = KEYS, rest: str = "", name: str = "asked") -> str:
    """A request with a bearer key to `url`; `axes` and `rest` are YAML."""
    return f"""\
version: 1
name: {name}
request:
  url: {url}
  headers: {{Authorization: "Bearer ${{key}}"}}
axes:{axes}
{rest}
"""


def scenario_of(text: str) -> Scenario:
    scenario = read_scenario(text.encode(), "asked.yaml")
    assert count_cells(scenario)
    return scenario
