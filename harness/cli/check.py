"""`flip401 check`: is the scenario in order? With `--vcr`: would a cassette replay?"""

from __future__ import annotations

import json

import click

from harness.cli.options import format_option
from harness.cli.vcr_report import check_cassettes
from harness.errors import ScenarioError, UsageError
from harness.judge.exit_code import AS_EXPECTED, USAGE
from harness.matrix.cells import all_cells, count_cells, is_excluded
from harness.model.scenario import Scenario
from harness.wiring.options import RunOptions, load_scenario
from harness.wiring.preflight import (
    check_body_files,
    check_outcome_headers,
    check_tls_files,
    refuse_over_budget,
)
from harness.wiring.scenarios import find_scenario

COUNT_LIMIT = 100_000
"""Matrices up to this size have their excluded cells counted."""


@click.command("check")
@click.argument("files", metavar="SCENARIO...", nargs=-1, required=True)
@click.option(
    "--vcr",
    "are_cassettes",
    is_flag=True,
    help="The files are cassettes: load them in the installed vcrpy, say what would not replay.",
)
@format_option
def command(files: tuple[str, ...], *, are_cassettes: bool, output_format: str) -> int:
    """Validate scenarios and report every fault with its place; send nothing."""
    if are_cassettes:
        return check_cassettes(files, output_format)
    return _check_scenarios(files, output_format)


def _check_scenarios(scenarios: tuple[str, ...], output_format: str) -> int:
    entries = []
    code = AS_EXPECTED
    for name in scenarios:
        try:
            found = find_scenario(name)
            scenario = load_scenario(found, RunOptions())
            refuse_over_budget(scenario)
            check_body_files(scenario, found)
            check_outcome_headers(scenario)
            check_tls_files(scenario, found)
        except UsageError as error:
            code = USAGE
            entries.append({"scenario": name, "ok": False, "faults": _faults(error)})
            if output_format == "text":
                click.echo(error.render(), err=True)
        else:
            entries.append({"scenario": name, "ok": True, "faults": [], **_sizes(scenario)})
            if output_format == "text":
                click.echo(f"{name}: ok, {_words(scenario)}")
    if output_format == "json":
        click.echo(json.dumps({"schema": 1, "exit": code, "checks": entries}, indent=2))
    return code


def _faults(error: UsageError) -> list[dict[str, object]]:
    if not isinstance(error, ScenarioError):
        return [{"place": "", "message": error.message, "hint": error.hint}]
    return [
        {"place": str(fault.place), "message": fault.message, "hint": fault.hint}
        for fault in error.faults
    ]


def _sizes(scenario: Scenario) -> dict[str, int]:
    return {"axes": len(scenario.axes), "cells": _cells(scenario)}


def _cells(scenario: Scenario) -> int:
    full = count_cells(scenario)
    if not scenario.exclude or full > COUNT_LIMIT:
        return full
    return sum(not is_excluded(scenario, cell) for cell in all_cells(scenario))


def _words(scenario: Scenario) -> str:
    axes, cells = len(scenario.axes), _cells(scenario)
    return f"{axes} {'axis' if axes == 1 else 'axes'}, {cells} cell{'' if cells == 1 else 's'}"
