"""Ctrl-C and SIGTERM: what finished is kept and can be replayed, and nothing is left behind."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import vcr
from support.command_line import CommandLine, Finished
from support.local_server import LocalServer, Reply, Seen, bearer, local_server
from support.scenario_texts import bearer_text

AXES = """
  key:
    shell: {env: MADE_KEY}
    other: {literal: no-good}
  speed:
    fast: {}
    slow: {headers: {X-Slow: "yes"}}
"""


class SlowServer:
    """Answers at once, but for requests that ask to be slow: those wait until released."""

    def __init__(self, good: str) -> None:
        self.reached, self.released = threading.Event(), threading.Event()
        self._answer = bearer(good)

    def __call__(self, seen: Seen) -> Reply:
        if "x-slow" in seen.headers:
            self.reached.set()
            self.released.wait(30)
        return self._answer(seen)


@contextmanager
def slow_run(cli: CommandLine, *names: str) -> Iterator[tuple[subprocess.Popen[str], LocalServer]]:
    """Run the scenarios one request at a time, and go on when one of them hangs."""
    slow = SlowServer(cli.keys[0])
    with local_server(slow) as server:
        for name in names:
            text = bearer_text(server.url, axes=AXES, name=name)
            cli.write(f"{name}.yaml", text)
        arguments = [f"{name}.yaml" for name in names]
        process = subprocess.Popen(
            cli.argv("run", *arguments, "--trust", "--concurrency", "1", "--format", "json"),
            cwd=cli.directory,
            env=cli.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert slow.reached.wait(30)
            yield process, server
        finally:
            slow.released.set()
            process.kill()
            process.wait(10)


def ended(cli: CommandLine, process: subprocess.Popen[str]) -> Finished:
    out, err = process.communicate(timeout=20)
    return cli.checked(process.returncode, out, err)


@pytest.fixture
def asking(cli: CommandLine) -> CommandLine:
    cli.env["MADE_KEY"] = cli.key()
    return cli


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_finished_is_kept_and_replays(asking: CommandLine, number: signal.Signals, code: int):
    with slow_run(asking, "asked") as (process, _server):
        process.send_signal(number)
        done = ended(asking, process)
    assert (done.code, done.json["exit"]) == (code, code)
    (told,) = done.err.splitlines()
    assert told.endswith(" warning run ended requests=1 rounds=1 reason=interrupted")
    assert (done.run["ended"], done.run["evidence"]) == ("interrupted", "interrupted")
    assert [one["id"] for one in done.run["variants"]] == ["baseline"]
    assert done.run["requests_sent"] == 1
    part = done.run["cassette"]
    assert part.endswith(".part")
    assert not (asking.directory / "cassettes" / "asked.yaml").exists()
    with vcr.use_cassette(str(asking.directory / part), record_mode="none") as loaded:
        assert len(loaded) == 1
    again = asking("replay", part, "--format", "json")
    assert again.run == done.run | {"replayed": True, "exit": again.code}
    assert "Ended early: interrupted" in " ".join(asking("replay", part).out.split())


def test_the_second_ctrl_c_ends_at_once(asking: CommandLine):
    with slow_run(asking, "asked") as (process, _server):
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        done = ended(asking, process)
    assert done.code in {130, -signal.SIGINT}
    (part,) = (asking.directory / "cassettes").glob("*.part")
    assert asking("replay", str(part)).code == 0


def test_the_scenarios_behind_are_not_run(asking: CommandLine):
    with slow_run(asking, "asked", "behind") as (process, server):
        process.send_signal(signal.SIGINT)
        done = ended(asking, process)
        assert len(server.seen) == 2
    assert [run["scenario"] for run in done.json["runs"]] == ["asked"]
    assert done.code == 130
