"""Scan paths: walk folders, open files, and never follow a link to somewhere else."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from harness.judge.exit_code import AS_EXPECTED, LEAK, USAGE
from harness.leak_scan.known_secrets import KnownSecrets
from harness.leak_scan.report import ScanReport
from harness.leak_scan.scan import Scan
from harness.leak_scan.searcher import Searcher, Unknown
from harness.wiring.scan_secrets import NamedSecrets


def scan_paths(paths: Sequence[str], named: NamedSecrets) -> ScanReport:
    """Search the files and everything below the folders, in the order of their names.

    What cannot be opened is in the report: nobody knows that it is clean.
    """
    known = KnownSecrets.of(named.secrets)
    scan = Scan(Searcher(known, Unknown.CREDENTIALS_TOO))
    for text in paths:
        path = Path(text)
        shown = scan.name(text)
        if path.is_dir():
            _folder(scan, path, shown.rstrip("/"), path.resolve())
        elif path.is_symlink() and not path.exists():
            scan.skip(shown, "a link to nothing")
        else:
            _file(scan, path, shown)
    return scan.report


def scan_exit_code(report: ScanReport, named: NamedSecrets) -> int:
    """Return 4 for a leak; 2 for nothing scanned, or not all of it, or not for all; else 0."""
    if report.leaks:
        return LEAK
    if report.not_scanned or not report.files or named.refused:
        return USAGE
    insisted = {str(secret.provenance) for secret in named.insisted}
    if any(owner.unsearchable and owner.name in insisted for owner in report.owners):
        return USAGE
    return USAGE if named.asked and not report.searchable else AS_EXPECTED


def _folder(scan: Scan, folder: Path, shown_folder: str, root: Path) -> None:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        scan.skip(shown_folder, _reason(error))
        return
    for entry in entries:
        path = folder / entry.name
        shown = scan.name(entry.name, f"{shown_folder}/")
        if entry.is_symlink():
            _link(scan, path, shown, root)
        elif entry.is_dir():
            _folder(scan, path, shown, root)
        else:
            _file(scan, path, shown)


def _link(scan: Scan, path: Path, shown: str, root: Path) -> None:
    """Search what a link in a folder leads to, where that is not searched anyway."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        scan.skip(shown, "a link to nothing")
        return
    if target.is_relative_to(root):
        return
    if target.is_dir():
        scan.skip(shown, "a link to a folder elsewhere")
    else:
        _file(scan, target, shown)


def _file(scan: Scan, path: Path, shown: str) -> None:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            scan.skip(shown, "not a file")
            return
        with path.open("rb") as stream:
            scan.file(shown, path.name, stream)
    except OSError as error:
        scan.skip(shown, _reason(error))


def _reason(error: OSError) -> str:
    return (error.strerror or "unreadable").lower()
