"""Find out, before the first request, whether a cassette can be written where it should be."""

from __future__ import annotations

import os
from pathlib import Path

from harness.cassette_format.cassette import RUN_ID
from harness.cassette_store.disk import Disk
from harness.errors import CassetteError

PART = ".part"
"""How the name of a part file ends."""

_HINT = "choose another place with record.cassette or --cassette"


def target_of(path: Path) -> Path:
    """Return the file that `path` means, links followed, its folder made where it was missing.

    Raises:
        CassetteError: it is a folder or a device, write-protected, or named like a part.
    """
    if path.suffix == PART:
        raise CassetteError(f"cannot write the cassette {path}: {PART} is for parts", hint=_HINT)
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
    if not RUN_ID.fullmatch(run_id):
        raise CassetteError(f"run id {run_id!r} cannot stand in a file name")
    return target.with_name(f"{target.name}.{run_id}{PART}")


def fresh_of(part: Path) -> Path:
    """Return the name under which a file of this run is written until it is whole."""
    return part.with_suffix(".new")


def probe(disk: Disk, part: Path) -> None:
    """Create and remove an empty file beside `part`, which must not be there.

    A part is born with its first exchange, because vcrpy cannot load a file without one.

    Raises:
        CassetteError: that is not possible.
    """
    fresh = fresh_of(part)
    taken = os.path.lexists(part)
    try:
        if not taken:
            disk.close(disk.create(fresh))
            disk.unlink(fresh)
    except FileExistsError:
        taken = True
    except OSError as error:
        raise unwritable(part, error) from error
    if taken:
        raise CassetteError(
            f"cannot write {part}: a part file of this run is there already",
            hint="another process may be running, or one was killed: move the file away",
        )


def unwritable(path: Path, error: Exception) -> CassetteError:
    """Return the error that says why nothing can be written at `path`."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "a loop of links"
    return CassetteError(f"cannot write the cassette {path}: {reason.lower()}", hint=_HINT)


def _may_write(path: Path) -> bool:
    """Ask for the rights that count when a file is opened, where the system can tell."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
