from __future__ import annotations

import base64
import gzip
import io

import pytest
from redaction.samples import made_up, secret

from harness.leak_scan.blocks import find_in_stream
from harness.leak_scan.known_secrets import KnownSecrets
from harness.leak_scan.places import Found
from harness.leak_scan.searcher import Searcher

KEY = made_up(1)
SEARCHER = Searcher(KnownSecrets.of([secret(KEY)]))


class Dripping:
    """Gives less than it is asked for, as pipes do."""

    def __init__(self, octets: bytes) -> None:
        self._stream = io.BytesIO(octets)

    def read(self, size: int, /) -> bytes:
        return self._stream.read(min(size, 7))


def told(octets: bytes, block_bytes: int) -> set[str]:
    found = find_in_stream(Dripping(octets), SEARCHER, block_bytes)
    return {f"{place} {hit.form}" for place, hit in found.hits}


@pytest.mark.parametrize("place", range(0, 1200, 50))
def test_a_secret_is_found_across_the_border_of_two_blocks(place: int) -> None:
    lines = b"".join(b"line %d is fine\n" % number for number in range(80))
    at = lines.rfind(b"\n", 0, place) + 1
    text = lines[:at] + KEY.encode() + b"\n" + lines[at:]
    number = lines.count(b"\n", 0, at) + 1
    assert told(text, 256) == {f"line {number} raw"}


@pytest.mark.parametrize("place", range(0, 1000, 90))
def test_a_line_longer_than_a_block_is_searched_whole(place: int) -> None:
    text = b"fine\n" + b"x" * place + b" " + KEY.encode() + b" " + b"y" * 1000 + b"\n"
    assert told(text, 256) == {"line 2 raw"}


def test_bytes_are_counted_over_blocks() -> None:
    assert told(bytes(1000) + KEY.encode() + bytes(1000), 256) == {"byte 1000 raw"}


def test_an_empty_file_holds_nothing() -> None:
    assert find_in_stream(io.BytesIO(b""), SEARCHER) == Found((), ())


def test_a_stream_that_a_block_cuts_is_told() -> None:
    noise = bytes(range(256)) * 1700
    text = base64.b64encode(gzip.compress(noise, 0))
    found = find_in_stream(io.BytesIO(text), SEARCHER, 1 << 19)
    assert found.not_scanned == ("gzip without an end",)
