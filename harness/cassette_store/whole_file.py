"""Put a file in place whole or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from harness.cassette_store.disk import Disk, RealDisk
from harness.cassette_store.place import unwritable


def write_whole(
    data: bytes,
    target: Path,
    *,
    check: Callable[[Path], None] | None = None,
    disk: Disk | None = None,
) -> None:
    """Write beside the target, let `check` read that back, and put it in place in one step.

    Raises:
        CassetteError: the disk does not take it; what was there before stays, and nothing else.
            Whatever `check` raises has the same end.
    """
    disk = disk or RealDisk()
    fresh = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        _write(disk, fresh, data)
        if check is not None:
            check(fresh)
        disk.rename(fresh, target)
    except BaseException as error:
        with suppress(OSError):  # the first error counts
            disk.unlink(fresh)
        if isinstance(error, OSError):
            raise unwritable(target, error) from error
        raise
    disk.sync_folder(target.parent)


def _write(disk: Disk, fresh: Path, data: bytes) -> None:
    descriptor = disk.create(fresh)
    try:
        disk.write(descriptor, data)
        disk.sync(descriptor)
    finally:
        disk.close(descriptor)
