"""The product as a person starts it: a child process in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import yaml

from support.vcrpy_promises import cassettes_below, check_promises

ROOT = Path(__file__).resolve().parents[2]
Json = dict[str, Any]


@dataclass(frozen=True)
class Ran:
    """What one run came to. `peak_mib` is the most memory that the process held."""

    exit_code: int
    result: Json
    stderr: str
    seconds: float
    peak_mib: float
    folder: Path

    @property
    def run(self) -> Json:
        (run,) = self.result["runs"]
        return dict(run)

    @property
    def variants(self) -> dict[str, Json]:
        return {item["id"]: item for item in self.run["variants"]}

    @property
    def outcomes(self) -> dict[str, str]:
        return {name: item["outcome"] for name, item in self.variants.items()}

    @property
    def statuses(self) -> dict[str, int | None]:
        return {name: item["http_status"] for name, item in self.variants.items()}

    @property
    def findings(self) -> list[Json]:
        return list(self.run["findings"])

    @property
    def observed(self) -> set[str]:
        return {item["code"] for item in self.run["observations"]}

    def exchanges(self) -> dict[str, Json]:
        """What the cassette holds, by exchange id; read without the product."""
        cassette = self.folder / str(self.run["cassette"])
        items = yaml.load(cassette.read_bytes(), Loader=yaml.CSafeLoader)["interactions"]
        return {item["harness"]["id"]: item for item in items}


@dataclass(frozen=True)
class Product:
    """Runs scenarios in `folder`. `environ` is laid over a nearly empty environment."""

    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def run(self, scenario: Json, *options: str, within_seconds: float = 60) -> Ran:
        """Run a scenario and read its result; a crash or an internal error fails at once."""
        document = {"version": 1, "name": "seen", **scenario}
        path = self.folder / "seen.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
        command = [sys.executable, "-m", "harness", "run", str(path), "--trust"]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            started = time.monotonic()
            child = subprocess.Popen(
                [*command, "--format", "json", *options],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=self.folder,
                env=self._environ(),
            )
            code, peak_mib = _wait(child, started + within_seconds)
            seconds = time.monotonic() - started
            printed, narrated = (_read(stream) for stream in (out, err))
        if code not in {0, 1, 3, 5}:
            raise AssertionError(f"exit {code}: {narrated}")
        for path in cassettes_below(self.folder):
            check_promises(path)
        return Ran(code, json.loads(printed), narrated, seconds, peak_mib, self.folder)

    def _environ(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        home = {"HOME": str(self.folder), "XDG_STATE_HOME": str(self.folder / "state")}
        # Nothing of coverage: time and memory are measured here, and lines elsewhere.
        return {**kept, **home, "PYTHONPATH": str(ROOT), **self.environ}


def _read(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode()


def _wait(child: subprocess.Popen[bytes], until: float) -> tuple[int, float]:
    """Wait for this child alone and return its exit code and its peak of memory, in MiB.

    Not `ru_maxrss`: that starts with the peak of whoever started the child.
    """
    peak_mib = 0.0
    while time.monotonic() < until:
        peak_mib = max(peak_mib, _peak_mib(child.pid))
        code = child.poll()
        if code is not None:
            return code, peak_mib
        time.sleep(0.01)
    child.kill()
    child.wait()
    raise AssertionError("the run did not end in its time")


def _peak_mib(pid: int) -> float:
    """Return the peak so far; 0 for a child that has ended and is not waited for yet."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    peaks = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(peaks[0]) / 1024 if peaks else 0.0
