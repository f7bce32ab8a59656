"""`flip401 repair`: publish the part file of a run that did not come to its end."""

from __future__ import annotations

from pathlib import Path

import click

from harness.cassette_store.repair import Repaired, repair
from harness.wiring.options import shown_path


@click.command("repair")
@click.argument("part", metavar="PART")
@click.option("--to", metavar="FILE", help="Where to publish; default: where the run meant to.")
@click.option("--force", is_flag=True, help="Replace what is there, newer or not.")
def command(part: str, to: str | None, *, force: bool) -> int:
    """Publish a left-over PART file of a run that was killed: check it, redact what only a
    stranger's file would hold, leave out an unfinished last line.
    """  # noqa: D205 - click sets this text as one paragraph
    done = repair(Path(part), to=Path(to) if to else None, force=force)
    click.echo(_result(done))
    for line in _remarks(done, part):
        click.echo(line, err=True)
    return 0


def _result(done: Repaired) -> str:
    count = f"{done.exchanges} exchange{'' if done.exchanges == 1 else 's'}"
    run = f"run {done.run}, " if done.run > 1 else ""
    return f"{shown_path(done.target, Path.cwd())}: {run}{count}"


def _remarks(done: Repaired, part: str) -> list[str]:
    remarks = []
    if done.was_published:
        remarks.append(f"it was published already; {part} is removed")
    if done.cut:
        remarks.append(f"left out: an unfinished line at {done.cut}")
    if done.redacted:
        remarks.append(f"redacted: {done.redacted} values that the run had left in clear")
    return remarks
