"""A scan as text, one line a leak, and as JSON. Never a character of a secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.leak_scan.report import Leak, ScanReport, proof_line
from harness.reports.visible_text import ascii_form, visible

IN_THE_NAME = "name"


def scan_text(
    report: ScanReport, notes: Sequence[str], *, named: bool, ascii_only: bool
) -> tuple[str, ...]:
    """Return the lines: leaks, what was not scanned, what was not looked for, the proof line.

    `notes` say which sources gave no secret; `named` is whether a source was named at all.
    """
    lines = [f"{leak.file}:{_place(leak)}: {leak.secret}, {leak.form}" for leak in report.leaks]
    lines += [f"{one.file}: not scanned: {one.reason}" for one in report.not_scanned]
    lines += [
        f"not looked for: {owner.name}: {owner.unsearchable}"
        for owner in report.owners
        if owner.unsearchable
    ]
    lines += [f"not looked for: {note}" for note in notes]
    if not named:
        lines.append("no secret was named: provider keys and random credentials only")
    if not report.files:
        lines.append("nothing was scanned")
    lines.append(proof_line(report))
    return tuple(_clean(line, ascii_only=ascii_only) for line in lines)


def scan_document(report: ScanReport, notes: Sequence[str], exit_code: int) -> dict[str, Any]:
    """Return the JSON document.

    `{schema, exit, proof, files, secrets: [{number, name, forms, not_looked_for}], notes,
    forms: {found, searched}, leaks: [{file, unit, first, last, secret, number, spelling, form}],
    not_scanned: [{file, reason}]}`. `unit` is `line`, `byte` or `name` (then `first` and `last`
    are null); `number` is 0 for what nobody named.
    """
    return {
        "schema": 1,
        "exit": exit_code,
        "proof": proof_line(report),
        "files": report.files,
        "secrets": [
            {
                "number": owner.number,
                "name": owner.name,
                "forms": owner.forms,
                "not_looked_for": owner.unsearchable,
            }
            for owner in report.owners
        ],
        "notes": list(notes),
        "forms": {"found": report.forms_found, "searched": report.forms_searched},
        "leaks": [_leak(leak) for leak in report.leaks],
        "not_scanned": [{"file": one.file, "reason": one.reason} for one in report.not_scanned],
    }


def _leak(leak: Leak) -> dict[str, Any]:
    place = leak.place
    return {
        "file": leak.file,
        "unit": place.unit if place else IN_THE_NAME,
        "first": place.first if place else None,
        "last": place.last if place else None,
        "secret": leak.secret,
        "number": leak.number,
        "spelling": leak.spelling,
        "form": leak.form,
    }


def _place(leak: Leak) -> str:
    """Return `3` for a line, as compilers write it; `byte 4096`; `in its name`."""
    place = leak.place
    if place is None:
        return " in its name"
    return f"{place.first}" if place.unit == "line" and place.first == place.last else f" {place}"


def _clean(text: str, *, ascii_only: bool) -> str:
    shown = visible(text.replace("\n", "\\n").replace("\t", "\\t"))
    return ascii_form(shown) if ascii_only else shown
