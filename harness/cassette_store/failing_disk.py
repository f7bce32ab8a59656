"""A disk that fails on demand, to find out what a full or broken one would leave behind."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from harness.cassette_store.disk import Disk


@dataclass(slots=True)
class FailingDisk:
    """Passes calls on to `disk` until call number `fail_at` (from 1), which fails.

    With `lasting` every later call fails too, as on a disk that is gone. A write that fails has
    written half of its bytes. `calls` lists the names of all calls so far.
    """

    disk: Disk
    fail_at: int = 0
    error: int = errno.ENOSPC
    lasting: bool = False
    calls: list[str] = field(default_factory=list)

    def create(self, path: Path) -> int:
        """Create, or fail."""
        self._count("open")
        return self.disk.create(path)

    def in_use(self, path: Path) -> bool:
        """Ask, or fail."""
        self._count("open")
        return self.disk.in_use(path)

    def read(self, path: Path) -> BinaryIO:
        """Open, or fail."""
        self._count("open")
        return self.disk.read(path)

    def write(self, descriptor: int, data: bytes) -> None:
        """Write all, or half and fail."""
        try:
            self._count("write")
        except OSError:
            self.disk.write(descriptor, data[: len(data) // 2])
            raise
        self.disk.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        """Sync, or fail."""
        self._count("fsync")
        self.disk.sync(descriptor)

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut back, or fail."""
        self._count("ftruncate")
        self.disk.truncate(descriptor, size)

    def close(self, descriptor: int) -> None:
        """Close: the descriptor is gone in any case."""
        self.disk.close(descriptor)

    def rename(self, path: Path, target: Path) -> None:
        """Rename, or fail."""
        self._count("rename")
        self.disk.rename(path, target)

    def unlink(self, path: Path) -> None:
        """Remove, or fail."""
        self._count("unlink")
        self.disk.unlink(path)

    def sync_folder(self, folder: Path) -> None:
        """Sync; it never fails for those who call it."""
        self.disk.sync_folder(folder)

    def lock(self, path: Path) -> int | None:
        """Take the lock, or fail."""
        self._count("open")
        return self.disk.lock(path)

    def _count(self, name: str) -> None:
        self.calls.append(name)
        number = len(self.calls)
        if number == self.fail_at or (self.lasting and 0 < self.fail_at < number):
            raise OSError(self.error, os.strerror(self.error))
