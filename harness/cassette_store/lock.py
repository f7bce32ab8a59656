"""One at a time: the lock under which a cassette is put in its place.

The lock is a file beside the cassette, `X.yaml.lock`, and flock on it. It cannot be the cassette
itself: that is replaced as a whole, so that two writers could each hold a lock, one on the old
file and one on the new. Who holds the lock removes the file; one that a killed process left
behind is locked by nobody and used again.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from harness.cassette_store.disk import Disk
from harness.errors import CassetteError

LONGEST_WAIT_SECONDS = 60.0
_PAUSE_SECONDS = 0.01
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP})


@contextmanager
def locked(
    disk: Disk, target: Path, *, required: bool, longest_wait_seconds: float = LONGEST_WAIT_SECONDS
) -> Iterator[None]:
    """Hold the lock of `target`, after waiting for whoever has it.

    Where the file system has no locks and none is `required`, go on without.

    Raises:
        CassetteError: another process holds it for longer than anything here takes.
        OSError: the lock file cannot be made.
    """
    path = target.with_name(f"{target.name}.lock")
    until = time.monotonic() + longest_wait_seconds
    try:
        while (held := disk.lock(path)) is None:
            if time.monotonic() > until:
                raise CassetteError(
                    f"cannot write the cassette {target}: another process holds {path.name}",
                    hint="what was recorded is in the part file; `flip401 repair` publishes it",
                )
            time.sleep(_PAUSE_SECONDS)
    except OSError as error:
        if required or error.errno not in _NO_LOCKS:
            raise
        yield
        return
    try:
        yield
    finally:
        with suppress(OSError):  # it is locked by nobody from now on, and the next one uses it
            disk.unlink(path)
        disk.close(held)
