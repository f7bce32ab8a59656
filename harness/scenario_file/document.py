"""Writes a tree as the one JSON text that reads back to the same scenario."""

from __future__ import annotations

import json
import re

from harness.strict_yaml.node import MappingNode, Node, ScalarNode, SequenceNode

# YAML takes these raw neither in files nor in quotes, or folds them as line ends.
_NOT_RAW = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def document_of(node: Node) -> str:
    r"""Return compact JSON, aliases written out.

    Characters outside the Basic Multilingual Plane stay raw, because YAML knows no pairs of
    `\u` escapes; numbers stay as they were written, because YAML 1.1 knows no `1e+16`.
    """
    if isinstance(node, MappingNode):
        inner = (f"{_text(entry.name)}: {document_of(entry.value)}" for entry in node.entries)
        return f"{{{', '.join(inner)}}}"
    if isinstance(node, SequenceNode):
        return f"[{', '.join(document_of(item) for item in node.items)}]"
    return _scalar(node)


def _scalar(node: ScalarNode) -> str:
    if isinstance(node.value, str):
        return _text(node.value)
    if node.value is None or isinstance(node.value, bool):
        return json.dumps(node.value)
    return node.text


def _text(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return _NOT_RAW.sub(lambda match: f"\\u{ord(match[0]):04x}", written)
