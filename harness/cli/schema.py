"""`flip401 schema`: the JSON Schema of the scenario file, or of the result."""

from __future__ import annotations

import json

import click

from harness.reports.json_schema import result_schema
from harness.scenario_file.schema import scenario_schema


@click.command("schema")
@click.option("--result", is_flag=True, help="The schema of what `--format json` prints.")
def command(*, result: bool) -> None:
    """Print the JSON Schema of the scenario file (for editors), or of the result."""
    document = result_schema() if result else scenario_schema()
    click.echo(json.dumps(document, indent=2))
