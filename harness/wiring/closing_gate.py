"""The last look at what is about to be published: its bytes, as they stand on the disk."""

from __future__ import annotations

import io
from collections.abc import Iterable

from harness.errors import LeakError
from harness.leak_scan.known_secrets import KnownSecrets
from harness.leak_scan.report import Leak, ScanReport, proof_line
from harness.leak_scan.scan import Scan
from harness.leak_scan.searcher import Searcher
from harness.model.secret import Secret


def proof_of(secrets: Iterable[Secret], files: int) -> str:
    """Return the sentence that is true of a bundle that passes `check_bundle`.

    It stands in the bundle itself, so it is said before the bundle is searched. `files` counts
    the bundle and its members.
    """
    return proof_line(ScanReport(tuple(KnownSecrets.of(secrets).owners), files, (), ()))


def check_bundle(data: bytes, name: str, secrets: Iterable[Secret], files: int) -> None:
    """Look for the secrets, and for what looks like one, in a bundle and in all its members.

    Raises:
        LeakError: something was found, or not all of the `files` could be looked into; the
            places are named, never a value.
    """
    scan = Scan(Searcher(KnownSecrets.of(secrets)))
    scan.file(scan.name(name), name, io.BytesIO(data))
    report = scan.report
    places = [_place(leak) for leak in report.leaks]
    places += [f"{one.file}: not looked into: {one.reason}" for one in report.not_scanned]
    if not places and report.files != files:
        places = [f"{name}: {report.files} files were looked into in place of {files}"]
    if places:
        raise LeakError(tuple(places))


def _place(leak: Leak) -> str:
    where = "its name" if leak.place is None else str(leak.place)
    what = f"secret {leak.number} ({leak.secret})" if leak.number else leak.secret
    return f"{leak.file} {where}: {what}, {leak.form}"
