"""More than forty planted causes, named by a stranger who has the shared file and nothing else."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from share.planted_scenarios import KEYS, PROMPT, scenario_of_keys
from support.command_line import CommandLine, Finished
from support.declared_causes import DECLARED

PLANTED = {
    (name, flip): code for name, (_, findings) in DECLARED.items() for flip, code in findings
}
PARTS = [list(KEYS)[start : start + 10] for start in range(0, len(KEYS), 10)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """Another folder, with no environment and no file but the bundle."""
    return CommandLine(tmp_path_factory.mktemp("stranger"))


def told(done: Finished) -> dict[str, str]:
    return {flip_in_words(one): one["code"] for one in done.run["findings"]}


def flip_in_words(finding: dict[str, Any]) -> str:
    return ", ".join(f"{axis}: {start} -> {end}" for axis, (start, end) in finding["flip"].items())


def seen_by(stranger: CommandLine, desk: CommandLine, name: str, scenario: str) -> Finished:
    """Run in the lab, share, and let the stranger replay the bundle."""
    live = desk("run", scenario, "--lab", "--format", "json")
    done = desk("share", live.run["cassette"], "--to", f"{name}.zip")
    assert done.code == 0, done.err
    assert "tells less" not in done.err
    shutil.copy(desk.directory / f"{name}.zip", stranger.directory)
    return stranger("replay", f"{name}.zip", "--format", "json")


def test_there_are_more_than_forty_and_of_many_kinds():
    assert len(PLANTED) + len(KEYS) > 80
    assert len({*PLANTED.values(), *(code for _, code in KEYS.values())}) > 30


@pytest.mark.parametrize("name", DECLARED)
def test_a_shipped_scenarios_causes_are_named(name: str, desk: CommandLine, stranger: CommandLine):
    again = seen_by(stranger, desk, name, name)
    assert told(again) == {flip: code for (one, flip), code in PLANTED.items() if one == name}
    assert again.code == DECLARED[name][0]


@pytest.mark.parametrize("levels", PARTS, ids=lambda levels: levels[0])
def test_what_is_planted_in_a_key_is_named(
    levels: list[str], desk: CommandLine, stranger: CommandLine
):
    name = f"keys-{levels[0]}"
    desk.write(f"{name}.yaml", scenario_of_keys(levels))
    again = seen_by(stranger, desk, name, f"{name}.yaml")
    assert told(again) == {f"key: good -> {level}": KEYS[level][1] for level in levels}
    with zipfile.ZipFile(stranger.directory / f"{name}.zip") as bundle:
        assert [one for one in bundle.namelist() if PROMPT.encode() in bundle.read(one)] == []


def test_a_stranger_is_told_how_a_bad_key_is_made(desk: CommandLine, stranger: CommandLine):
    levels = ["bearer-inside", "bom", "double-quotes", "export-inside", "line-feed"]
    desk.write("made.yaml", scenario_of_keys(levels))
    again = seen_by(stranger, desk, "made", "made.yaml")
    ids = {facts["secret_id"]: name for name, facts in again.run["keys"].items()}
    found = {
        f"{ids[one['id']]}: {one['text'].partition(' ')[2]}"
        for one in again.run["relations"]
        if ids[one["of"]] == "key=good"
    }
    good = next(one for one, name in ids.items() if name == "key=good")
    assert {one.replace(good, "good") for one in found} == {
        'key=bearer-inside: = "Bearer " + good',
        "key=bom: = BOM + good",
        "key=double-quotes: = double quote + good + double quote",
        "key=export-inside: = export NAME= + good",
        "key=line-feed: = good + LF",
    }
    assert Path(stranger.directory / "made.zip").is_file()
