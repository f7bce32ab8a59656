"""A cassette that vcrpy wrote, YAML or JSON, as a tree with places: read, never constructed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.errors import CassetteError, Place, ScenarioError
from harness.strict_yaml.node import (
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Span,
    kind_of,
)
from harness.strict_yaml.source_text import SourceText, read_source
from harness.strict_yaml.yaml_rules import CASSETTE, JSON_CASSETTE
from harness.strict_yaml.yaml_tree import read_tree

MAX_BYTES = CASSETTE.max_bytes
"""What is no stream of lines is read whole."""

HINT = "vcrpy writes `interactions:`, a list of items with `request` and `response`"
_QUOTED = re.compile(r"[`\"]([^`\"]*)[`\"]", re.DOTALL)
_WORD = re.compile(
    r"[^A-Za-z0-9]{0,4}|!!python/[A-Za-z_./:]{1,60}|!!?[a-z]{1,20}|\\U0010FFFF|body|code|headers|interactions|message|metadata|method"
    r"|request|response|status|string|uri|version|name: value"
)
_JSON = re.compile(rb"\s*\{\s*\"")
_ESCAPED = re.compile(
    r"\\(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)|\x7f"
)


@dataclass(frozen=True, slots=True)
class VcrpyTree:
    """The file's top mapping and its items, each a mapping; `is_json` is how it is written."""

    file: str
    root: MappingNode
    items: tuple[MappingNode, ...]
    is_json: bool

    def place(self, node: Node) -> Place:
        """Return where a value starts."""
        return Place(self.file, node.span.line, node.span.column)

    def fault(self, node: Node, message: str, hint: str = HINT) -> CassetteError:
        """Return the error that says what is wrong with a value; never the value."""
        return CassetteError(f"{self.place(node)}: {message}", hint=hint)


def read_vcrpy_tree(data: bytes, file: str) -> VcrpyTree:
    """Read the bytes of a cassette within the limits of `CASSETTE`.

    Raises:
        CassetteError: it is no such cassette; the message starts with `file:line:col`.
    """
    is_json = _JSON.match(data) is not None
    try:
        source = read_source(data, file, JSON_CASSETTE if is_json else CASSETTE)
    except ScenarioError as error:
        first = error.faults[0]
        raise CassetteError(f"{first.place}: {first.message}", hint=first.hint) from None
    if is_json:
        text = _ESCAPED.sub(_as_yaml, source.text)
        source = SourceText(source.file, text, (), source.rules)
    root = read_tree(_FirstFault(source))
    tree = VcrpyTree(file, root if isinstance(root, MappingNode) else _NOTHING, (), is_json)
    if root is None or not isinstance(root, MappingNode):
        kind = "an empty file" if root is None else kind_of(root)
        raise tree.fault(root or _NOTHING, f"a cassette is a mapping, not {kind}")
    return VcrpyTree(file, root, tuple(_items(tree)), is_json)


def tree_of(items: Iterable[Mapping[str, Any]], file: str) -> VcrpyTree:
    """Return the tree of items in memory, as vcrpy hands them over: nothing has a place."""
    nodes = tuple(_node_of(item) for item in items)
    mappings = tuple(node for node in nodes if isinstance(node, MappingNode))
    return VcrpyTree(file, _NOTHING, mappings, is_json=False)


def python_of(node: Node) -> Any:
    """Return a value as a YAML loader makes it, bytes included."""
    if isinstance(node, ScalarNode):
        return node.value if node.octets is None else node.octets
    if isinstance(node, SequenceNode):
        return [python_of(item) for item in node.items]
    return {entry.name: python_of(entry.value) for entry in node.entries}


def _node_of(value: Any) -> Node:
    if value is None or isinstance(value, bool | int | float | str):
        return ScalarNode(_NOWHERE, value, "" if value is None else str(value))
    if isinstance(value, bytes | bytearray | memoryview):
        return ScalarNode(_NOWHERE, None, "", octets=bytes(value))
    if isinstance(value, Mapping):
        pairs = ((ScalarNode(_NOWHERE, str(name), str(name)), one) for name, one in value.items())
        return MappingNode(_NOWHERE, tuple(Entry(key, _node_of(one)) for key, one in pairs))
    return _node_of_stream(value)


def _node_of_stream(value: Any) -> Node:
    """Return what a request was given to send, such as a file or an iterator."""
    if hasattr(value, "read"):
        return _node_of(value.read())
    if isinstance(value, Iterable):
        parts = list(value)
        if parts and all(isinstance(part, bytes) for part in parts):
            return _node_of(b"".join(parts))
        return SequenceNode(_NOWHERE, tuple(_node_of(part) for part in parts))
    return _node_of(f"<{type(value).__name__}>")


def _items(tree: VcrpyTree) -> list[MappingNode]:
    interactions = tree.root.entry("interactions")
    if interactions is None:
        raise tree.fault(tree.root, "`interactions` is missing")
    if kind_of(interactions.value) == "nothing":
        return []
    if not isinstance(interactions.value, SequenceNode):
        raise tree.fault(
            interactions.key, f"`interactions` is a list, not {kind_of(interactions.value)}"
        )
    items: list[MappingNode] = []
    for item in interactions.value.items:
        if not isinstance(item, MappingNode):
            raise tree.fault(item, f"an interaction is a mapping, not {kind_of(item)}")
        items.append(item)
    return items


class _FirstFault:
    """Ends the reading at the first fault; it shows no line, as one may hold a secret."""

    def __init__(self, source: SourceText) -> None:
        self.source = source

    def add(self, span: Span, message: str, hint: str = "") -> None:
        place = Place(self.source.file, span.line, span.column)
        raise CassetteError(f"{place}: {_quiet(message)}", hint=_quiet(hint) or HINT)

    def hide(self, span: Span) -> None:
        """Nothing is shown."""

    def hide_named_values(self) -> None:
        """Nothing is shown."""


def _quiet(text: str) -> str:
    """Leave out what a text quotes of the file, but for words that are no secret."""
    return _QUOTED.sub(lambda match: match[0] if _WORD.fullmatch(match[1]) else "`…`", text)


def _as_yaml(match: re.Match[str]) -> str:
    r"""Write what JSON knows and YAML does not: surrogate pairs, halves of them, a raw DEL."""
    if match[0] == "\x7f":
        return "\\x7f"
    if match["high"]:
        units = bytes.fromhex(match["high"] + match["low"])
        return f"\\U{ord(units.decode('utf-16-be')):08x}"
    return "\\ufffd" if match["lone"] else match[0]


_NOWHERE = Span(0, 0, 0, 0)
_NOTHING = MappingNode(Span(1, 1, 1, 1), ())
