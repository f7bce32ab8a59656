"""Run `flip401` as a person would, and make sure each time that no key got out."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import harness
from harness.cli.main import run as run_in_process
from support.key_leaks import files_below, leaks
from support.made_keys import made_key
from support.vcrpy_promises import cassettes_below, check_promises

ROOT = Path(harness.__file__).parents[1]
SECONDS = 50


@dataclass(frozen=True)
class Finished:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def run(self) -> Any:
        """The only run of a JSON result."""
        (run,) = self.json["runs"]
        return run


@dataclass
class CommandLine:
    """A directory, an empty HOME, an environment of its own, and the keys that are about."""

    directory: Path
    env: dict[str, str] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    inputs: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name in ("home", "state"):
            (self.directory / name).mkdir(exist_ok=True)

    def key(self, seed: object = 1, *, prefix: str = "sk-") -> str:
        """Make a key that must not be seen again from now on."""
        made = made_key(seed, prefix=prefix)
        self.keys.append(made)
        return made

    def write(self, name: str, text: str | bytes) -> Path:
        """Write an input file; only files written here may hold a key."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        self.inputs.add(path)
        return path

    def __call__(self, *arguments: str) -> Finished:
        """Run in this process."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with self._surroundings(), redirect_stdout(out), redirect_stderr(err):
            code = run_in_process(list(arguments))
        return self.checked(code, _content(out), _content(err))

    def process(self, *arguments: str, python: tuple[str, ...] = ()) -> Finished:
        """Run as a process of its own."""
        done = subprocess.run(
            self.argv(*arguments, python=python),
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        return self.checked(done.returncode, done.stdout.decode(), done.stderr.decode())

    def argv(self, *arguments: str, python: tuple[str, ...] = ()) -> list[str]:
        return [sys.executable, *python, "-m", "harness", *arguments]

    @property
    def environment(self) -> Mapping[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name == "PATH" or name.startswith("COVERAGE_")
        }
        return kept | {
            "HOME": str(self.directory / "home"),
            "XDG_STATE_HOME": str(self.directory / "state"),
            "PYTHONPATH": str(ROOT),
            "PYTHONDEVMODE": "1",
            "LC_ALL": "C.UTF-8",
            **self.env,
        }

    def checked(self, code: int, out: str, err: str) -> Finished:
        """Fail when a key is in the output or in any file that is no input.

        Every cassette that is no input must load in vcrpy and replay there in file order.
        """
        texts = [("stdout", out.encode()), ("stderr", err.encode())]
        texts += files_below(self.directory, without=self.inputs)
        found = leaks(self.keys, texts)
        assert not found, "; ".join(found)
        assert "Traceback" not in err, err
        for path in cassettes_below(self.directory, without=self.inputs):
            check_promises(path)
        return Finished(code, out, err)

    @contextmanager
    def _surroundings(self) -> Iterator[None]:
        before, where = dict(os.environ), Path.cwd()
        os.environ.clear()
        os.environ.update(self.environment)
        os.chdir(self.directory)
        try:
            yield
        finally:
            os.chdir(where)
            os.environ.clear()
            os.environ.update(before)


def _content(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
