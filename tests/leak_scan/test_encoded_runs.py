from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.leak_scan.encoded_runs import (
    base64_runs,
    decoded_base64,
    decoded_hex,
    decoded_numbers,
    decoded_run,
)


@given(st.binary(min_size=8, max_size=40), st.text("abXY01+/-_", max_size=5), st.booleans())
def test_base64_is_decoded_at_every_alignment(octets: bytes, before: str, safe: bool) -> None:  # noqa: FBT001 - drawn
    encoded = base64.urlsafe_b64encode(octets) if safe else base64.b64encode(octets)
    runs = base64_runs(before.encode() + encoded, set())
    assert any(octets in buffer for buffer in decoded_base64(runs))


def test_all_runs_are_decoded_at_once_and_once() -> None:
    seen: set[bytes] = set()
    text = b"one " + base64.b64encode(b"first secret") + b" " + base64.b64encode(b"second secret!")
    buffer = next(decoded_base64(base64_runs(text, seen)))
    assert b"first secret" in buffer
    assert b"second secret!" in buffer
    assert base64_runs(text, seen) == []
    assert list(decoded_base64([])) == []


@pytest.mark.parametrize("length", range(8, 12))
def test_one_run_is_decoded_from_its_beginning(length: int) -> None:
    octets = bytes(range(length))
    assert decoded_run(base64.b64encode(octets).rstrip(b"=")) == octets
    assert decoded_run(base64.b64encode(bytes(9)) + b"A") == bytes(9)


@pytest.mark.parametrize(
    "written",
    [
        b"7365637265742121",
        b"a7365637265742121",
        b"73 65 63 72 65 74 21 21",
        b"d73:65:63:72:65:74:21:21",
        b"7365-6372-6574-2121",
        b"0x73, 0x65, 0x63,\n 0x72, 0x65, 0x74, 0x21, 0x21",
        b"7365637265742121 then 00112233445566778899",
    ],
)
def test_hex(written: bytes) -> None:
    assert any(b"secret!!" in buffer for buffer in decoded_hex(written, set()))


def test_hex_that_is_too_short_is_none() -> None:
    assert list(decoded_hex(b"73656372657421, 2025-11-22", set())) == []


@pytest.mark.parametrize(
    "written",
    [
        b"[115, 101, 99, 114, 101, 116, 33, 33]",
        b"115,101,99,114,101,116,33,33",
        b"- 115\n- 101\n- 99\n- 114\n- 101\n- 116\n- 33\n- 33\n",
        b"[300, 115, 101, 99, 114, 101, 116, 33, 33]",
    ],
)
def test_numbers(written: bytes) -> None:
    assert [b"secret!!" in buffer for buffer in decoded_numbers(written, set())] == [True]


def test_seven_numbers_are_none() -> None:
    assert list(decoded_numbers(b"[115, 101, 99, 114, 101, 116, 33]", set())) == []
