"""A YAML document as a tree in which every value knows where it was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """From the first character to the one after the last; lines and columns count from 1.

    A tuple, as a file may have half a million of them.
    """

    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def width(self) -> int:
        """The number of characters on one line; 1 for what is empty or goes over lines."""
        return self.end_column - self.column if self.line == self.end_line else 1

    @property
    def is_empty(self) -> bool:
        """True for a value that was left out, as in `key:`."""
        return (self.line, self.column) == (self.end_line, self.end_column)


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """One value. `text` is what was written, for numbers too; `faulty` if already reported.

    `octets` are the bytes of a `!!binary` value, whose `value` is None.
    """

    span: Span
    value: bool | int | float | str | None
    text: str
    faulty: bool = False
    octets: bytes | None = None


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list."""

    span: Span
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` of a mapping."""

    key: ScalarNode
    value: Node

    @property
    def name(self) -> str:
        """The key as text."""
        return self.key.text

    @property
    def span(self) -> Span:
        """Where to point: at a scalar itself, at the key of anything larger or left out."""
        is_shown = isinstance(self.value, ScalarNode) and not self.value.span.is_empty
        return self.value.span if is_shown else self.key.span


@dataclass(frozen=True, slots=True)
class MappingNode:
    """A mapping in written order; no key stands in it twice."""

    span: Span
    entries: tuple[Entry, ...]

    def entry(self, name: str) -> Entry | None:
        """Return the entry called `name`, if there is one."""
        return next((entry for entry in self.entries if entry.name == name), None)

    def get(self, name: str) -> Node | None:
        """Return the value called `name`, if there is one."""
        entry = self.entry(name)
        return entry.value if entry else None


Node = ScalarNode | SequenceNode | MappingNode

Plain = bool | int | float | str | list["Plain"] | dict[str, "Plain"] | None
"""A tree without places."""


def plain(node: Node) -> Plain:
    """Return the values of a tree without their places."""
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return {entry.name: plain(entry.value) for entry in node.entries}


def kind_of(node: Node) -> str:
    """Name the kind of value in words, such as `a list`."""
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "a mapping"
    if node.octets is not None:
        return "bytes"
    if isinstance(node.value, str):
        return "text"
    if isinstance(node.value, bool):
        return "true or false"
    return "nothing" if node.value is None else "a number"


def entries_of(node: Node | None) -> tuple[Entry, ...]:
    """Return the entries of a mapping; of anything else, none."""
    return node.entries if isinstance(node, MappingNode) else ()


def items_of(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a list; of anything else, none."""
    return node.items if isinstance(node, SequenceNode) else ()


def text_of(node: Node | None) -> str | None:
    """Return the text of a text value; of anything else, None."""
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return node.value
    return None


def nodes_in(node: Node) -> Iterator[Node]:
    """Yield every node of a tree, keys included: what is inside first, then what holds it."""
    for item in items_of(node):
        yield from nodes_in(item)
    for entry in entries_of(node):
        yield entry.key
        yield from nodes_in(entry.value)
    yield node


def scalars_in(node: Node) -> Iterator[ScalarNode]:
    """Yield every scalar of a tree, keys included, in written order."""
    return (inner for inner in nodes_in(node) if isinstance(inner, ScalarNode))
