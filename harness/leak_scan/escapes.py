r"""Undo the escapes of a text, in bytes: HTML entities, backslashes, percent.

`\xNN` gives one byte, as Python and C mean it; `\uNNNN` gives a character in UTF-8.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

_ENTITY = re.compile(
    rb"&(?:#(?P<decimal>[0-9]{1,7});|#[xX](?P<hex>[0-9a-fA-F]{1,6});|[A-Za-z][A-Za-z0-9]{1,30};)"
)
_PLAIN = (
    *((b'\\"', b'"'), (b"\\/", b"/"), (b"\\n", b"\n"), (b"\\r", b"\r"), (b"\\t", b"\t")),
    *((b"\\'", b"'"), (b"\\b", b"\b"), (b"\\f", b"\f")),
)
_RICH = re.compile(
    rb"\\(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|u\{(?P<braces>[0-9a-fA-F]{1,6})\}"
    rb"|x(?P<x>[0-9a-fA-F]{2})|(?P<octal>[0-3][0-7]{2})|(?P<other>[ -~]))"
)
_LETTERS = {b"0": b"\0", b"a": b"\a", b"v": b"\v", b"e": b"\x1b", b"N": b"\xc2\x85"}
_PERCENT_U = re.compile(rb"%u([0-9a-fA-F]{4})")
_LAST_CODE_POINT = 0x10FFFF


def undo_entities(octets: bytes) -> bytes:
    """Return the text with HTML and XML entities read."""
    return _ENTITY.sub(_entity, octets) if b"&" in octets else octets


def undo_backslashes(octets: bytes) -> bytes:
    """Return the text with the escapes of JSON, YAML, JavaScript, Python and C read."""
    if b"\\" not in octets:
        return octets
    return b"\\".join(map(_between_double_backslashes, octets.split(b"\\\\")))


def undo_percent(octets: bytes) -> bytes:
    """Return the text with percent-encoding read; a plus stays a plus."""
    if b"%" not in octets:
        return octets
    return unquote_to_bytes(_PERCENT_U.sub(_percent_u, octets) if b"%u" in octets else octets)


STEPS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("HTML entities", undo_entities),
    ("backslash escapes", undo_backslashes),
    ("percent-encoding", undo_percent),
)
"""One pass: each kind of escape by its name."""

ALONE = (STEPS[0], STEPS[2])
"""What is undone by itself too: a backslash at the end of a secret may be no escape."""


def undo_all(octets: bytes) -> bytes:
    """Return the text after one pass."""
    for _, step in STEPS:
        octets = step(octets)
    return octets


def _entity(match: re.Match[bytes]) -> bytes:
    if match.lastgroup:
        return _character(int(match[match.lastgroup], 10 if match["decimal"] else 16))
    return html.unescape(match[0].decode("ascii")).encode("utf-8", "surrogatepass")


def _percent_u(match: re.Match[bytes]) -> bytes:
    return _character(int(match[1], 16))


def _between_double_backslashes(part: bytes) -> bytes:
    """Read what holds no doubled backslash: there every backslash begins an escape."""
    if b"\\" not in part:
        return part
    for escape, plain in _PLAIN:
        part = part.replace(escape, plain)
    return _RICH.sub(_rich, part) if b"\\" in part else part


def _rich(match: re.Match[bytes]) -> bytes:
    kind = match.lastgroup
    if kind == "other":
        return _LETTERS.get(match["other"], match["other"])
    if kind == "low":
        high, low = int(match["high"], 16) - 0xD800, int(match["low"], 16) - 0xDC00
        return _character(0x10000 + (high << 10) + low)
    assert kind is not None
    if kind in {"x", "octal"}:
        return bytes([int(match[kind], 16 if kind == "x" else 8)])
    return _character(int(match[kind], 16))


def _character(code: int) -> bytes:
    """Return UTF-8; a byte that Python carries as a lone surrogate becomes that byte."""
    if code > _LAST_CODE_POINT:
        return b""
    try:
        return chr(code).encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return chr(code).encode("utf-8", "surrogatepass")
