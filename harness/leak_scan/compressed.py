"""Unpack compressed streams wherever they begin in bytes: gzip, zlib, bz2, xz, zstd.

Raw deflate and brotli have no sign to know them by; they are tried where a run of base64 or hex
begins. zstd and brotli are read where a library for them is installed; without one a stream of
zstd is reported as not scanned.
"""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from harness.leak_scan import optional_codecs
from harness.leak_scan.budget import MAX_STREAM_BYTES, Budget

# No groups: without them the engine skips to the next byte with which one of these begins.
_MAGIC = re.compile(
    rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|BZh[1-9](?=1AY&SY)|\xfd7zXZ\x00|\x28\xb5\x2f\xfd",
    re.DOTALL,
)
_KINDS = {0x1F: "gzip", 0x78: "zlib", ord("B"): "bz2", 0xFD: "xz", 0x28: "zstd"}
_AS_CHARACTERS = re.compile(
    rb"\x1f\xc2\x8b\x08|\x78(?:\x01|\x5e|\xc2\x9c|\xc3\x9a)|BZh[1-9]1AY&SY"
    rb"|\xc3\xbd7zXZ\x00|\x28\xc2\xb5\x2f\xc3\xbd"
)
_SIGNS = (
    *(
        b"\x1f\x8b\x08",
        b"x\x01",
        b"x^",
        b"x\x9c",
        b"x\xda",
        b"1AY&SY",
        b"\xfd7zXZ",
        b"\x28\xb5\x2f",
    ),
    *(b"\x1f\xc2\x8b", b"x\xc2\x9c", b"x\xc3\x9a", b"\xc3\xbd7zXZ", b"\x28\xc2\xb5"),
)
_CHUNK = 1 << 16
_CUT_OFF = 1 << 18
"""Bytes: the overlap of two blocks of a file holds any shorter stream as a whole."""
_OPEN: dict[str, Callable[[], Any]] = {
    "gzip": lambda: zlib.decompressobj(16 + zlib.MAX_WBITS),
    "zlib": zlib.decompressobj,
    "bz2": bz2.BZ2Decompressor,
    "xz": lzma.LZMADecompressor,
}
_BROKEN = (zlib.error, OSError, EOFError, ValueError, lzma.LZMAError)
_SHORTEST = 8
_LONG = 64
_ZSTD_BLOCK = 1 << 17
_GLANCE = 1 << 12


def unpacked(octets: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """Yield what each stream in `octets` holds, by its kind; broken ones as far as they go."""
    if not any(sign in octets for sign in _SIGNS):  # ten times as fast as the patterns
        return
    yield from _streams(octets, budget)
    match = _AS_CHARACTERS.search(octets)
    if match and not octets.isascii():  # bytes that were written as characters of Latin-1
        characters = octets[match.start() :].decode("utf-8", "replace")
        yield from _streams(characters.encode("latin-1", "replace"), budget)


def unpacked_at_start(octets: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what `octets` hold as raw deflate, and as brotli, if they are that."""
    if octets and octets[0] & 6 != 6:  # noqa: PLR2004 - RFC 1951: block type 3 is none
        decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = decompressor.decompress(octets, MAX_STREAM_BYTES)
        except zlib.error:
            data = b""
        if len(data) >= _SHORTEST and (decompressor.eof or len(octets) > _LONG):
            yield "deflate", data
    decode = optional_codecs.brotli()
    if decode is not None:
        data = decode(octets, _GLANCE)  # it makes room for as many bytes as it may
        if len(data) >= _SHORTEST:
            yield "brotli", data if len(data) < _GLANCE else decode(octets, MAX_STREAM_BYTES)


def _streams(octets: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    end = 0
    for match in _MAGIC.finditer(octets):
        if match.start() >= end:
            kind = _KINDS[octets[match.start()]]
            data, consumed = _read(kind, octets, match.start(), budget)
            if data:
                end = match.start() + consumed
                yield kind, data


def _read(kind: str, octets: bytes, start: int, budget: Budget) -> tuple[bytes, int]:
    """Return what the stream at `start` holds, and how many bytes it is long."""
    limit = MAX_STREAM_BYTES + 1
    if kind == "zstd":
        decode = optional_codecs.zstd()
        if not _is_zstd(octets, start):
            return b"", 0
        if decode is None:
            budget.give_up("zstd: no library for it is installed (pip install zstandard)")
            return b"", 0
        data, consumed = decode(octets[start:], limit), 0
    else:
        data, consumed = _by_chunks(kind, memoryview(octets)[start:], limit, budget)
    if len(data) >= limit:
        budget.give_up(f"{kind} unpacks to more than {MAX_STREAM_BYTES >> 20} MiB")
    return data, consumed


def _is_zstd(octets: bytes, start: int) -> bool:
    """Tell a frame from four bytes that are alike: its first block must be possible (RFC 8878)."""
    descriptor = octets[start + 4] if start + 4 < len(octets) else 8
    single = descriptor >> 5 & 1
    sizes = (0, 1, 2, 4)[descriptor & 3] + (single, 2, 4, 8)[descriptor >> 6] + 1 - single
    header = octets[start + 5 + sizes : start + 8 + sizes]
    block = int.from_bytes(header, "little")
    is_possible = block >> 1 & 3 != 3 and block >> 3 <= _ZSTD_BLOCK  # noqa: PLR2004 - reserved
    return len(header) == 3 and not descriptor & 8 and is_possible  # noqa: PLR2004


def _by_chunks(kind: str, octets: memoryview, limit: int, budget: Budget) -> tuple[bytes, int]:
    parts: list[bytes] = []
    size = place = 0
    try:
        stream = _OPEN[kind]()
        while place < len(octets) and not stream.eof and size < limit:
            chunk = octets[place : place + _CHUNK]
            place += len(chunk)
            parts.append(stream.decompress(chunk, limit - size))
            size += len(parts[-1])
    except _BROKEN:
        return b"".join(parts), place
    if not stream.eof and size < limit and place > _CUT_OFF:
        budget.give_up(f"{kind} without an end")
    return b"".join(parts), place - len(stream.unused_data)
