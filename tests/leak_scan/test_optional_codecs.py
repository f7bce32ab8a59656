"""Which library reads zstd and brotli. Stand-ins have the interface of the real ones."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import brotlicffi
import pytest

from harness.leak_scan import optional_codecs


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    optional_codecs.zstd.cache_clear()
    optional_codecs.brotli.cache_clear()
    yield
    optional_codecs.zstd.cache_clear()
    optional_codecs.brotli.cache_clear()


class _BadError(Exception):
    pass


def _check(octets: bytes) -> bytes:
    if not octets.startswith(b"Z"):
        raise _BadError
    return octets[1:]


def _module(name: str, **members: Any) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(ZstdError=_BadError, **members)
    return module


def _without_zstd(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("compression.zstd", "backports.zstd", "zstandard"):
        monkeypatch.setitem(sys.modules, name, None)


def test_without_a_library_there_is_no_zstd(monkeypatch: pytest.MonkeyPatch) -> None:
    _without_zstd(monkeypatch)
    assert optional_codecs.zstd() is None


def test_zstd_of_the_standard_library_and_its_backport(monkeypatch: pytest.MonkeyPatch) -> None:
    class Decompressor:
        def decompress(self, octets: bytes, max_length: int = -1) -> bytes:
            return _check(octets)[:max_length]

    _without_zstd(monkeypatch)
    module = _module("backports.zstd", ZstdDecompressor=Decompressor)
    monkeypatch.setitem(sys.modules, "backports.zstd", module)
    decode = optional_codecs.zstd()
    assert decode is not None
    assert (decode(b"Zabc", 2), decode(b"abc", 2)) == (b"ab", b"")


def test_zstd_of_zstandard(monkeypatch: pytest.MonkeyPatch) -> None:
    class Decompressor:
        def stream_reader(self, source: io.BytesIO) -> io.BytesIO:
            return io.BytesIO(_check(source.read()))

    _without_zstd(monkeypatch)
    module = _module("zstandard", ZstdDecompressor=Decompressor)
    monkeypatch.setitem(sys.modules, "zstandard", module)
    decode = optional_codecs.zstd()
    assert decode is not None
    assert (decode(b"Zabc", 2), decode(b"abc", 2)) == (b"ab", b"")


def test_brotli_stops_at_the_limit_and_takes_nothing_else() -> None:
    decode = optional_codecs.brotli()
    assert decode is not None
    assert decode(brotlicffi.compress(b"text"), 100) == b"text"
    assert len(decode(brotlicffi.compress(bytes(1 << 20)), 1000)) < 1 << 20
    assert decode(b"\xff\xff\xff", 100) == b""


def test_without_a_library_there_is_no_brotli(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brotli", None)
    monkeypatch.setitem(sys.modules, "brotlicffi", None)
    assert optional_codecs.brotli() is None


def test_a_brotli_that_cannot_stop_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Decompressor:
        def process(self, octets: bytes) -> bytes:
            return octets

    old = SimpleNamespace(__name__="brotli", error=_BadError, Decompressor=Decompressor)
    monkeypatch.setitem(sys.modules, "brotli", old)
    decode = optional_codecs.brotli()
    assert decode is not None
    assert decode(b"abc", 2) == b""
