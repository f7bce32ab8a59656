"""Every broken scenario of the golden folder gives exactly the faults beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.made_keys import made_key

from harness.errors import ScenarioError
from harness.scenario_file.reader import read_scenario

FOLDER = Path(__file__).parent.parent / "golden" / "scenarios"
BROKEN = sorted(FOLDER.glob("*.yaml"))
KEY = made_key("broken scenarios")
MOST_SECONDS = 2.0


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_scenario_gives_exactly_its_faults(
    path: Path, golden: Callable[[Path, str], None]
) -> None:
    text = path.read_bytes().replace(b"@KEY@", KEY.encode())
    started = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, path.name)
    assert time.process_time() - started < MOST_SECONDS
    rendered = caught.value.render()
    for shown in (rendered, str(caught.value), repr(caught.value)):
        assert KEY not in shown
        assert KEY[-4:] not in shown
        assert "hunter" not in shown  # what the files use where a password goes
    assert "Traceback" not in rendered
    golden(path.with_suffix(".err"), rendered + "\n")


def test_there_are_as_many_broken_scenarios_as_promised() -> None:
    assert len(BROKEN) >= 80
    assert {path.stem for path in BROKEN} == {path.stem for path in FOLDER.glob("*.err")}
