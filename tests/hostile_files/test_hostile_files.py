"""Both readers take hostile files: one error with its place and a fix, in time and memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hostile_files.made_files import CASSETTE, SCENARIO, VALID_SCENARIO, hostile_files, line, ours
from hostile_files.made_files import plain as plain_cassette

import harness
from harness.reports.visible_text import visible

ROOT = Path(harness.__file__).parents[1]
CHILD = Path(__file__).with_name("read_hostile.py")
BATCHES = 6
SECONDS = 2.0
MIB = 300
FILES = hostile_files()
READ = re.compile(
    r"shown|cut at|wrong|16 MiB of one body|gzip bomb|keys without|line with lists"
    r"|scenario (?:name|url) \d"
)
"""Some of these are in order, whatever they hold: they are read."""


def test_there_are_hundreds_and_each_has_a_name() -> None:
    assert len(FILES) >= 300
    assert max(Counter(file.name for file in FILES).values()) == 1
    assert {file.reader for file in FILES} == {SCENARIO, CASSETTE}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_file_does_more_than_to_be_refused(tmp_path: Path, batch: int) -> None:
    (tmp_path / "warm.scenario").write_bytes(VALID_SCENARIO)
    (tmp_path / "bad.scenario").write_bytes(b"version: 2\nname: [\n")
    (tmp_path / "warm.yaml").write_bytes(ours(line()))
    (tmp_path / "plain.yaml").write_bytes(plain_cassette("'x'"))
    (tmp_path / "odd.yaml").write_bytes(plain_cassette("!!binary '%'"))
    warm = [("scenario", "warm.scenario"), ("scenario", "bad.scenario")]
    warm += [("cassette", name) for name in ("warm.yaml", "plain.yaml", "odd.yaml")]
    listed = []
    names = {}
    for number, file in enumerate(FILES[batch::BATCHES]):
        name = f"f{number}{file.suffix}"
        (tmp_path / name).write_bytes(file.data)
        listed.append((file.reader, name))
        names[name] = file
    (tmp_path / "list.json").write_text(json.dumps({"warm": warm, "files": listed}))
    before = sorted(tmp_path.iterdir())
    done = read_in_a_child(tmp_path)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert done.stderr == b""
    assert sorted(tmp_path.iterdir()) == before
    *seen, last = [json.loads(text) for text in done.stdout.splitlines()]
    assert [one["name"] for one in seen] == [name for _, name in listed]
    assert last["peak_mib"] < MIB
    faults = [
        f"{names[one['name']].name}: {fault}"
        for one in seen
        for fault in _faults(one, names[one["name"]].name, tmp_path)
    ]
    assert not faults, "\n".join(faults)


def read_in_a_child(folder: Path) -> subprocess.CompletedProcess[bytes]:
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-B", str(CHILD), str(folder)],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=55,
        check=False,
    )


def test_a_reader_that_writes_would_be_caught(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(json.dumps({"warm": [], "files": [["trap", "canary"]]}))
    done = read_in_a_child(tmp_path)
    assert done.returncode == 99
    assert done.stderr.startswith(b"forbidden: open ")
    assert not (tmp_path / "canary").exists()


def _faults(one: dict[str, object], name: str, folder: Path) -> list[str]:
    said, seconds = str(one["said"]), float(str(one["seconds"]))
    found = [f"{seconds:.1f} s"] if seconds > SECONDS else []
    if not said:
        return found + ([] if READ.search(name) else ["was read"])
    first, _, rest = said.partition("\n")
    file = f"{re.escape(str(folder))}/{re.escape(one['name'])}"
    # A zip has no lines: its place is the file.
    if not re.match(rf"{file}:\d+:\d+: \S|cannot read the bundle {file}: \S", first):
        found.append(f"has no place: {first[:200]}")
    if not rest.strip():
        found.append(f"has no fix: {first[:200]}")
    if visible(said) != said or max(map(len, said.splitlines())) > 600:
        found.append(f"cannot be shown: {first[:200]!r}")
    return found
