"""The recipe of the README, as it stands there, with pytest-recording."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from support.key_leaks import leaks
from support.made_keys import made_key
from vcr_plugin.conftest import BAD, GOOD

import harness

ROOT = Path(harness.__file__).parents[1]
TESTS = """
import os
import pytest
import requests

def ask(key):
    headers = {"Authorization": f"Bearer {key}"}
    return requests.get(os.environ["API"] + "/v1?stream=1", headers=headers, timeout=5).status_code

@pytest.mark.vcr
def test_good_and_bad():
    order = [os.environ["DEEPSEEK_API_KEY"], os.environ["BAD"]]
    codes = [ask(key) for key in (order if "BACKWARDS" not in os.environ else reversed(order))]
    assert sorted(codes) == [200, 401]
    assert codes[0] == (401 if "BACKWARDS" in os.environ else 200)
"""


def run(folder: Path, *options: str, **variables: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "TMPDIR"}}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT), "HOME": str(folder), **variables},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_recipe_records_redacts_and_replays(tmp_path: Path, api: str) -> None:
    (recipe,) = re.findall(
        r"```python\n(import harness\n.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )
    (tmp_path / "conftest.py").write_text(recipe)
    (tmp_path / "test_theirs.py").write_text(TESTS)
    real = {"API": api, "DEEPSEEK_API_KEY": GOOD, "BAD": BAD}
    run(tmp_path, "--record-mode=once", **real)
    (cassette,) = tmp_path.rglob("*.yaml")
    assert leaks([GOOD, BAD], [(cassette.name, cassette.read_bytes())]) == []
    assert cassette.read_text().count("\n- {") == 2
    offline = ("--record-mode=none", "--block-network")
    run(tmp_path, *offline, **real)
    run(tmp_path, *offline, BACKWARDS="yes", **real)
    fresh = {"DEEPSEEK_API_KEY": made_key("ci", length=40), "BAD": made_key("another bad")}
    run(tmp_path, *offline, **{**real, **fresh})
