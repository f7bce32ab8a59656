"""`run --append`, `replay --run` and `repair`, as a person uses them."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from support import soak
from support.command_line import CommandLine
from support.local_server import bearer, local_server
from support.scenario_texts import bearer_text

from harness.cassette_store.reader import read_cassette

AXES = "\n  key: {shell: {env: MADE_KEY}, wrong: {literal: no-good-key-77}}"
ITEM = "\n- "
LAB = "cassettes/deepseek-401.lab.yaml"


def record(cli: CommandLine, *arguments: str, name: str = "asked", keys: int = 1) -> None:
    cli.env["MADE_KEY"] = cli.key(f"good {keys}")
    with local_server(bearer(cli.keys[-1])) as server:
        cli.write(f"{name}.yaml", bearer_text(server.url, axes=AXES, name=name))
        done = cli("run", f"{name}.yaml", "--trust", "--cassette", "kept.yaml", *arguments)
    assert done.code == 1, done.err


def test_each_run_is_replayed_by_itself(cli: CommandLine) -> None:
    record(cli, "--append")
    record(cli, "--append", keys=2)
    record(cli, "--append", name="other", keys=3)
    runs = read_cassette(cli.directory / "kept.yaml").runs
    assert [run.number for run in runs] == [1, 2, 3]
    newest = cli("replay", "kept.yaml", "--format", "json").run
    assert newest["scenario"] == "other"
    assert f"run 3 of 3 in the cassette ({runs[2].id})" in newest["notes"]
    for wanted in ("1", runs[0].id):
        first = cli("replay", "kept.yaml", "--run", wanted, "--format", "json").run
        assert first["scenario"] == "asked"
        assert [one["code"] for one in first["findings"]] == [
            one["code"] for one in newest["findings"]
        ]
        assert f"run 1 of 3 in the cassette ({runs[0].id})" in first["notes"]
    done = cli("replay", "kept.yaml", "--run", "4")
    assert done.code == 2
    assert done.err.splitlines()[0] == "error: kept.yaml has no run '4'"
    assert [line.split()[0] for line in done.err.splitlines()[2:]] == ["1", "2", "3"]
    text = (cli.directory / "kept.yaml").read_text()
    assert set(re.findall(r"RDX~(r\d\.|)s1\.", text)) == {"", "r2.", "r3."}


def test_several_scenarios_can_share_a_cassette(cli: CommandLine) -> None:
    cli.env["MADE_KEY"] = cli.key()
    with local_server(bearer(cli.keys[0])) as server:
        for name in ("one", "two"):
            cli.write(f"{name}.yaml", bearer_text(server.url, axes=AXES, name=name))
        arguments = ("run", "one.yaml", "two.yaml", "--trust", "--cassette", "kept.yaml")
        refused = cli(*arguments)
        assert refused.code == 2
        assert "add to one with `--append`" in refused.err
        assert cli(*arguments, "--append").code == 1
    assert len(read_cassette(cli.directory / "kept.yaml").runs) == 2


def test_what_cannot_be_added_to_stops_the_run_before_it_sends(cli: CommandLine) -> None:
    cli.env["MADE_KEY"] = cli.key()
    cli.write("kept.yaml", "interactions: []\n")
    with local_server(bearer(cli.keys[0])) as server:
        cli.write("asked.yaml", bearer_text(server.url, axes=AXES))
        done = cli("run", "asked.yaml", "--trust", "--cassette", "kept.yaml", "--append")
        assert server.seen == []
    assert done.code == 2
    assert "kept.yaml:1:1: expected `version: 1`" in done.err


def test_repair_says_what_it_did(cli: CommandLine) -> None:
    record(cli)
    path = cli.directory / "kept.yaml"
    text = path.read_text()
    part = path.with_name("kept.yaml.20261125T093000Z-1a2b.part")
    part.write_text(text + text.splitlines()[-1][:50])
    path.unlink()
    done = cli("repair", part.name)
    assert (done.code, done.out) == (0, f"kept.yaml: {text.count(ITEM)} exchanges\n")
    number = len(text.splitlines()) + 1
    assert done.err == f"left out: an unfinished line at {part.name}:{number}:1\n"
    assert path.read_text() == text
    assert not part.exists()
    part.write_text(text)
    done = cli("repair", part.name)
    assert done.err == f"it was published already; {part.name} is removed\n"
    part.write_text(text.replace('"id":"2', '"id":"1'))
    done = cli("repair", part.name)
    assert done.code == 2
    assert done.err == (
        f"error: cannot repair {part.name}: {path} is as new\n"
        "    `--to FILE` publishes it elsewhere; `--force` replaces what is there\n"
    )
    done = cli("repair", part.name, "--to", "other.yaml")
    assert done.out.startswith("other.yaml: ")


def test_repair_refuses_a_leak(cli: CommandLine) -> None:
    record(cli)
    path = cli.directory / "kept.yaml"
    key = cli.key("a stranger's", prefix="sk-")[:20] + "1234567890123456"
    claims = f'"tokens":[{{"id":"s1","alg":"","typ":"","claims":{{"{key}":1}}}}],"secret_ids"'
    text = path.read_text().replace('"secret_ids"', claims).replace('"OK"', '"RDX~s1.jwt.L9~"')
    path.unlink()
    cli.write("kept.yaml.r1.part", text.replace('User-Agent","', 'User-Agent","RDX~s1.jwt.L9~'))
    done = cli("repair", "kept.yaml.r1.part")
    assert done.code == 4, done.err
    assert done.err.startswith("leak: a secret would have been written at kept.yaml line ")
    assert done.err.endswith("; nothing was published\n")
    assert done.out == ""
    assert not path.exists()


@pytest.mark.soak
def test_a_run_that_is_killed_loses_nothing(cli: CommandLine) -> None:
    moments = soak.source("killed run")
    assert cli("run", "deepseek-401", "--lab", "--append").code == 1
    older = (cli.directory / LAB).read_bytes()
    for _ in range(soak.count(suite=2, full=20)):
        finished = killed(cli, moments.uniform(0.05, 0.6), moments.randint(1, 12))
        parts = list(cli.directory.glob(f"{LAB}.*.part"))
        assert bool(parts) or not finished or (cli.directory / LAB).read_bytes() != older
        for part in parts:
            assert cli("replay", str(part), "--format", "json").code in {0, 1, 3, 5}
            assert cli("repair", str(part)).code == 0
        now = (cli.directory / LAB).read_bytes()
        assert now.startswith(older)
        if finished:
            newest = read_cassette(cli.directory / LAB).records
            assert finished <= {str(record.exchange.key) for record in newest}
        older = now
        leftovers = {file.name for file in (cli.directory / "cassettes").iterdir()}
        assert {Path(name).suffix for name in leftovers} <= {".yaml", ".lock", ".new"}


def killed(cli: CommandLine, seconds: float, exchanges: int) -> set[str]:
    """Kill a run some time after its first exchange, or after some; return what it said it did."""
    arguments = ("run", "deepseek-401", "--lab", "--append", "--strategy", "all", "-vv")
    process = subprocess.Popen(
        cli.argv(*arguments, "--concurrency", "4", "--budget", "200"),
        cwd=cli.directory,
        env={name: text for name, text in cli.environment.items() if "COV" not in name},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    finished: set[str] = set()
    until = None
    for line in process.stderr:
        match = re.search(r"exchange recorded.*exchange=(\S+)", line)
        if match:
            finished.add(match[1].strip("'\""))
            until = until or time.monotonic() + seconds
        if len(finished) >= exchanges or (until and time.monotonic() > until):
            process.send_signal(signal.SIGKILL)
            break
    finished |= {
        match[1].strip("'\"")
        for match in re.finditer(r"exchange recorded.*exchange=(\S+)", process.stderr.read())
    }
    process.wait(timeout=30)
    process.stderr.close()
    return finished
