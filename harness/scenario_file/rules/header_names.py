"""A mapping names each header and query field once, whatever the case."""

from __future__ import annotations

from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.node import MappingNode, entries_of
from harness.scenario_file.rules.axis_levels import field_values


def check_repeated_names(root: MappingNode, faults: FaultList) -> None:
    """Report names that differ in case only."""
    for field in ("headers", "query"):
        for fields in field_values(root, field):
            seen: dict[str, str] = {}
            for entry in entries_of(fields.value):
                first = seen.setdefault(entry.name.lower(), entry.name)
                if first != entry.name:
                    message = f"`{entry.name}` is the same as `{first}` above"
                    hint = (
                        "keep one; to send both, write `headers` as a list of pairs"
                        if field == "headers"
                        else "keep one; to send both, write them into the URL"
                    )
                    faults.add(entry.key.span, message, hint)
