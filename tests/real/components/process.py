"""One foreign server as a child process: started, waited for, ended by its own process id."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

READY_WITHIN_SECONDS = 30.0
ENDS_WITHIN_SECONDS = 5.0
_POLL_SECONDS = 0.02


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def own_folder(name: str) -> Iterator[Path]:
    """Make a folder that a server's unprivileged workers may read, and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"flip401-{name}-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(
    command: Sequence[str | Path],
    port: int,
    folder: Path,
    environ: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in the foreground until the block ends; it is ready when `port` accepts."""
    name = Path(command[0]).name
    log = folder / f"{name}.{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=folder,
            env={**os.environ, **(environ or {})},
            # Apache and dante signal their whole process group when they end: not ours.
            start_new_session=True,
        )
    try:
        _wait_until_ready(process, port, name, log)
        yield process
    finally:
        _end(process)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, name: str, log: Path) -> None:
    give_up = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended at once ({process.returncode}): {_tail(log)}")
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
        except OSError:
            time.sleep(_POLL_SECONDS)
        else:
            return
    raise RuntimeError(f"{name} did not listen within {READY_WITHIN_SECONDS:g} s: {_tail(log)}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(ENDS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]
