"""Which files a scan reads, and what its exit code is."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from support.made_keys import made_key

from harness.leak_scan.report import ScanReport
from harness.model.secret import Provenance, Secret
from harness.wiring.scan import scan_exit_code, scan_paths
from harness.wiring.scan_secrets import NamedSecrets

KEY = made_key(1)
NAMED_ONE = Secret(KEY, Provenance("env", "MADE_KEY"))
NAMED = NamedSecrets((NAMED_ONE,), (NAMED_ONE,), asked=True)


def scanned(*paths: Path) -> ScanReport:
    return scan_paths([str(path) for path in paths], NAMED)


def reasons(report: ScanReport, folder: Path) -> list[str]:
    return [f"{Path(one.file).relative_to(folder)}: {one.reason}" for one in report.not_scanned]


def test_a_folder_is_read_to_its_end_in_order(tmp_path: Path) -> None:
    for name in ("b/c", "b/a", "a", ".hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"x {KEY}\n")
    report = scanned(tmp_path)
    assert report.files == 4
    names = [str(Path(leak.file).relative_to(tmp_path)) for leak in report.leaks]
    assert names == [".hidden", "a", "b/a", "b/c"]
    assert scan_exit_code(report, NAMED) == 4


def test_a_clean_file_is_clean(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("fine\n")
    report = scanned(tmp_path / "a")
    assert (report.files, report.leaks, scan_exit_code(report, NAMED)) == (1, (), 0)


def test_nothing_scanned_is_not_clean(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert scan_exit_code(scanned(tmp_path / "empty"), NAMED) == 2
    report = scanned(tmp_path / "none")
    assert reasons(report, tmp_path) == ["none: no such file or directory"]
    assert scan_exit_code(report, NAMED) == 2


def test_links_lead_to_files_but_not_out_of_the_folder_into_another(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "a").write_text(f"x {KEY}\n")
    (inside / "again").symlink_to("a")
    (inside / "circle").symlink_to(".")
    (inside / "far").symlink_to("../out/a")
    (inside / "folder").symlink_to("../out")
    (inside / "gone").symlink_to("nothing")
    report = scanned(inside)
    assert [Path(leak.file).name for leak in report.leaks] == ["a", "far"]
    assert reasons(report, inside) == [
        "folder: a link to a folder elsewhere",
        "gone: a link to nothing",
    ]
    assert [len(scanned(inside / name).leaks) for name in ("again", "folder")] == [1, 1]
    assert reasons(scanned(inside / "gone"), inside) == ["gone: a link to nothing"]


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        assert reasons(scanned(tmp_path), tmp_path) == ["pipe: not a file", "socket: not a file"]


def test_a_secret_in_the_name_of_a_folder_is_told_once_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / KEY).mkdir()
    (tmp_path / KEY / "a").write_text("fine")
    (tmp_path / KEY / "b").write_text(KEY)
    report = scanned(tmp_path)
    assert [(Path(leak.file).name, leak.place is None) for leak in report.leaks] == [
        ("(name withheld)", True),
        ("b", False),
    ]
    assert KEY not in repr(report)


def test_what_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("fine")
    (tmp_path / "folder").mkdir()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert reasons(scanned(tmp_path), tmp_path) == ["a: permission denied"]
    monkeypatch.setattr(os, "scandir", refuse)
    assert reasons(scanned(tmp_path), tmp_path) == [".: permission denied"]


@pytest.mark.parametrize(
    ("secrets", "insisted", "refused", "code"),
    [
        ((NAMED_ONE,), True, (), 0),
        ((NAMED_ONE,), False, (), 0),
        ((NAMED_ONE,), True, ("command x: needs --trust",), 2),
        ((NAMED_ONE, Secret("short", Provenance("env", "S"))), True, (), 2),
        ((NAMED_ONE, Secret("short", Provenance("env", "S"))), False, (), 0),
        ((Secret("short", Provenance("env", "S")),), False, (), 2),
        ((), False, (), 2),
    ],
)
def test_what_was_asked_for_and_not_looked_for_is_not_clean(
    tmp_path: Path,
    secrets: tuple[Secret, ...],
    insisted: bool,  # noqa: FBT001 - an example
    refused: tuple[str, ...],
    code: int,
) -> None:
    (tmp_path / "a").write_text("fine")
    named = NamedSecrets(secrets, secrets if insisted else (), refused=refused, asked=True)
    assert scan_exit_code(scan_paths([str(tmp_path)], named), named) == code


def test_with_no_secret_named_patterns_are_searched_for(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("fine")
    named = NamedSecrets()
    assert scan_exit_code(scan_paths([str(tmp_path)], named), named) == 0
    (tmp_path / "a").write_text(f"x {made_key(1)}1 password={made_key(2, prefix='')}7")
    report = scan_paths([str(tmp_path)], named)
    assert [leak.secret for leak in report.leaks] == [
        "an OpenAI-like key",
        "a credential by its name",
    ]
    assert scan_exit_code(report, named) == 4
