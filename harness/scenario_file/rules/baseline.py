"""A request field and the first level of its axis are equal, or one is absent."""

from __future__ import annotations

import json

from harness.model.request import Patch
from harness.model.scenario import Axis, Scenario
from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.request_fields import BODY_FIELDS
from harness.strict_yaml.node import MappingNode, Node, entries_of, items_of, plain

_ATTRIBUTES = {"clock": "clock_seconds", "timeout": "timeout_seconds"}


def check_baseline(root: MappingNode, scenario: Scenario, faults: FaultList) -> None:
    """Report axes whose first level is not what the request says."""
    request = root.get("request")
    for axis_entry in entries_of(root.get("axes")):
        axis = scenario.axis(axis_entry.name)
        given = next((e for e in entries_of(request) if e.name == axis.field), None)
        if given is None:
            continue
        levels = entries_of(axis_entry.value)
        first = levels[0].value if levels else items_of(axis_entry.value)[0]
        if _written(first) == _written(given.value) or _same(axis, scenario.baseline):
            continue
        span = levels[0].key.span if levels else first.span
        line = given.key.span.line
        message = f"the first level of `{axis.name}` differs from the request, line {line}"
        hint = f"the first level is the baseline's: make them equal, or remove one `{axis.name}`"
        faults.add(span, message, hint)


def _written(node: Node) -> str:
    """Return a text that is equal for equal documents; `1` and `true` differ in it."""
    return json.dumps(plain(node), sort_keys=True)


def _same(axis: Axis, baseline: Patch) -> bool:
    """Compare what was read, so that two spellings of one value are equal."""
    patch, name = axis.levels[0].patch, axis.name
    if name == "json":
        return False  # as written is all that counts
    if name in patch.keys:
        return patch.keys[name] == baseline.keys.get(name)
    if name == "headers":
        return patch.headers == baseline.headers
    if name == "query":
        return tuple(edit for edit in patch.query if edit.value is not None) == baseline.query
    attribute = "body" if name in BODY_FIELDS else _ATTRIBUTES.get(name, name)
    return bool(getattr(patch, attribute) == getattr(baseline, attribute))
