from __future__ import annotations

import bz2
import gzip
import lzma
import zlib

import brotlicffi
import pytest
from leak_scan.encodings import raw_deflate

from harness.leak_scan import optional_codecs
from harness.leak_scan.budget import MAX_STREAM_BYTES, Budget
from harness.leak_scan.compressed import unpacked, unpacked_at_start

SECRET = b"a secret that nobody may see"
STREAMS = {
    "gzip": gzip.compress(SECRET, mtime=0),
    "zlib": zlib.compress(SECRET),
    "bz2": bz2.compress(SECRET),
    "xz": lzma.compress(SECRET),
}
ZSTD = b"\x28\xb5\x2f\xfd\x20\x1c" + (len(SECRET) << 3 | 1).to_bytes(3, "little") + SECRET
"""One raw block in a frame with its size (RFC 8878)."""


def read(octets: bytes) -> tuple[list[tuple[str, bytes]], tuple[str, ...]]:
    budget = Budget(len(octets))
    return list(unpacked(octets, budget)), budget.not_scanned


@pytest.mark.parametrize("kind", STREAMS)
def test_a_stream_is_found_wherever_it_begins(kind: str) -> None:
    assert read(b"x" * 7 + STREAMS[kind] + b"tail") == ([(kind, SECRET)], ())


@pytest.mark.parametrize("kind", STREAMS)
def test_bytes_written_as_characters_are_bytes_again(kind: str) -> None:
    text = STREAMS[kind].decode("latin-1").encode()
    assert (kind, SECRET) in read(b"text " + text)[0]


def test_several_streams_are_all_read() -> None:
    assert [kind for kind, _ in read(b"".join(STREAMS.values()))[0]] == list(STREAMS)


def test_a_broken_stream_is_read_as_far_as_it_goes() -> None:
    long = b"secret " + bytes(range(256)) * 600
    cut = gzip.compress(long, 0)[:100_000]
    (found,), not_scanned = read(cut)
    assert found[1].startswith(b"secret ")
    assert not_scanned == ()
    assert read(cut[:80_000] + b"\xff" * 100_000)[0]


def test_a_bomb_is_not_read_to_its_end() -> None:
    (found,), not_scanned = read(gzip.compress(bytes(MAX_STREAM_BYTES + 10)))
    assert len(found[1]) == MAX_STREAM_BYTES + 1
    assert not_scanned == ("gzip unpacks to more than 4 MiB",)


def test_a_long_stream_without_an_end_is_told() -> None:
    noise = b"".join(zlib.compress(str(number).encode()) for number in range(60_000))
    assert read(gzip.compress(noise, 0)[:-9])[1] == ("gzip without an end",)


@pytest.mark.parametrize(
    "octets", [b"", b"x^2 + x\x01 and BZh9", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"x\x9c"]
)
def test_what_only_looks_like_a_stream_is_none(octets: bytes) -> None:
    assert read(octets) == ([], ())


def test_deflate_and_brotli_are_tried_at_the_start() -> None:
    assert ("deflate", SECRET) in unpacked_at_start(raw_deflate(SECRET))
    assert ("brotli", SECRET) in unpacked_at_start(brotlicffi.compress(SECRET))
    long = bytes(1 << 16) + SECRET
    assert ("brotli", long) in unpacked_at_start(brotlicffi.compress(long))
    assert list(unpacked_at_start(b"")) == []
    assert list(unpacked_at_start(b"\xff\xff\xff\xff")) == []


def test_a_text_in_a_program_is_no_zstd() -> None:
    assert read(b'"\x28\xb5\x2f\xfd" is how it begins') == ([], ())


def test_zstd_without_a_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optional_codecs, "zstd", lambda: None)
    assert read(ZSTD) == ([], ("zstd: no library for it is installed (pip install zstandard)",))


def test_zstd_with_a_library_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optional_codecs, "zstd", lambda: lambda octets, limit: octets[9:][:limit])
    assert read(ZSTD) == ([("zstd", SECRET)], ())
