from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.scenario_texts import bearer_text
from support.scripted_runs import ATTEMPTS, recorded_run

from harness.cassette_store.reader import read_cassette
from harness.model.outcome import Outcome
from harness.wiring.compare_exchanges import compare_recorded, keys_of

TEXT = bearer_text(
    "https://api.example.com/",
    axes="\n  key: {shell: {env: GOOD}, other: {env: BAD}}",
    rest="search: {strategy: all}",
)
KEYS = {"GOOD": "made-up-key-value", "BAD": "made-up-key-value-2"}


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    recorded_run(TEXT, tmp_path, lambda _request: ATTEMPTS[Outcome.PASS], KEYS)
    (path,) = (tmp_path / "cassettes").iterdir()
    return path


def test_the_run_tells_where_keys_came_from(cassette: Path) -> None:
    result = compare_recorded(f"{cassette}#baseline", "key=other")
    (key,) = (one for one in result.comparison.all if one.part == "key")
    assert key.left is not None
    assert key.left.endswith(" from env GOOD")
    assert key.right is not None
    assert key.right.endswith(" from env BAD")
    assert result.one_cassette
    assert (result.left.source, result.left.outcome) == (str(cassette), Outcome.PASS)


def test_a_cassette_without_facts_of_a_run_is_compared_all_the_same(
    cassette: Path, tmp_path: Path
) -> None:
    lines = cassette.read_text().splitlines(keepends=True)
    first = json.loads(lines[2].removeprefix("- "))
    del first["harness"]["run"]
    bare = tmp_path / "bare.yaml"
    bare.write_text("".join([*lines[:2], f"- {json.dumps(first)}\n", *lines[3:]]))
    assert keys_of(read_cassette(bare)) == {}
    result = compare_recorded(f"{cassette}#baseline", f"{bare}#baseline")
    assert not result.one_cassette
    assert result.is_same
