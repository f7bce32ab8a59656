from __future__ import annotations

import base64
import gzip

import pytest

from harness.leak_scan.budget import Budget
from harness.leak_scan.readings import readings


def read(octets: bytes) -> tuple[dict[bytes, tuple[str, ...]], tuple[str, ...]]:
    budget = Budget(len(octets))
    found: dict[bytes, tuple[str, ...]] = {}
    for reading in readings(octets, budget):
        found.setdefault(reading.octets, reading.steps)
    return found, budget.not_scanned


def test_the_bytes_themselves_come_first() -> None:
    assert read(b"plain") == ({b"plain": ()}, ())


def test_each_step_is_named_the_outermost_first() -> None:
    inner = base64.b64encode(gzip.compress(b"a secret text"))
    found, _ = read(b"%22" + inner + b"\\u0022")
    assert found[b"a secret text"] == ("base64", "gzip")
    assert found[b'"' + inner + b'"'] == ("backslash escapes", "percent-encoding")


def test_escapes_are_undone_to_the_end() -> None:
    found, not_scanned = read(b"&amp;#37;2541")
    assert found[b"A"] == ("HTML entities", "percent-encoding")
    assert not_scanned == ()


def test_a_backslash_before_something_else_may_be_no_escape() -> None:
    assert b'secret&\\"' in read(b'secret&amp;amp;\\"')[0]
    assert b'secret%\\"' in read(b'secret%2525\\"')[0]


@pytest.mark.parametrize("text", ["a wide text", "\0a wide text", "é wide"])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16", "utf-32"])
def test_wide_characters(text: str, codec: str) -> None:
    found, _ = read(b"before " + text.encode(codec) + b" after")
    assert any(text.strip("\0").encode("latin-1") in octets for octets in found)


def test_texts_are_told_from_noise() -> None:
    noise = [one for one in readings(b"authentication", Budget(9)) if not one.is_text]
    assert {one.steps for one in noise} == {("base64",)}


def test_what_is_escaped_too_often_is_not_scanned() -> None:
    assert read(b"%" + b"25" * 30 + b"41")[1] == ("it is escaped more than 12 times",)


def test_what_is_encoded_too_often_is_not_scanned() -> None:
    text = b"a secret text"
    for _ in range(20):
        text = base64.b64encode(text)
    assert read(text)[1] == ("it is encoded too many times over",)


def test_what_unpacks_to_too_much_is_not_scanned() -> None:
    bombs = b" ".join(
        [base64.b64encode(gzip.compress(bytes([65 + at]) * (1 << 20))) for at in range(12)]
    )
    assert read(bombs)[1] == ("it unpacks to too much",)
