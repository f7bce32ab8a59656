"""The plan of a run: variants, limits, and where keys would go. Reads no key, sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.isolation.search import fixed_cells, next_batch
from harness.judge.search_space import search_space
from harness.matrix.cells import all_cells, count_cells, is_excluded, variant_of
from harness.matrix.compose import plan_of
from harness.matrix.trust_table import TrustTable, trust_table
from harness.model.request import EnvUrl
from harness.model.scenario import Scenario
from harness.model.variant import Variant
from harness.scenario_file.template import parse_template
from harness.wiring.options import RunOptions, cassette_path, shown_path
from harness.wiring.prepare import validate
from harness.wiring.scenarios import FoundScenario
from harness.wiring.surroundings import Surroundings, lab_url
from harness.wiring.trust import table_text

EXACT_LIMIT = 100_000
"""Matrices up to this size have their excluded cells counted one by one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do. `complete` says that `variants` are all of them, not a first round."""

    scenario: Scenario
    cells: int
    excluded: int | None
    variants: tuple[Variant, ...]
    complete: bool
    table: TrustTable
    cassette: str
    lab: bool


def make_plan(found: FoundScenario, options: RunOptions, surroundings: Surroundings) -> Plan:
    """Work the plan out.

    Raises:
        UsageError: the scenario is not in order, or its fixed plan is over the budget.
    """
    scenario = validate(found, options, surroundings)
    search = scenario.search
    space = search_space(scenario, {}, parse_template).space
    fixed = fixed_cells(space, search.strategy)
    cells = fixed or next_batch(
        space, {}, search.strategy, repeat=search.repeat, width=search.concurrency
    )
    count = count_cells(scenario)
    excluded = None
    if count <= EXACT_LIMIT:
        excluded = sum(is_excluded(scenario, cell) for cell in all_cells(scenario))
    path = cassette_path(scenario, options, surroundings.directory)
    return Plan(
        scenario=scenario,
        cells=count,
        excluded=excluded,
        variants=tuple(variant_of(scenario, cell) for cell in dict.fromkeys(cells)),
        complete=fixed is not None,
        table=trust_table(
            scenario, lab_url if options.lab else surroundings.describe_url, parse_template
        ),
        cassette=shown_path(path, surroundings.directory),
        lab=options.lab,
    )


def plan_text(plan: Plan) -> str:
    """Return the plan for a person."""
    return "\n".join(
        (
            *_heading(plan),
            "",
            *_axes(plan),
            "",
            *_requests(plan),
            "",
            *_keys(plan),
            "",
            f"cassette: {plan.cassette}",
            "Nothing was sent and no key was read.",
        )
    )


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return the plan as plain JSON values."""
    scenario, search = plan.scenario, plan.scenario.search
    return {
        "schema": 1,
        "scenario": scenario.name,
        "strategy": search.strategy.value,
        "lab": plan.lab,
        "cells": plan.cells,
        "excluded": plan.excluded,
        "axes": {axis.name: [level.name for level in axis.levels] for axis in scenario.axes},
        "complete": plan.complete,
        "variants": [{"id": item.id, "levels": dict(item.levels)} for item in plan.variants],
        "limits": {
            "budget": search.budget,
            "max_denied": search.max_denied,
            "concurrency": search.concurrency,
            "repeat": search.repeat,
            "rate_per_second": search.rate_per_second,
            "deadline_seconds": search.deadline_seconds,
        },
        "keys": [
            {
                "source": row.source,
                "origins": list(row.origins),
                "command": list(row.command),
                "follows_redirects_anywhere": row.wanders,
            }
            for row in plan.table.rows
        ],
        "cassette": plan.cassette,
    }


def _heading(plan: Plan) -> Sequence[str]:
    scenario = plan.scenario
    excluded = f", {plan.excluded} excluded" if plan.excluded else ""
    base = plan_of(scenario, (0,) * len(scenario.axes))
    url = f"${base.url.name}{base.url.path}" if isinstance(base.url, EnvUrl) else str(base.url)
    return (
        (
            f"{scenario.name}: {len(scenario.axes)} axes, {plan.cells} cells{excluded}, "
            f"strategy {scenario.search.strategy}"
        ),
        f"baseline: {base.method} {url}",
    )


def _axes(plan: Plan) -> Sequence[str]:
    axes = plan.scenario.axes
    width = max((len(axis.name) for axis in axes), default=0)
    rows = (f"  {a.name:<{width}}  {', '.join(level.name for level in a.levels)}" for a in axes)
    return ("axes (baseline level first):", *rows) if axes else ("no axes: one request",)


def _requests(plan: Plan) -> Sequence[str]:
    search = plan.scenario.search
    rows = [f"  {item.id}" for item in plan.variants]
    rate = f", {search.rate_per_second:g}/s" if search.rate_per_second else ""
    limits = (
        f"at most {search.budget} requests, {search.max_denied} denials, "
        f"{search.concurrency} at once{rate}, {search.deadline_seconds:g} s in all"
    )
    if plan.complete:
        proof = "then the repeats that a proof needs"
        return (f"variants ({len(rows)}):", *rows, f"{proof}; {limits}")
    return (
        f"first round ({len(rows)} variants):",
        *rows,
        f"then what the answers call for; {limits}",
    )


def _keys(plan: Plan) -> Sequence[str]:
    if plan.lab:
        return ("keys: the lab's own; nothing leaves this machine",)
    return ("keys:", table_text(plan.table))
