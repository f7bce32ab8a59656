"""Files with keys in them, for their owner only and only as long as they are of use."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.errors import UsageError


@contextlib.contextmanager
def private_files(directory: Path, contents: Mapping[str, bytes]) -> Iterator[None]:
    """Have the files (mode 0600) in `directory` (made with 0700) inside `with`, then no more.

    Raises:
        UsageError: the directory is open to others, or a file is there already.
    """
    made = _make_private(directory)
    written: list[Path] = []
    try:
        for name, content in contents.items():
            _write_new(directory / name, content)
            written.append(directory / name)
        yield
    finally:
        for path in written:
            path.unlink(missing_ok=True)
        if made:
            with contextlib.suppress(OSError):  # somebody put a file of their own into it
                directory.rmdir()


def _make_private(directory: Path) -> bool:
    """Return whether the directory had to be made."""
    try:
        directory.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        if not directory.is_dir() or stat.S_IMODE(directory.stat().st_mode) & 0o077:
            raise UsageError(
                f"{directory}: keys go only into a directory that others cannot read",
                hint=f"run chmod 700 {directory}, or name a directory that is not there yet",
            ) from None
        return False
    except OSError as error:
        raise UsageError(f"{directory}: cannot be made ({error.strerror})") from error
    return True


def _write_new(path: Path, content: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(
            f"{path}: is there already, and is not overwritten",
            hint="remove it if an earlier lab left it, or name another directory",
        ) from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
