"""Find out, before the first request, whether a cassette can be written where it should be."""

from __future__ import annotations

import os
import re
from pathlib import Path

from harness.errors import CassetteError

_RUN_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
_HINT = "choose another place with record.cassette or --cassette"


def target_of(path: Path) -> Path:
    """Return the file that `path` means, links followed, its folder made where it was missing.

    Raises:
        CassetteError: it is a folder or a device, or it is write-protected.
    """
    try:
        target = path.resolve() if path.is_symlink() else path.absolute()
        if target.is_symlink():
            # Python 3.13 returns a circle of links as it is; earlier ones raise RuntimeError.
            raise CassetteError(
                f"cannot write the cassette {path}: its links go in a loop", hint=_HINT
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            raise CassetteError(f"cannot write the cassette {path}: it is a folder", hint=_HINT)
        if target.exists() and not target.is_file():
            raise CassetteError(f"cannot write the cassette {path}: it is no file", hint=_HINT)
        if target.exists() and not _may_write(target):
            raise CassetteError(f"cannot write the cassette {path}: it is read-only", hint=_HINT)
    except (OSError, RuntimeError) as error:
        raise unwritable(path, error) from error
    return target


def part_of(target: Path, run_id: str) -> Path:
    """Return the name of the part file of one run.

    Raises:
        CassetteError: the run id cannot stand in a file name.
    """
    if not _RUN_ID.fullmatch(run_id):
        raise CassetteError(f"run id {run_id!r} cannot stand in a file name")
    return target.with_name(f"{target.name}.{run_id}.part")


def probe(part: Path) -> None:
    """Create and remove an empty file under the name of `part`.

    A part is born with its first exchange, because vcrpy cannot load a file without one.

    Raises:
        CassetteError: that is not possible.
    """
    try:
        os.close(create(part))
        part.unlink()
    except FileExistsError as error:
        raise CassetteError(
            f"cannot write {part}: a part file of this run is there already",
            hint="another process may be running, or one was killed: move the file away",
        ) from error
    except OSError as error:
        raise unwritable(part, error) from error


def create(path: Path) -> int:
    """Open a new file that only its owner may read; never through a link, never an old one.

    Whatever is written goes to its end, also after it was cut back.
    """
    return os.open(path, _FLAGS, 0o600)


def unwritable(path: Path, error: Exception) -> CassetteError:
    """Return the error that says why nothing can be written at `path`."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "a loop of links"
    return CassetteError(f"cannot write the cassette {path}: {reason.lower()}", hint=_HINT)


def _may_write(path: Path) -> bool:
    """Ask for the rights that count when a file is opened, where the system can tell."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


_FLAGS: int = (
    os.O_WRONLY
    | os.O_APPEND
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
