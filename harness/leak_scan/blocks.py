"""Search a file of any size in blocks that overlap, so that memory stays bounded.

A block is 8 MiB and shares 1 MiB with the next one; lines are kept whole where they are shorter
than that. With all its readings a block takes some 150 MiB. A compressed stream inside a text that
a block cuts is reported as not scanned.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from harness.leak_scan.places import Found, find
from harness.leak_scan.searcher import Searcher

BLOCK_BYTES = 8 << 20
OVERLAP_BYTES = 1 << 20


class Readable(Protocol):
    """Somewhere bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""
        ...


def found_in(
    stream: Readable, searcher: Searcher, block_bytes: int = BLOCK_BYTES
) -> Iterator[Found]:
    """Yield what each block holds; what stands in an overlap may be told twice."""
    overlap = min(OVERLAP_BYTES, block_bytes // 2)
    line, byte, block = 1, 0, b""
    while True:
        wanted = block_bytes - len(block)
        fresh = _read(stream, wanted)
        block += fresh
        if fresh:
            yield find(block, searcher, line=line, byte=byte)
        if len(fresh) < wanted:
            return
        latest = len(block) - overlap
        start = block.rfind(b"\n", max(1, latest - overlap), latest) + 1 or latest
        line += block.count(b"\n", 0, start)
        byte += start
        block = block[start:]


def _read(stream: Readable, size: int) -> bytes:
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
