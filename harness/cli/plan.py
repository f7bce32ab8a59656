"""`flip401 plan`: what would be sent, and where keys would go."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from harness.cli.options import format_option
from harness.wiring.options import RunOptions
from harness.wiring.plan import Plan, make_plan, plan_document, plan_text
from harness.wiring.scenarios import find_scenario
from harness.wiring.surroundings import Surroundings


@click.command("plan")
@click.argument("scenario")
@click.option("--lab", is_flag=True, help="The plan of a run in the lab.")
@format_option
def command(scenario: str, *, lab: bool, output_format: str) -> None:
    """Show the variants, the number of requests and where keys would go; send nothing."""
    surroundings = Surroundings(
        environ=os.environ, directory=Path.cwd(), listener=lambda _event: None
    )
    plan: Plan = make_plan(find_scenario(scenario), RunOptions(lab=lab), surroundings)
    if output_format == "json":
        click.echo(json.dumps(plan_document(plan), indent=2))
    else:
        click.echo(plan_text(plan))
