"""A request has a URL and at most one body, and what merges into a body finds one."""

from __future__ import annotations

from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.request_fields import BODY_FIELDS
from harness.scenario_file.rules.axis_levels import axis_levels, patches
from harness.strict_yaml.node import Entry, MappingNode, ScalarNode, entries_of


def check_bodies(root: MappingNode, faults: FaultList) -> None:
    """Report several bodies in one request, and merge patches without a JSON body."""
    request = root.get("request")
    axes = [entry for entry in entries_of(root.get("axes")) if entry.name in BODY_FIELDS]
    given = _bodies(request)
    _check_single(given, faults)
    for axis in axes:
        others = [entry for entry in given if entry.name != axis.name]
        if others:
            message = f"axis `{axis.name}` varies the body, but the request has `{others[0].name}`"
            hint = f"line {others[0].key.span.line}: a request has one body, so remove one"
            faults.add(axis.key.span, message, hint)
    has_json = any(entry.name == "json" for entry in (*given, *axes))
    for patch in patches(root):
        _check_patch(patch, faults, has_json=has_json)


def check_url(root: MappingNode, faults: FaultList) -> None:
    """Report a scenario that says nowhere where to send."""
    entry = root.entry("request")
    if entry is None or not isinstance(entry.value, MappingNode) or entry.value.get("url"):
        return
    if "url" not in axis_levels(root):
        faults.add(entry.key.span, "`url` is missing in `request`", "there is no axis `url` either")


def _check_patch(patch: Entry, faults: FaultList, *, has_json: bool) -> None:
    merge = next((entry for entry in entries_of(patch.value) if entry.name == "json+"), None)
    bodies = _bodies(patch.value)
    _check_single(bodies, faults)
    if merge and bodies:
        message = f"`json+` and `{bodies[0].name}` are both given: one changes the body, one is it"
        faults.add(merge.key.span, message, "keep one of them")
    elif merge and not has_json:
        hint = "give the request a `json`, or the whole document here as `json`"
        faults.add(merge.key.span, "`json+` has no JSON body to merge into", hint)


def _bodies(node: object) -> list[Entry]:
    if not isinstance(node, MappingNode):
        return []
    entries = (entry for entry in node.entries if entry.name in BODY_FIELDS)
    return [
        entry
        for entry in entries
        if not (isinstance(entry.value, ScalarNode) and entry.value.value is None)
    ]


def _check_single(bodies: list[Entry], faults: FaultList) -> None:
    for entry in bodies[1:]:
        message = f"`{bodies[0].name}` and `{entry.name}` are both given, but there is one body"
        faults.add(entry.key.span, message, "keep one of them")
