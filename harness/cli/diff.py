"""`flip401 diff`: what differs between two exchanges."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import click

from harness import __version__
from harness.cli.options import format_option
from harness.cli.output import print_result
from harness.cli.terminal import asker, confirmer, is_ascii_only, wants_colour, width_of
from harness.difference.result import DiffResult
from harness.judge.exit_code import AS_EXPECTED, UNEXPECTED
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.reports.difference_json import difference_document
from harness.reports.difference_text import render_difference
from harness.reports.json_result import dump
from harness.reports.narration import NarrationSettings, narration
from harness.wiring.compare_exchanges import compare_recorded, compare_with_live
from harness.wiring.options import RunOptions
from harness.wiring.surroundings import Surroundings

_HELP = """Compare two exchanges part by part, most telling for a 401 first.

A and B are CASSETTE#ID, where ID is an exchange id or a variant id (then its last exchange); a
cassette with one exchange needs no ID. B may be an ID alone: one of A's cassette.

With --lab or --trust B is SCENARIO#VARIANT: the variant is sent now, once, and not recorded.

Times, ids of requests and the like are set aside. Exit code: 0 the same, 1 not.
"""


@click.command("diff", help=_HELP)
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@click.option("--lab", is_flag=True, help="Send B's variant into the lab on 127.0.0.1.")
@click.option("--trust", is_flag=True, help="Send B's variant; keys go where `plan` says.")
@click.option("--all", "everything", is_flag=True, help="Show in full, with what is set aside.")
@format_option
def command(
    *, left: str, right: str, lab: bool, trust: bool, everything: bool, output_format: str
) -> int:
    """Compare two exchanges and print what differs."""
    if lab or trust:
        result = _with_live(left, right, RunOptions(lab=lab, trust=trust))
    else:
        result = compare_recorded(left, right)
    code = AS_EXPECTED if result.is_same else UNEXPECTED
    _show(result, code, output_format, everything=everything)
    return code


def _with_live(left: str, right: str, options: RunOptions) -> DiffResult:
    """Send B, with its keys kept out of whatever is logged on the way."""
    redactor = Redactor(SecretRegistry())
    with narration(sys.stderr, NarrationSettings(), redact=redactor.text) as narrated:
        surroundings = Surroundings(
            environ=os.environ,
            directory=Path.cwd(),
            listener=narrated.listener,
            ask=asker(),
            confirm=confirmer(),
            new_redactor=lambda: redactor,
        )
        return asyncio.run(compare_with_live(left, right, options, surroundings))


def _show(result: DiffResult, code: int, output_format: str, *, everything: bool) -> None:
    if output_format == "json":
        document = difference_document(result, code, __version__, everything=everything)
        print_result(dump(document), colour=False)
        return
    out = sys.stdout
    text = render_difference(
        result,
        width=width_of(out),
        colour=wants_colour(out),
        ascii_only=is_ascii_only(out),
        everything=everything,
    )
    print_result(text, colour=wants_colour(out))
