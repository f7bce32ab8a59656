"""Record cases end to end with the real command line, and gather all that it wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .case import Case, answer
from .origin import Answer, origin

SECONDS = 55
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Recorded:
    """What one run of many cases left: its exit code and every byte it wrote, by name."""

    code: int
    files: tuple[tuple[str, bytes], ...]
    cases: tuple[Case, ...]
    first: int

    def exchanges(self) -> dict[str, list[Any]]:
        """What the cassette holds, by level; read without the product."""
        found: dict[str, list[Any]] = {}
        for line in dict(self.files)["corpus.yaml"].decode().splitlines()[2:]:
            item = json.loads(line[2:])
            level = item["harness"]["id"].split("/")[0].partition("=")[2]
            found.setdefault(level, []).append(item)
        return found


def record(folder: Path, cases: Sequence[Case], first: int = 0, *, root: Path = _ROOT) -> Recorded:
    """Run `cases`, numbered from `first`, as the levels of one axis, in `folder`.

    `root` is where the product is, so that an older one can be measured.
    """
    inputs = folder / "in"
    written = folder / "out"
    for each in (inputs, written, folder / "home", folder / "tmp"):
        each.mkdir(parents=True)
    answers = {first + at: Answer(case.answer, case.reset) for at, case in enumerate(cases)}
    with origin({**answers, -1: Answer(answer("nothing here", status="404 No"))}) as port:
        environ = _write_inputs(inputs, cases, first, f"127.0.0.1:{port}")
        done = subprocess.run(
            [
                sys.executable,
                *(os.environ["DBG"].split() if "DBG" in os.environ else ["-m", "harness"]),
                "run",
                str(inputs / "corpus.yaml"),
                *_OPTIONS,
            ],
            cwd=written,
            env=_environ(folder, root) | environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    streams = (("stdout", done.stdout), ("stderr", done.stderr))
    files = (*streams, *_below(written), *_below(folder / "tmp"), *_below(folder / "home"))
    return Recorded(done.returncode, files, tuple(cases), first)


def level_of(number: int) -> str:
    """Return the name of a case's level."""
    return f"c{number:03}"


_NAMES = {"@KEY@": "${key}", "@KEY64@": "${key|base64}"}
_OPTIONS = (
    *("--trust", "--cassette", "corpus.yaml", "--format", "json"),
    *("-vv", "--log-file", "corpus.log"),
    *("--report", "text=report.txt", "--report", "json=report.json"),
)


def _environ(folder: Path, root: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    return kept | {
        "PATH": os.environ["PATH"],
        "HOME": str(folder / "home"),
        "XDG_STATE_HOME": str(folder / "home" / "state"),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": str(root),
        "LC_ALL": "C.UTF-8",
    }


def _write_inputs(inputs: Path, cases: Sequence[Case], first: int, address: str) -> dict[str, str]:
    """Write the scenario and the bodies; return the environment that holds the keys."""
    environ: dict[str, str] = {}
    levels: dict[str, Any] = {}
    for number, case in enumerate(cases, first):
        level = level_of(number)
        patch = _filled(case.patch, address, level)
        patch.setdefault("url", f"http://{address}/{level}/v1")
        if case.body is not None:
            (inputs / f"{level}.bin").write_bytes(case.body)
            patch |= {"method": "POST", "body_file": f"{level}.bin"}
        if case.key is not None:
            environ[f"KEY_{number}"] = case.key
            patch["key"] = {"env": f"KEY_{number}"}
            if "@KEY" not in json.dumps(case.patch):
                patch["headers"] = _with_key(patch.get("headers", {}), case.key)
        environ |= case.environ
        levels[level] = patch
    document = {
        "version": 1,
        "name": "corpus",
        "request": {"url": f"http://{address}/base", "allow_literals": True, "timeout": "9s"},
        "axes": {"case": levels},
        "search": {"strategy": "all", "budget": 2000, "max_denied": 2000, "concurrency": 16},
    }
    (inputs / "corpus.yaml").write_text(json.dumps(document), encoding="utf-8")
    return environ


def _with_key(headers: Any, key: str) -> Any:
    """Send the key as well, so that the run has a use for it; not where a line cannot hold it."""
    named = headers if isinstance(headers, dict) else dict(headers)
    filled = "${key|base64}" if not key.isascii() or not key.isprintable() else "${key}"
    name = "X-Also" if "authorization" in {one.lower() for one in named} else "Authorization"
    if isinstance(headers, dict):
        return {**headers, name: f"Bearer {filled}"}
    return [*headers, [name, f"Bearer {filled}"]]


def _filled(patch: Any, address: str, level: str) -> Any:
    if isinstance(patch, str):
        plain = patch.replace("$", "$$")
        for name, value in _NAMES.items():
            plain = plain.replace(name, value)
        return plain.replace("@ORIGIN@", address).replace("@CASE@", level)
    if isinstance(patch, dict):
        return {name: _filled(value, address, level) for name, value in patch.items()}
    return [_filled(value, address, level) for value in patch]


def _below(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()
