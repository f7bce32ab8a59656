"""`flip401 check`: is the scenario in order?"""

from __future__ import annotations

import json

import click

from harness.cli.options import format_option, scenario_argument
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
@scenario_argument
@format_option
def command(scenarios: tuple[str, ...], output_format: str) -> int:
    """Validate scenarios and report every fault with its place; send nothing."""
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
