"""What the store asks of a disk: few calls, so that a test can make each of them fail."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol


class Disk(Protocol):
    """The calls by which cassettes are written. All of them may raise OSError."""

    def create(self, path: Path) -> int:
        """Open a new file that only its owner may read; never through a link, never an old one.

        Whatever is written goes to its end, also after it was cut back. Until it is closed, or
        its process ends in any way, the file is in use.
        """
        ...

    def in_use(self, path: Path) -> bool:
        """Tell whether who created the file has not closed it yet."""
        ...

    def read(self, path: Path) -> BinaryIO:
        """Open a file to be read."""
        ...

    def write(self, descriptor: int, data: bytes) -> None:
        """Write every byte."""

    def sync(self, descriptor: int) -> None:
        """Wait until what was written is on the disk."""

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut the file back."""

    def close(self, descriptor: int) -> None:
        """Let go of the file, and of the lock on it."""

    def rename(self, path: Path, target: Path) -> None:
        """Put the file in the place of `target` in one step."""

    def unlink(self, path: Path) -> None:
        """Remove a file."""

    def sync_folder(self, folder: Path) -> None:
        """Wait until the names in it are on the disk."""

    def lock(self, path: Path) -> int | None:
        """Take the lock that the file `path` stands for; None when somebody else has it."""
        ...


class RealDisk:
    """The disk itself."""

    def create(self, path: Path) -> int:
        """Open a new file, mode 0600."""
        descriptor = os.open(path, _NEW, 0o600)
        with suppress(OSError):  # a file system without locks: nobody can tell
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return descriptor

    def in_use(self, path: Path) -> bool:
        """Try the lock that `create` took."""
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            except OSError:
                return False
        return False

    def read(self, path: Path) -> BinaryIO:
        """Open a file to be read."""
        return path.open("rb", buffering=_BUFFER)

    def write(self, descriptor: int, data: bytes) -> None:
        """Write every byte: the system may take fewer at a time."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]

    def sync(self, descriptor: int) -> None:
        """Call fsync."""
        os.fsync(descriptor)

    def truncate(self, descriptor: int, size: int) -> None:
        """Call ftruncate."""
        os.ftruncate(descriptor, size)

    def close(self, descriptor: int) -> None:
        """Call close."""
        os.close(descriptor)

    def rename(self, path: Path, target: Path) -> None:
        """Call rename."""
        path.replace(target)

    def unlink(self, path: Path) -> None:
        """Call unlink."""
        path.unlink()

    def sync_folder(self, folder: Path) -> None:
        """Call fsync on the folder; some file systems cannot do that."""
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def lock(self, path: Path) -> int | None:
        """Call flock, and make sure that the file locked is the one that has the name now.

        Who holds the lock removes the file before letting go; a lock on a file that lost its
        name is worth nothing, and is let go again.
        """
        descriptor = os.open(path, _LOCK, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except (BlockingIOError, FileNotFoundError):
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        return None


_BUFFER = 64 * 1024
_SAFE: int = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NEW: int = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | _SAFE
_LOCK: int = os.O_RDWR | os.O_CREAT | _SAFE
