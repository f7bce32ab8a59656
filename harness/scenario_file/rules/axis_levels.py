"""Which axes and levels a file names, however broken the rest of it is."""

from __future__ import annotations

from harness.scenario_file.request_fields import is_field
from harness.strict_yaml.node import (
    Entry,
    MappingNode,
    ScalarNode,
    entries_of,
    items_of,
)


def axis_levels(root: MappingNode) -> dict[str, tuple[str, ...]]:
    """Return the level names of every axis, in written order."""
    return {
        axis.name: tuple(
            [level.name for level in entries_of(axis.value)]
            + [item.text for item in items_of(axis.value) if isinstance(item, ScalarNode)]
        )
        for axis in entries_of(root.get("axes"))
    }


def patches(root: MappingNode) -> tuple[Entry, ...]:
    """Return every level whose value is a patch of the request."""
    return tuple(
        level
        for axis in entries_of(root.get("axes"))
        if not is_field(axis.name)
        for level in entries_of(axis.value)
        if isinstance(level.value, MappingNode)
    )


def field_values(root: MappingNode, field: str) -> tuple[Entry, ...]:
    """Return each place where a request field is given a value: request, patches, its axis."""
    owners = [root.get("request"), *(patch.value for patch in patches(root))]
    given = [entry for owner in owners for entry in entries_of(owner) if entry.name == field]
    axes = entries_of(root.get("axes"))
    varied = [level for axis in axes if axis.name == field for level in entries_of(axis.value)]
    return (*given, *varied)
