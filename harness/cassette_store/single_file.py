"""Write a cassette from records at hand: checked, and put in its place whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from harness.cassette_format.line import HEADER
from harness.cassette_store.disk import Disk
from harness.cassette_store.place import target_of
from harness.cassette_store.whole_file import write_whole
from harness.errors import CassetteError, LeakError
from harness.leak_scan.gate import find_leaks


def write_cassette(
    path: Path, lines: Iterable[str], *, force: bool = False, disk: Disk | None = None
) -> Path:
    """Write lines of a cassette to `path`, and return where that is.

    The gate looks for keys by their form; the secrets themselves are known to nobody here.

    Raises:
        LeakError: there is a key in it; nothing is written.
        CassetteError: the disk does not take it, or something is there and `force` is not given.
    """
    target = target_of(path)
    if target.exists() and not force:
        raise CassetteError(f"{path} is there already", hint="`--force` replaces it")
    data = (HEADER + "".join(lines)).encode("ascii")
    leaks = find_leaks(data, ())
    if leaks:
        raise LeakError(tuple(f"{path} {leak}" for leak in leaks))
    write_whole(data, target, disk=disk)
    return target
