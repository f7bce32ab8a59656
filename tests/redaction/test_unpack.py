from __future__ import annotations

import gzip
import io
import zipfile
import zlib

import brotlicffi
import pytest

from harness.redaction import unpack
from harness.redaction.inner_texts import texts_of
from harness.redaction.unpack import MOST_UNPACKED, deflated, unpacked

TEXT = b"a secret of some words"


def _zip(name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, TEXT)
    return packed.getvalue()


@pytest.mark.parametrize("data", [gzip.compress(TEXT, mtime=0), zlib.compress(TEXT)])
def test_what_is_packed_is_unpacked(data: bytes) -> None:
    assert list(unpacked(data)) == [TEXT]
    assert list(unpacked(data + b"more")) == [TEXT]


def test_a_zip_gives_its_names_too() -> None:
    assert list(unpacked(_zip("name.txt"))) == [b"name.txt", TEXT]


def test_bare_deflate_and_brotli_have_no_mark() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    assert TEXT in list(deflated(packer.compress(TEXT) + packer.flush()))
    assert TEXT in list(deflated(brotlicffi.compress(TEXT)))


@pytest.mark.parametrize(
    "data", [b"", b"plain", b"\x1f\x8bno", b"\x78\x9cno", b"PK\x03\x04no", b"\x28\xb5\x2f\xfdno"]
)
def test_what_cannot_be_unpacked_is_nothing(data: bytes) -> None:
    assert list(unpacked(data)) == []


def test_a_bomb_is_cut_off() -> None:
    (found,) = unpacked(gzip.compress(b"\0" * (4 * MOST_UNPACKED)))
    assert len(found) == MOST_UNPACKED


def test_a_library_that_is_not_there_is_none() -> None:
    assert unpack._library("there_is_no_such_library") is None
    assert list(unpack._by_library(None, b"data")) == []
    assert list(unpack._by_library(lambda data: data[:3], b"data")) == [b"dat"]


def test_bytes_are_read_as_text_wide_or_not() -> None:
    assert list(texts_of(b"plain")) == ["plain"]
    assert list(texts_of(b"caf\xe9")) == ["caf\xe9"]
    assert "a secret" in list(texts_of("a secret".encode("utf-16-le")))
