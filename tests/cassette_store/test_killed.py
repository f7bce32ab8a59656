"""A process that is killed at any moment loses no exchange that it finished."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from redaction.samples import made_up
from support import soak
from support.recording_processes import Job, Recorders, Told, recorders
from vcr.cassette import Cassette
from vcr.record_mode import RecordMode

from harness.cassette_store.reader import read_cassette
from harness.cassette_store.repair import repair

EXCHANGES = 12


@pytest.fixture(scope="module")
def killed() -> Iterator[Recorders]:
    with recorders() as running:
        yield running


@pytest.fixture(autouse=True)
def _quiet_vcrpy() -> Iterator[None]:
    logger = logging.getLogger("vcr")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


@pytest.mark.soak
@pytest.mark.parametrize("mode", ["new", "replaces", "appends"])
def test_killed_at_any_moment(tmp_path: Path, killed: Recorders, mode: str) -> None:
    moments = soak.source(f"killed {mode}")
    whole = []
    for number in range(3):
        killed([Job(tmp_path / f"whole{number}.yaml", "whole", EXCHANGES)])
        whole.append(killed.seconds)
    for number in range(soak.count(suite=20, full=200)):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "a.yaml"
        older = b""
        if mode != "new":
            killed([Job(path, "older", 2, started=1.0)])
            older = path.read_bytes()
        moment = moments.uniform(0.0, 1.1 * min(whole))
        job = Job(path, "r9", EXCHANGES, append=mode == "appends", kill_after=moment)
        (told,) = killed([job])
        check(path, older, told, mode)


def check(path: Path, older: bytes, told: Told, mode: str) -> None:
    assert told.error == ""
    for file in path.parent.iterdir():
        data = file.read_bytes()
        assert made_up(1)[3:].encode() not in data
        assert made_up(1)[-4:].encode() not in data
    part = path.with_name("a.yaml.r9.part")
    before = path.read_bytes() if path.exists() else b""
    if part.exists():
        found = read_cassette(part)
        whole = len(found.records)
        assert whole >= max(told.finished, 1)
        if not found.cut:  # vcrpy knows no line that a kill cut in two
            assert loaded_by_vcrpy(part) == whole
        done = repair(part)
        assert done.target == path
        assert done.redacted == 0
        assert done.was_published == (before not in {older, b""})
        left = {"a.yaml"} | {f"a.yaml.{end}" for end in ("lock",) if done.was_published}
        assert {file.name for file in path.parent.iterdir()} <= left
    elif told.finished:
        assert before != older
    if not path.exists():
        assert (told.finished, told.closed, mode) == (0, False, "new")
        return
    runs = {run.id: len(run.records) for run in read_cassette(path).runs}
    assert loaded_by_vcrpy(path) == sum(runs.values())
    if mode == "appends" or not told.finished:
        assert runs.get("older", 2) == 2
    if mode == "appends":
        assert path.read_bytes().startswith(older)
    assert runs.get("r9", 0) >= told.finished
    if told.closed:
        assert runs["r9"] == EXCHANGES


def loaded_by_vcrpy(path: Path) -> int:
    return len(Cassette.load(path=str(path), record_mode=RecordMode.NONE).responses)
