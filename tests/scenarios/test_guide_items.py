"""What the troubleshooting guides name is in a scenario, or said to be missing with the reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from harness.wiring.scenarios import shipped_scenarios

ITEMS = yaml.safe_load((Path(__file__).parent / "guide_items.yaml").read_text(encoding="utf-8"))
IDS = [*(f"A{number}" for number in range(1, 10)), *(f"B{number}" for number in range(1, 21))]
SHIPPED = shipped_scenarios()


def test_every_item_of_both_guides_is_in_the_table() -> None:
    assert list(ITEMS) == IDS


@pytest.mark.parametrize("item", IDS)
def test_an_item_is_covered_or_its_absence_explained(item: str) -> None:
    entry = ITEMS[item]
    assert set(entry) <= {"says", "scenarios", "missing"}
    assert entry["says"]
    assert entry.get("scenarios") or entry.get("missing")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_scenario_and_the_table_name_the_same_items(name: str) -> None:
    lines = re.findall(r"^# Guides: (.+)$", SHIPPED[name].read_text(encoding="utf-8"), re.MULTILINE)
    listed = [item for item in IDS if name in ITEMS[item].get("scenarios", ())]
    assert lines == [" ".join(listed)]


def test_the_table_names_shipped_scenarios_only() -> None:
    named = {name for entry in ITEMS.values() for name in entry.get("scenarios", ())}
    assert named == set(SHIPPED)
