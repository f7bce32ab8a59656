"""`flip401 replay`: judge a cassette again, offline."""

from __future__ import annotations

from pathlib import Path

import click

from harness.cli.options import format_option, report_option
from harness.cli.session import parse_reports, show_results
from harness.judge.exit_code import worst
from harness.wiring.replay import replay


@click.command("replay")
@click.argument("cassettes", metavar="CASSETTE...", nargs=-1, required=True)
@click.option("--run", metavar="N|ID", help="Which run of a cassette; default: the newest.")
@report_option
@format_option
def command(
    *, cassettes: tuple[str, ...], run: str | None, reports: tuple[str, ...], output_format: str
) -> int:
    """Judge recorded runs again: same search, same findings, no key, no network."""
    parsed = parse_reports(reports)
    results = [replay(Path(name), name, run) for name in cassettes]
    code = worst(result.exit_code for result in results)
    show_results(results, code, output_format, parsed)
    return code
