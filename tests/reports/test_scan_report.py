"""A scan as text and as JSON."""

from __future__ import annotations

import json

from harness.leak_scan.known_secrets import Owner
from harness.leak_scan.places import Place
from harness.leak_scan.report import Leak, NotScanned, ScanReport
from harness.reports.scan_report import scan_document, scan_text

OWNERS = (Owner(1, "env A", 8), Owner(2, "dotenv .env:2 B", 0, "a public word"))
REPORT = ScanReport(
    OWNERS,
    4,
    (
        Leak("a.zip!b\n\x1b[31m", Place("line", 3, 3), "env A", 1, "raw", "in base64"),
        Leak("c", Place("line", 3, 7), "env A", 1, "raw", "in joined lines"),
        Leak("d", Place("byte", 40, 40), "a Google key", 0, "raw", "raw"),
        Leak("(name withheld)", None, "env A", 1, "reversed", "reversed"),
    ),
    (NotScanned("é.7z", "it is a 7z archive"),),
)


def test_one_line_a_leak_and_a_closing_line() -> None:
    lines = scan_text(REPORT, ("command x: needs --trust",), named=True, ascii_only=True)
    assert lines == (
        r"a.zip!b\n\x1b[31m:3: env A, in base64",
        "c: lines 3-7: env A, in joined lines",
        "d: byte 40: a Google key, raw",
        "(name withheld): in its name: env A, reversed",
        r"\xe9.7z: not scanned: it is a 7z archive",
        "not looked for: dotenv .env:2 B: a public word",
        "not looked for: command x: needs --trust",
        "2 of 8 forms of 1 secret found in 4 files; 1 key that nobody named; 1 not scanned",
    )


def test_what_was_not_done_is_said() -> None:
    assert scan_text(ScanReport((), 0, (), ()), (), named=False, ascii_only=False) == (
        "no secret was named: provider keys and random credentials only",
        "nothing was scanned",
        "no secret was looked for by its value; 0 keys by form found in 0 files",
    )


def test_the_document_holds_the_same() -> None:
    document = json.loads(json.dumps(scan_document(REPORT, ("a note",), 4)))
    assert (document["schema"], document["exit"], document["files"]) == (1, 4, 4)
    assert document["forms"] == {"found": 2, "searched": 8}
    assert document["secrets"][1] == {
        "number": 2,
        "name": "dotenv .env:2 B",
        "forms": 0,
        "not_looked_for": "a public word",
    }
    assert document["leaks"][1] == {
        "file": "c",
        "unit": "line",
        "first": 3,
        "last": 7,
        "secret": "env A",
        "number": 1,
        "spelling": "raw",
        "form": "in joined lines",
    }
    assert document["leaks"][3]["unit"] == "name"
    assert document["leaks"][3]["first"] is None
    assert document["not_scanned"] == [{"file": "é.7z", "reason": "it is a 7z archive"}]
    assert document["notes"] == ["a note"]
    assert document["proof"].startswith("2 of 8 forms")
