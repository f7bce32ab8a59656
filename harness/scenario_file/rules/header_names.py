"""Headers and query fields: each named once in a mapping, whatever the case, and not too many."""

from __future__ import annotations

from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.rules.axis_levels import field_values
from harness.strict_yaml.node import Entry, MappingNode, entries_of, items_of

_MOST_FIELDS = 200


def check_repeated_names(root: MappingNode, faults: FaultList) -> None:
    """Report names that differ in case only, and more fields than any server takes."""
    for field in ("headers", "query"):
        for fields in field_values(root, field):
            _check_number(fields, faults)
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


def _check_number(fields: Entry, faults: FaultList) -> None:
    number = len(entries_of(fields.value)) + len(items_of(fields.value))
    if number > _MOST_FIELDS:
        message = f"more than {_MOST_FIELDS} of them are in `{fields.name}`"
        faults.add(fields.key.span, message, "no server takes so many")
