"""The texts that decoded stretches hold: what can be read of bytes, packed or not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from harness.redaction.encoded_runs import Decoded
from harness.redaction.unpack import deflated, unpacked

_TEXT = re.compile(rb"[\t\r\n\x20-\x7e]{12,}")
_WIDE = re.compile(rb"(?:[\t\r\n\x20-\x7e]\0){6,}|(?:\0[\t\r\n\x20-\x7e]){6,}")
_PACKED = re.compile(rb"\x1f\x8b\x08|PK\x03\x04|\x28\xb5\x2f\xfd|\x78[\x01\x5e\x9c\xda]")
_MOST_PACKED = 4
"""Marks of one stretch that are tried: two bytes are there by chance."""

_SHORTEST_DEFLATED = 11
_MOST_DEFLATED = 64 * 1024


def inner_texts(decoded: Decoded) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield each text with the stretch that encodes it.

    Only what is long and printable: a stretch read in the wrong way gives noise.
    """
    for match in _TEXT.finditer(decoded.data):
        yield match[0].decode("ascii"), decoded.span_at(match.start())
    for match in _WIDE.finditer(decoded.data):
        yield match[0].replace(b"\0", b"").decode("ascii"), decoded.span_at(match.start())
    for packed, span in _packed(decoded):
        for text in texts_of(packed):
            yield text, span


def texts_of(data: bytes) -> Iterator[str]:
    """Yield the texts in some bytes: all of them where they are text, else what can be read."""
    try:
        yield data.decode("utf-8")
    except UnicodeDecodeError:
        yield data.decode("latin-1")
    for match in _WIDE.finditer(data):
        yield match[0].replace(b"\0", b"").decode("ascii")


def _packed(decoded: Decoded) -> Iterator[tuple[bytes, tuple[int, int]]]:
    tried: Counter[int] = Counter()
    for mark in _PACKED.finditer(decoded.data):
        number = decoded.number_at(mark.start())
        tried[number] += 1
        if tried[number] <= _MOST_PACKED:
            rest = decoded.piece(number, mark.start())
            yield from ((packed, decoded.spans[number]) for packed in unpacked(rest))
    if decoded.data.isascii():
        return
    for data, span in decoded.pieces():
        if _SHORTEST_DEFLATED <= len(data) <= _MOST_DEFLATED and not data.isascii():
            yield from ((packed, span) for packed in deflated(data))
