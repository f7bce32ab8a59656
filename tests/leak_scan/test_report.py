from __future__ import annotations

import pytest

from harness.leak_scan.known_secrets import Owner
from harness.leak_scan.places import Place
from harness.leak_scan.report import Leak, NotScanned, ScanReport, proof_line

OWNERS = (Owner(1, "env A", 8), Owner(2, "env B", 9), Owner(3, "env C", 0, "a public word"))
LEAK = Leak("a", Place("line", 1, 1), "env A", 1, "raw", "in base64")
AGAIN = Leak("b", None, "env A", 1, "raw", "raw")
UNNAMED = Leak("b", None, "a Google key", 0, "raw", "raw")


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (ScanReport(OWNERS, 3, (), ()), "0 of 17 forms of 2 secrets found in 3 files"),
        (ScanReport(OWNERS[:1], 1, (), ()), "0 of 8 forms of 1 secret found in 1 file"),
        (
            ScanReport(OWNERS, 3, (LEAK, AGAIN, UNNAMED), (NotScanned("c", "it is damaged"),)),
            "1 of 17 forms of 2 secrets found in 3 files; 1 key that nobody named; 1 not scanned",
        ),
        (
            ScanReport((), 3, (UNNAMED,), ()),
            "no secret was looked for by its value; 1 key by form found in 3 files",
        ),
        (
            ScanReport(OWNERS[2:], 0, (), ()),
            "no secret was looked for by its value; 0 keys by form found in 0 files",
        ),
    ],
)
def test_the_proof_line(report: ScanReport, line: str) -> None:
    assert proof_line(report) == line
