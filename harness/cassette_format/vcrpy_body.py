"""The bodies that vcrpy keeps: text, bytes, compressed bytes, and what aiohttp was given."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from urllib.parse import urlencode

from harness.model.request import HeaderPairs, Json
from harness.redaction.body_text import withheld
from harness.redaction.placeholder import NO_ID, Placeholder
from harness.strict_yaml.node import Node, ScalarNode, SequenceNode, entries_of, items_of

MAX_BODY = 1 << 20
"""Bytes of a body that is shown, as for one that is recorded here."""

_CODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_FORM = "application/x-www-form-urlencoded"


def body_text(node: Node | None, headers: HeaderPairs) -> str:
    """Return a body as text: decoded where it is compressed, withheld where it is no text.

    A mapping or a list is what aiohttp was given as `json=` or `data=`; the header
    `Content-Type` says which, and without it JSON is assumed.
    """
    if node is None or (isinstance(node, ScalarNode) and node.octets is None and not node.text):
        return ""
    if isinstance(node, ScalarNode) and node.octets is not None:
        return text_of_bytes(node.octets, headers)
    if isinstance(node, ScalarNode):
        text = node.text if isinstance(node.value, str) else json.dumps(node.value)
        return _shown("" if node.value is None else text)
    return _shown(_as_sent(node, _named(headers, "content-type")))


def text_of_bytes(octets: bytes, headers: HeaderPairs) -> str:
    """Return bytes as text, decompressed by `Content-Encoding` when they are compressed."""
    plain = _decompressed(octets, _named(headers, "content-encoding"))
    try:
        text = plain.decode()
    except UnicodeDecodeError:
        return withheld(plain)
    return _shown(text)


def value_of(node: Node) -> Json:
    """Return a value without its places; bytes are withheld."""
    if isinstance(node, ScalarNode):
        return withheld(node.octets) if node.octets is not None else node.value
    if isinstance(node, SequenceNode):
        return [value_of(item) for item in node.items]
    return {entry.name: value_of(entry.value) for entry in node.entries}


def is_compressed(octets: bytes, headers: HeaderPairs) -> bool:
    """Tell whether bytes are still compressed as `Content-Encoding` says."""
    return _decompressed(octets, _named(headers, "content-encoding")) is not octets


def _shown(text: str) -> str:
    if "\0" in text:
        return withheld(text.encode())
    if len(text) <= MAX_BODY:
        return text
    return str(Placeholder(NO_ID, kind="blob", length=str(len(text)), marks=("text",)))


def _as_sent(node: Node, content_type: str) -> str:
    if content_type.partition(";")[0].strip().lower() == _FORM:
        return urlencode(list(_fields(node)))
    return json.dumps(value_of(node))


def _fields(node: Node) -> Iterator[tuple[str, str]]:
    for entry in entries_of(node):
        yield entry.name, str(value_of(entry.value))
    for item in items_of(node):
        match value_of(item):
            case [str(name), value]:
                yield name, str(value)
            case other:
                yield str(other), ""


def _named(headers: HeaderPairs, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "").strip().lower()


def _decompressed(octets: bytes, coding: str) -> bytes:
    """Return the bytes decompressed; themselves when they are not, or hold too much."""
    if coding not in _CODINGS:
        return octets
    for bits in {"deflate": (15, -15)}.get(coding, (31,)):
        reader = zlib.decompressobj(bits)
        try:
            plain = reader.decompress(octets, MAX_BODY)
        except zlib.error:
            continue
        return octets if reader.unconsumed_tail or not reader.eof else plain
    return octets
