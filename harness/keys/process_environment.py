"""A key in the environment that another process was started with (Linux: `/proc`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from harness.errors import SourceError
from harness.model.key_source import ProcessSource
from harness.model.secret import Provenance, Secret

PROC = Path("/proc")
_COMM_LENGTH = 15
"""The kernel cuts the name of a program to so many bytes (`TASK_COMM_LEN` less one)."""


@dataclass(frozen=True, slots=True)
class ProcessVariable:
    """A variable as a process got it; `started_at` in seconds since the epoch, when knowable."""

    secret: Secret
    pids: tuple[int, ...]
    started_at: float | None


def find_in_process(source: ProcessSource, proc: Path = PROC) -> ProcessVariable:
    """Return the variable; several processes of one program must agree about it.

    Raises:
        SourceError: no Linux, no such process, no permission, no such variable, or processes
            that disagree.
    """
    if not (proc / "self" / "environ").exists():
        raise SourceError(
            "the environment of another process can be read on Linux only (/proc)",
            hint="run `env` inside that process and use a `file` source",
        )
    pids = _pids(source.process, proc)
    found: dict[int, Secret] = {}
    errors: list[SourceError] = []
    for pid in pids:
        try:
            found[pid] = _variable(pid, source.name, proc)
        except SourceError as error:
            errors.append(error)
    if not found:
        raise errors[0]
    first = next(iter(found.values()))
    if not all(secret.same_value_as(first) for secret in found.values()):
        listed = ", ".join(map(str, found))
        raise SourceError(
            f"processes {listed} are all {source.process}, and their {source.name} differs",
            hint="name one of them: {process: {pid: …}}",
        )
    place = f"{source.process} (pid {', '.join(map(str, found))}) {source.name}"
    named = Secret(first.reveal(), Provenance("process", place))
    return ProcessVariable(named, tuple(found), _started_at(min(found), proc))


def _pids(process: int | str, proc: Path) -> tuple[int, ...]:
    if isinstance(process, int):
        return (process,)
    pids = tuple(sorted(pid for pid in _running(proc) if _is_program(pid, process, proc)))
    if not pids:
        raise SourceError(f"no process called {process} is running", hint="start it, or name a pid")
    return pids


def _running(proc: Path) -> Iterator[int]:
    for folder in proc.iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            yield int(folder.name)


def _is_program(pid: int, program: str, proc: Path) -> bool:
    """Compare with the program's name as the kernel and as its own first word have it."""
    try:
        words = (proc / str(pid) / "cmdline").read_bytes().split(b"\0")
        comm = (proc / str(pid) / "comm").read_bytes().rstrip(b"\n")
    except OSError:  # it has ended meanwhile
        return False
    wanted = os.fsencode(program)
    return comm == wanted[:_COMM_LENGTH] or words[0].rpartition(b"/")[2] == wanted


def _variable(pid: int, name: str, proc: Path) -> Secret:
    try:
        block = (proc / str(pid) / "environ").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        raise SourceError(f"there is no process {pid}", hint="is it still running?") from None
    except PermissionError:
        raise SourceError(
            f"not allowed to read the environment of process {pid}",
            hint="it belongs to another user: run flip401 as that user",
        ) from None
    variables = dict(_text(entry).split("=", 1) for entry in block.split(b"\0") if b"=" in entry)
    if name in variables:
        return Secret(variables[name], Provenance("process", f"{pid} {name}"))
    near = get_close_matches(name, variables, n=1, cutoff=0.8)
    raise SourceError(
        f"process {pid} was started without {name}",
        hint=f"did you mean {near[0]}?" if near else "set it where the process is started",
    )


def _started_at(pid: int, proc: Path) -> float | None:
    """Return when the process started (proc(5): `starttime` in ticks after `btime`)."""
    try:
        stat = (proc / str(pid) / "stat").read_text(errors="replace")
        ticks = int(stat.rpartition(")")[2].split()[19])
        booted = next(
            int(line.split()[1])
            for line in (proc / "stat").read_text().splitlines()
            if line.startswith("btime ")
        )
    except (OSError, ValueError, IndexError, StopIteration):
        return None
    return booted + ticks / os.sysconf("SC_CLK_TCK")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
