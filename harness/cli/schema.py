"""`flip401 schema`: the JSON Schema of the scenario file, of the result, or of a diff."""

from __future__ import annotations

import json

import click

from harness.errors import UsageError
from harness.reports.difference_schema import difference_schema
from harness.reports.json_schema import result_schema
from harness.scenario_file.schema import scenario_schema


@click.command("schema")
@click.option("--result", is_flag=True, help="The schema of what `run --format json` prints.")
@click.option("--diff", is_flag=True, help="The schema of what `diff --format json` prints.")
def command(*, result: bool, diff: bool) -> None:
    """Print the JSON Schema of the scenario file (for editors), of the result, or of a diff."""
    if result and diff:
        raise UsageError("--result and --diff are two schemas", hint="give one of them")
    schema = difference_schema if diff else result_schema if result else scenario_schema
    click.echo(json.dumps(schema(), indent=2))
