"""Finds the node that pydantic means by a location."""

from __future__ import annotations

from dataclasses import dataclass

from harness.scenario_file.declared_fields import Location, is_tag
from harness.scenario_file.node import Entry, MappingNode, Node, ScalarNode, SequenceNode, Span

_KEY = "[key]"


@dataclass(frozen=True, slots=True)
class TreePlace:
    """A node, the entry that holds it (none in a list), and what to call it."""

    node: Node
    owner: Entry | None
    label: str

    @property
    def span(self) -> Span:
        """Where to point: at a scalar itself, at the name of anything larger or left out."""
        is_shown = isinstance(self.node, ScalarNode) and not self.node.span.is_empty
        return self.node.span if is_shown or self.owner is None else self.owner.key.span


def tree_place(root: MappingNode, location: Location) -> TreePlace:
    """Walk a location as far as the file goes."""
    place = TreePlace(root, None, "the scenario")
    for part in location:
        if is_tag(part):
            continue
        if part == _KEY and place.owner:
            return TreePlace(place.owner.key, None, place.owner.name)
        below = _below(place.node, part)
        if below is None:
            break
        place = below
    return place


def _below(node: Node, part: str | int) -> TreePlace | None:
    if isinstance(node, MappingNode) and (entry := node.entry(str(part))):
        return TreePlace(entry.value, entry, entry.name)
    if isinstance(node, SequenceNode) and isinstance(part, int):
        return TreePlace(node.items[part], None, f"item {part + 1}")
    return None
