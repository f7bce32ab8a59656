"""Processes that record cassettes, several at once or killed half way.

Python starts once; each recording is a fork of it, so that hundreds of them take seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import harness

ROOT = Path(harness.__file__).parents[1]

_SERVER = """
import json, os, select, signal, sys, time
from pathlib import Path
from redaction.samples import exchange, made_up
from harness.cassette_store.writer import CassetteWriter
from harness.model.outcome import Outcome
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

def record(job, out):
    redactor = Redactor(SecretRegistry())
    facts = {"id": job["run"], "append": job["append"], "started_at_utc": job["started"]}
    writer = CassetteWriter.open(
        Path(job["path"]), job["run"], redactor=redactor, run=facts, append=job["append"])
    for number in range(1, job["exchanges"] + 1):
        made = exchange(made_up(job["key"]), sequence=number, variant=f"run={job['run']}")
        writer.append(redactor.redact(made), Outcome.DENIED)
        os.write(out, b"%d\\n" % number)
    writer.close()
    os.write(out, b"closed\\n")

def start(job):
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid:
        os.close(theirs)
        return pid, ours
    try:
        record(job, theirs)
    except BaseException as error:
        os.write(theirs, f"{type(error).__name__}: {error}\\n".encode())
    finally:
        os._exit(0)

for line in sys.stdin:
    jobs = json.loads(line)
    began = time.monotonic()
    running = [(job, *start(job)) for job in jobs]
    results = []
    for job, pid, ours in running:
        said = b""
        until = None if job["kill_after"] is None else began + job["kill_after"]
        while True:
            wait = None if until is None else max(until - time.monotonic(), 0)
            if select.select([ours], [], [], wait)[0]:
                data = os.read(ours, 65536)
                if not data:
                    break
                said += data
            else:
                os.kill(pid, signal.SIGKILL)
                until = None
        os.waitpid(pid, 0)
        os.close(ours)
        results.append({"run": job["run"], "said": said.decode().split("\\n")[:-1]})
    print(json.dumps({"seconds": time.monotonic() - began, "results": results}), flush=True)
"""


@dataclass(frozen=True)
class Job:
    """A recording. `kill_after` seconds it is killed, None lets it end."""

    path: Path
    run: str
    exchanges: int = 3
    append: bool = False
    kill_after: float | None = None
    key: int = 1
    started: float = 1_763_000_000.0


@dataclass(frozen=True)
class Told:
    """What a recording said before it ended: the exchanges written, whether it was published."""

    finished: int
    closed: bool
    error: str


class Recorders:
    """Runs jobs, all of a list at once."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self._server = server
        self.seconds = 0.0

    def __call__(self, jobs: Sequence[Job]) -> list[Told]:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        plain = [vars(job) | {"path": str(job.path)} for job in jobs]
        self._server.stdin.write(json.dumps(plain) + "\n")
        self._server.stdin.flush()
        answer: dict[str, Any] = json.loads(self._server.stdout.readline())
        self.seconds = answer["seconds"]
        return [_told(one["said"]) for one in answer["results"]]


def _told(said: list[str]) -> Told:
    numbers = [line for line in said if line.isdecimal()]
    others = [line for line in said if not line.isdecimal() and line != "closed"]
    return Told(len(numbers), "closed" in said, "; ".join(others))


@contextmanager
def recorders() -> Iterator[Recorders]:
    """Start the process that the recordings are forks of."""
    # Coverage's own data file would be broken by a kill.
    kept = {name: value for name, value in os.environ.items() if "COV" not in name}
    paths = f"{ROOT / 'tests'}{os.pathsep}{ROOT}"
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=kept | {"PYTHONPATH": paths},
    )
    try:
        yield Recorders(server)
    finally:
        assert server.stdin is not None
        server.stdin.close()
        server.wait(timeout=30)
        assert server.stdout is not None
        server.stdout.close()
