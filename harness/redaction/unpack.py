"""Undo what packs bytes, within limits: gzip, zlib, bare deflate and zip.

Brotli and Zstandard too, where there is a library for them.
"""

from __future__ import annotations

import importlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

MOST_UNPACKED = 1 << 20
"""Bytes that are unpacked of one thing; no more is kept of an answer either."""

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_SHORTEST = 8
_MOST_MEMBERS = 100


def unpacked(data: bytes) -> Iterator[bytes]:
    """Yield what `data` packs, by what it begins with; nothing when it packs nothing."""
    if data.startswith(_GZIP):
        yield from _inflated(data, zlib.MAX_WBITS | 16)
    elif data.startswith(_ZLIB):
        yield from _inflated(data, zlib.MAX_WBITS)
    elif data.startswith(_ZIP):
        yield from _members(data)
    elif data.startswith(_ZSTD):
        yield from _by_library(_zstd(), data)


def deflated(data: bytes) -> Iterator[bytes]:
    """Yield what bare deflate or Brotli makes of `data`: neither has a mark of its own."""
    if len(data) >= _SHORTEST:
        yield from _inflated(data, -zlib.MAX_WBITS)
        yield from _by_library(_brotli(), data)


def _inflated(data: bytes, window: int) -> Iterator[bytes]:
    try:
        found = zlib.decompressobj(window).decompress(data, MOST_UNPACKED)
    except zlib.error:
        return
    if found:
        yield found


def _members(data: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist()[:_MOST_MEMBERS]:
                yield member.filename.encode("utf-8", "surrogateescape")
                with archive.open(member) as file:
                    yield file.read(MOST_UNPACKED)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
        return


def _by_library(unpack: Callable[[bytes], bytes] | None, data: bytes) -> Iterator[bytes]:
    if unpack is None:
        return
    try:
        found = unpack(data)
    except Exception:  # noqa: BLE001 - each library has errors of its own
        return
    if found:
        yield found[:MOST_UNPACKED]


@cache
def _brotli() -> Callable[[bytes], bytes] | None:
    module = _library("brotli", "brotlicffi")
    return None if module is None else module.decompress


@cache
def _zstd() -> Callable[[bytes], bytes] | None:
    module = _library("compression.zstd", "backports.zstd", "zstandard")
    return None if module is None else module.decompress


def _library(*names: str) -> Any:
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None
