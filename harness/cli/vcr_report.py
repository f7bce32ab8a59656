"""The answer of `flip401 check --vcr`: what would not replay in the installed vcrpy."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from harness.cassette_format.vcrpy_rules import Remark
from harness.errors import CassetteError
from harness.judge.exit_code import AS_EXPECTED, UNEXPECTED, USAGE, worst
from harness.reports.visible_text import visible
from harness.vcr_plugin.replay_check import ReplayCheck, check_replay

_MOST_ALIKE = 5
"""Remarks of one kind that are shown; the rest are counted."""


def check_cassettes(names: tuple[str, ...], output_format: str) -> int:
    """Check each file and print what was found; return the exit code."""
    entries: list[dict[str, object]] = []
    codes = [AS_EXPECTED]
    for name in names:
        try:
            checked = check_replay(Path(name), name)
        except CassetteError as error:
            codes.append(USAGE)
            fault = {"message": visible(error.message), "hint": visible(error.hint)}
            entries.append({"cassette": name, "ok": False, "faults": [fault], "notes": []})
            if output_format == "text":
                click.echo(visible(error.render()), err=True)
        else:
            codes.append(AS_EXPECTED if checked.replays else UNEXPECTED)
            entries.append(_entry(name, checked))
            if output_format == "text":
                click.echo("\n".join(_lines(name, checked)))
    code = worst(codes)
    if output_format == "json":
        click.echo(json.dumps({"schema": 1, "exit": code, "checks": entries}, indent=2))
    return code


def _entry(name: str, checked: ReplayCheck) -> dict[str, object]:
    return {
        "cassette": name,
        "ok": checked.replays,
        "vcrpy": checked.vcrpy,
        "exchanges": checked.items,
        "loaded": checked.loaded,
        "faults": [_plain(remark) for remark in checked.remarks if remark.fatal],
        "notes": [_plain(remark) for remark in checked.remarks if not remark.fatal],
    }


def _plain(remark: Remark) -> dict[str, str]:
    return {"place": str(remark.place), "message": remark.message, "hint": remark.hint}


def _lines(name: str, checked: ReplayCheck) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for remark in checked.remarks:
        kind = remark.message.partition(":")[0].partition(" in line")[0]
        seen[kind] += 1
        if seen[kind] <= _MOST_ALIKE:
            note = "" if remark.fatal else "note: "
            yield visible(f"{remark.place}: {note}{remark.message}\n    {remark.hint}")
    more = sum(max(0, count - _MOST_ALIKE) for count in seen.values())
    if more:
        yield f"and {more} more of these"
    many = f"{checked.items} exchange{'' if checked.items == 1 else 's'}"
    if checked.replays:
        yield visible(f"{name}: ok, {many} would replay in vcrpy {checked.vcrpy}")
    else:
        loads = f"{checked.loaded} of {many} load{'s' if checked.loaded == 1 else ''}"
        yield visible(f"{name}: not as it stands; {loads} in vcrpy {checked.vcrpy}")
