"""Finds the node that pydantic means by a location."""

from __future__ import annotations

from dataclasses import dataclass

from harness.scenario_file.declared_fields import Location, is_tag
from harness.strict_yaml.node import Entry, MappingNode, Node, SequenceNode, Span

_KEY = "[key]"


@dataclass(frozen=True, slots=True)
class TreePlace:
    """A node, the entry that holds it (none in a list), and what to call it in a message."""

    node: Node
    owner: Entry | None
    label: str

    @property
    def span(self) -> Span:
        """Where to point: at a scalar itself, at the name of anything larger or left out."""
        return self.owner.span if self.owner else self.node.span


def tree_place(root: MappingNode, location: Location) -> TreePlace:
    """Walk a location as far as the file goes."""
    place = TreePlace(root, None, "the scenario")
    for part in location:
        if is_tag(part):
            continue
        if part == _KEY and place.owner:
            return TreePlace(place.owner.key, None, f"`{place.owner.name}`")
        below = _below(place, part)
        if below is None:
            break
        place = below
    return place


def _below(place: TreePlace, part: str | int) -> TreePlace | None:
    node = place.node
    if isinstance(node, MappingNode) and (entry := node.entry(str(part))):
        return TreePlace(entry.value, entry, f"`{entry.name}`")
    if isinstance(node, SequenceNode) and isinstance(part, int):
        return TreePlace(node.items[part], None, f"item {part + 1} of {place.label}")
    return None
