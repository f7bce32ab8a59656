"""Cassettes that earlier versions recorded replay for ever, and say where the findings differ."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import jsonschema
import pytest
from support.command_line import CommandLine
from vcr.cassette import Cassette
from vcr.record_mode import RecordMode

import harness
from harness.cassette_store.reader import read_cassette
from harness.reports.json_schema import result_schema

FOLDER = Path(__file__).parent.parent / "cassettes_of_versions"
FILES = sorted(FOLDER.glob("*.yaml"))


def test_this_version_has_its_cassettes() -> None:
    assert [path for path in FILES if path.name.startswith(f"{harness.__version__}-")]


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_every_run_replays(cli: CommandLine, path: Path) -> None:
    for run in read_cassette(path).runs:
        done = cli("replay", str(path), "--run", str(run.number), "--format", "json")
        assert done.code in {0, 1, 3, 5}, done.err
        jsonschema.validate(done.json, result_schema())
        assert isinstance(run.facts, dict)
        recorded = run.facts["findings"]
        found = [
            {"flip": one["flip"], "to": one["to"], "code": one["code"]}
            for one in done.run["findings"]
        ]
        differs = [note for note in done.run["notes"] if re.search(r"found (by|now)", note)]
        assert bool(differs) == (found != recorded)


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_vcrpy_loads_it(path: Path) -> None:
    logging.getLogger("vcr").setLevel(logging.CRITICAL)
    answered = [
        one
        for run in read_cassette(path).runs
        for one in run.records
        if one.exchange.response is not None
    ]
    loaded = Cassette.load(path=str(path), record_mode=RecordMode.NONE)
    assert len(loaded.responses) == len(answered)


def changed(cli: CommandLine, **facts: object) -> str:
    """Write a cassette whose run found something else; return its name."""
    lines = (FOLDER / "0.1.0-deepseek-401.lab.yaml").read_text().splitlines(keepends=True)
    first = json.loads(lines[2][2:])
    first["harness"]["run"].update(facts)
    lines[2] = f"- {json.dumps(first)}\n"
    cli.write("changed.yaml", "".join(lines))
    return "changed.yaml"


def test_findings_that_differ_are_said(cli: CommandLine) -> None:
    other = {"flip": {"key": ["shell", "dotenv"]}, "to": "denied", "code": "K99"}
    name = changed(cli, findings=[other], tool="0.0.7")
    done = cli("replay", name)
    assert done.code == 1
    text = " ".join(done.out.split())
    assert "K99: key shell -> dotenv, to denied, found by 0.0.7, is not found now" in text
    (code,) = [one["code"] for one in cli("replay", name, "--format", "json").run["findings"]]
    assert f"{code}: key shell -> dotenv, to denied, found now, was not found by 0.0.7" in text


@pytest.mark.parametrize("findings", [7, [7], [{"flip": 1}], [{"flip": {"a": "b"}}]])
def test_findings_of_another_form_are_damage(cli: CommandLine, findings: object) -> None:
    done = cli("replay", changed(cli, findings=findings))
    assert done.code == 2
    assert "has damaged run facts in its first exchange" in done.err


def test_a_cassette_from_before_findings_were_kept_says_nothing_of_them(cli: CommandLine) -> None:
    done = cli("replay", changed(cli, findings=None), "--format", "json")
    assert not [note for note in done.run["notes"] if "found" in note]
