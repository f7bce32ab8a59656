"""zstd and brotli, with whichever library is installed; None where there is none."""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

Decode = Callable[[bytes, int], bytes]
"""Takes compressed bytes and a limit; returns at most that many, b"" for bytes that are not it."""

_ZSTD = ("compression.zstd", "backports.zstd", "zstandard")
_BROTLI = ("brotli", "brotlicffi")


@cache
def zstd() -> Decode | None:
    """Return how to read zstd here."""
    module = _first(_ZSTD)
    if module is None:
        return None
    return _by_reader(module) if module.__name__ == "zstandard" else _by_decompressor(module)


@cache
def brotli() -> Decode | None:
    """Return how to read brotli here; a library that cannot stop at a limit is none."""
    module: Any = _first(_BROTLI)
    if module is None:
        return None

    def decode(octets: bytes, limit: int) -> bytes:
        try:
            return bytes(module.Decompressor().process(octets, output_buffer_limit=limit))
        except (module.error, TypeError):
            return b""

    return decode


def _by_decompressor(module: Any) -> Decode:
    def decode(octets: bytes, limit: int) -> bytes:
        try:
            return bytes(module.ZstdDecompressor().decompress(octets, max_length=limit))
        except module.ZstdError:
            return b""

    return decode


def _by_reader(module: Any) -> Decode:
    def decode(octets: bytes, limit: int) -> bytes:
        try:
            with module.ZstdDecompressor().stream_reader(io.BytesIO(octets)) as reader:
                return bytes(reader.read(limit))
        except module.ZstdError:
            return b""

    return decode


def _first(names: tuple[str, ...]) -> ModuleType | None:
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None
