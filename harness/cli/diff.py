"""`flip401 diff`: what differs between two exchanges."""

from __future__ import annotations

import sys

import click

from harness import __version__
from harness.cli.options import format_option
from harness.cli.output import print_result
from harness.cli.terminal import is_ascii_only, wants_colour, width_of
from harness.difference.result import DiffResult
from harness.judge.exit_code import AS_EXPECTED, UNEXPECTED
from harness.reports.difference_json import difference_document
from harness.reports.difference_text import render_difference
from harness.reports.json_result import dump
from harness.wiring.compare_exchanges import compare_recorded

_HELP = """Compare two exchanges part by part, most telling for a 401 first.

A and B are CASSETTE#ID, where ID is an exchange id or a variant id (then its last exchange); a
cassette with one exchange needs no ID. B may be an ID alone: one of A's cassette.

Times, ids of requests and the like are set aside. Exit code: 0 the same, 1 not.
"""


@click.command("diff", help=_HELP)
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@click.option("--all", "everything", is_flag=True, help="Show in full, with what is set aside.")
@format_option
def command(*, left: str, right: str, everything: bool, output_format: str) -> int:
    """Compare two exchanges and print what differs."""
    result = compare_recorded(left, right)
    code = AS_EXPECTED if result.is_same else UNEXPECTED
    _show(result, code, output_format, everything=everything)
    return code


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
