"""`flip401 scan`: is a secret in these files?"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from harness.cli.options import format_option
from harness.cli.terminal import asker, is_ascii_only
from harness.reports.scan_report import scan_document, scan_text
from harness.wiring.scan import scan_exit_code, scan_paths
from harness.wiring.scan_secrets import SecretSources, read_secrets


@click.command("scan")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--env", multiple=True, metavar="NAME", help="Look for the value of a variable.")
@click.option(
    "--dotenv",
    multiple=True,
    metavar="FILE[:NAME]",
    help="Look for what looks like a key in a .env file, or for one name of it.",
)
@click.option(
    "--secrets-file",
    "secrets_files",
    multiple=True,
    metavar="FILE",
    help="Look for each line of a file.",
)
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="SCENARIO",
    help="Look for the keys of a scenario's sources.",
)
@click.option("--trust", is_flag=True, help="Run commands and ask prompts of scenarios.")
@format_option
def command(
    paths: tuple[str, ...],
    env: tuple[str, ...],
    dotenv: tuple[str, ...],
    secrets_files: tuple[str, ...],
    scenarios: tuple[str, ...],
    *,
    trust: bool,
    output_format: str,
) -> int:
    """Search files, folders and archives for secrets in every encoding.

    Secrets are read from sources; their values are never given on the command line. With none
    named, only provider keys and random credentials are searched for. Exit codes: 0 clean, 4 leak,
    2 nothing or not all of it was scanned.
    """
    sources = SecretSources(
        env=env,
        dotenv=dotenv,
        secrets_files=secrets_files,
        scenarios=scenarios,
        trust=trust,
    )
    named = read_secrets(sources, os.environ, Path.cwd(), asker())
    report = scan_paths(paths, named)
    code = scan_exit_code(report, named)
    notes = (*named.refused, *named.absent)
    if output_format == "json":
        click.echo(json.dumps(scan_document(report, notes, code), indent=2))
    else:
        ascii_only = is_ascii_only(sys.stdout)
        for line in scan_text(report, notes, named=named.asked, ascii_only=ascii_only):
            click.echo(line)
    return code
