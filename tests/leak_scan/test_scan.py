from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import pytest
from leak_scan.test_archives import tarred, zipped
from redaction.samples import made_up, secret

from harness.leak_scan import scan as scan_module
from harness.leak_scan.known_secrets import KnownSecrets
from harness.leak_scan.report import ScanReport
from harness.leak_scan.scan import Scan
from harness.leak_scan.searcher import Searcher

KEY = made_up(1)


def scanned(octets: bytes, name: str = "a") -> ScanReport:
    scan = Scan(Searcher(KnownSecrets.of([secret(KEY)])))
    scan.file(scan.name(name), name, io.BytesIO(octets))
    return scan.report


def leaks(report: ScanReport) -> list[str]:
    return [f"{leak.file} {leak.place or 'name'} {leak.form}" for leak in report.leaks]


def reasons(report: ScanReport) -> list[str]:
    return [f"{one.file}: {one.reason}" for one in report.not_scanned]


def test_a_file_and_the_members_of_archives_are_counted() -> None:
    assert scanned(b"fine").files == 1
    assert scanned(gzip.compress(b"fine")).files == 1
    assert scanned(tarred(a=b"1", b=b"2")).files == 3
    assert scanned(zipped(a=b"1", b=tarred(c=b"3"))).files == 4


def test_a_leak_is_told_with_the_way_to_it() -> None:
    inner = tarred(**{"c.txt": b"fine\n" + KEY.encode()})
    report = scanned(zipped(**{"b.tgz": gzip.compress(inner), "d": b"fine"}), "a.zip")
    assert leaks(report) == ["a.zip!b.tgz!c.txt line 2 raw"]


def test_a_name_that_holds_a_secret_is_withheld() -> None:
    scan = Scan(Searcher(KnownSecrets.of([secret(KEY)])))
    shown = scan.name(f"folder/x-{KEY}.txt")
    scan.file(shown, "x.txt", io.BytesIO(KEY.encode()))
    assert leaks(scan.report) == [
        "folder/(name withheld) name raw",
        "folder/(name withheld) line 1 raw",
    ]
    assert scan.name(f"{KEY[:20]}/{KEY[20:]}", "x/") == "x/(name withheld)/(name withheld)"


def test_a_secret_over_several_parts_of_a_name_withholds_all_of_it() -> None:
    scan = Scan(Searcher(KnownSecrets.of([secret("abcd/efgh/ijkl")])))
    assert scan.name("abcd/efgh/ijkl") == "(name withheld)"


def test_names_notes_and_links_of_members_are_searched() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo("a")
        info.comment = KEY.encode()
        archive.writestr(info, b"fine")
        archive.writestr(f"{KEY}.txt", b"fine")
    assert leaks(scanned(made.getvalue(), "z")) == ["z!a name raw", "z!(name withheld) name raw"]
    with tarfile.open(fileobj=(tar := io.BytesIO()), mode="w") as archive:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, KEY
        archive.addfile(link)
    assert leaks(scanned(tar.getvalue())) == ["a!link name raw"]


def test_bytes_around_the_members_are_searched() -> None:
    report = scanned(KEY.encode() + b"\n" + zipped(a=b"fine"), "a.zip")
    assert leaks(report) == ["a.zip byte 0 raw"]
    assert leaks(scanned(tarred(a=b"fine") + KEY.encode())) == ["a!(after its end) line 1 raw"]


def test_a_member_that_is_told_is_not_told_again_of_the_archive() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("b", KEY)
    assert leaks(scanned(made.getvalue())) == ["a!b line 1 raw"]


def test_a_damaged_archive_is_not_scanned_but_what_can_be_read_is() -> None:
    octets = gzip.compress(KEY.encode() * 2000, mtime=0)
    assert reasons(scanned(octets[:-6])) == ["a: it is damaged"]
    assert reasons(scanned(zipped(a=b"1")[:-30] + bytes(30))) == ["a: it is damaged"]
    bad = bytearray(zipped(a=b"x" * 100))
    bad[bad.find(b"PK\x03\x04") + 35] ^= 0xFF
    assert reasons(scanned(bytes(bad))) == ["a!a: it is damaged"]


def test_a_tar_that_ends_in_a_damaged_header_is_not_scanned() -> None:
    octets = tarred(a=b"fine").replace(b"../elsewhere", KEY.encode()[:12])
    report = scanned(gzip.compress(octets))
    assert reasons(report) == ["a: it is damaged"]
    assert reasons(scanned(octets[:1300])) == ["a: it is damaged"]


def test_what_cannot_be_looked_into_is_told() -> None:
    assert reasons(scanned(b"7z\xbc\xaf\x27\x1c" + bytes(99))) == ["a: it is a 7z archive"]
    assert scanned(b"7z\xbc\xaf\x27\x1c").files == 0
    report = scanned(zipped(a=b"Rar!\x1a\x07"))
    assert reasons(report) == ["a!a: it is a RAR archive"]
    assert reasons(scanned(b"%" + b"25" * 30 + b"41")) == ["a: it is escaped more than 12 times"]


def test_archives_nest_five_times() -> None:
    octets = KEY.encode()
    for _ in range(5):
        octets = zipped(a=octets)
    assert len(scanned(octets).leaks) == 1
    assert reasons(scanned(zipped(a=octets)))[0].endswith("more than 5 archives inside one another")


def test_the_members_are_counted_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_module, "MAX_MEMBERS", 2)
    assert reasons(scanned(tarred(a=b"", b=b"", c=b""))) == ["a: it has more than 2 members"]


def test_the_unpacked_bytes_are_counted_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_module, "MAX_UNPACKED_BYTES", 1 << 20)
    report = scanned(gzip.compress(bytes(2 << 20)))
    assert reasons(report) == ["a: it unpacks to more than 1 MiB"]
