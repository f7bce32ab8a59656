"""Search a file of any size in blocks that overlap, so that memory stays bounded.

A block is 4 MiB and shares 512 KiB with the next one; lines are kept whole where they are shorter
than that. With all its readings a block takes 100 to 350 MiB. A compressed stream inside a text
that a block cuts is reported as not scanned.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from harness.leak_scan.places import Found, Place, find
from harness.leak_scan.searcher import Hit, Searcher
from harness.leak_scan.spellings import PIECE

BLOCK_BYTES = 4 << 20
OVERLAP_BYTES = 512 << 10
_SURROUNDINGS = 1024


class Readable(Protocol):
    """Somewhere bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""
        ...


def find_in_stream(stream: Readable, searcher: Searcher, block_bytes: int = BLOCK_BYTES) -> Found:
    """Return what a stream holds, each thing once."""
    hits: dict[tuple[Place, Hit], None] = {}
    reasons: dict[str, None] = {}
    for found in _blocks(stream, searcher, block_bytes):
        hits.update(dict.fromkeys(found.hits))
        reasons.update(dict.fromkeys(found.not_scanned))
    whole = {
        (hit.whose, near + step)
        for (place, hit), near in zip(hits, map(_near, hits), strict=True)
        for step in ((0,) if place.unit == "line" else (-1, 0, 1))
        if hit.spelling != PIECE
    }
    told = (
        one for one in hits if one[1].spelling != PIECE or (one[1].whose, _near(one)) not in whole
    )
    return Found(tuple(told), tuple(reasons))


def _near(told: tuple[Place, Hit]) -> int:
    """Number the surroundings: where a block cuts a secret, the next one has the whole of it."""
    place = told[0]
    return place.first if place.unit == "line" else place.first // _SURROUNDINGS


def _blocks(stream: Readable, searcher: Searcher, block_bytes: int) -> Iterator[Found]:
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
