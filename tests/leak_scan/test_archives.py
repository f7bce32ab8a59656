from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import brotlicffi
import pytest

from harness.leak_scan import optional_codecs
from harness.leak_scan.archives import (
    MAX_SPOOLED_BYTES,
    Peeked,
    kind_of,
    members,
    opaque,
    spooled,
    why,
)


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"about it"
        for name, content in files.items():
            archive.writestr(name, content)
        archive.mkdir("folder")
    return made.getvalue()


def tarred(form: int = tarfile.PAX_FORMAT, **files: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.uname = len(content), "somebody"
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "../elsewhere"
        archive.addfile(link)
    return made.getvalue()


def kind(octets: bytes, name: str = "x") -> str:
    return kind_of(octets[:512], name, io.BytesIO(octets))


def test_kinds_are_known_by_their_first_bytes() -> None:
    assert kind(zipped(a=b"")) == "zip"
    assert kind(tarred(a=b"")) == "tar"
    assert kind(gzip.compress(b"")) == "gzip"
    assert [kind(bz2.compress(text)) for text in (b"", b"a")] == ["bzip2", "bzip2"]
    assert kind(lzma.compress(b"")) == "xz"
    assert kind(b"BZh is no archive") == ""


def test_names_help_where_bytes_do_not_tell() -> None:
    assert kind(b"#!/usr/bin/python\n" + zipped(a=b""), "a.PYZ") == "zip"
    assert kind(b"a text", "a.zip") == ""
    old = bytearray(tarred(tarfile.USTAR_FORMAT, a=b"x")[:512])
    old[257:345] = bytes(88)
    old[148:156] = b"%06o\0 " % (sum(old[:148]) + sum(old[156:]) + 8 * 32)
    assert kind(bytes(old), "a.tar") == "tar"
    assert kind(b"a text", "a.tar") == ""
    assert kind(b"anything", "a.br") == "brotli"


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"7z\xbc\xaf\x27\x1c...", "a 7z archive"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"age-encryption.org/v1\n", "an encrypted file"),
        (b"text", ""),
    ],
)
def test_what_cannot_be_opened_is_recognised(head: bytes, what: str) -> None:
    assert opaque(head) == what


def content(kind: str, octets: bytes, name: str = "a") -> list[tuple[str, bytes | None]]:
    return [
        (member.name or member.looks_like, member.stream.read(99) if member.stream else None)
        for member in members(kind, io.BytesIO(octets), name)
    ]


def test_members_of_a_zip() -> None:
    assert content("zip", zipped(a=b"one", b=b"two")) == [
        ("", None),
        ("a", b"one"),
        ("b", b"two"),
        ("folder/", None),
    ]
    comment = next(members("zip", io.BytesIO(zipped(a=b"")), "a"))
    assert comment.notes == ("about it",)


def test_members_of_a_tar_and_what_follows_its_end() -> None:
    assert content("tar", tarred(a=b"one")) == [("a", b"one"), ("link", None)]
    assert content("tar", tarred(a=b"one") + b"more") == [
        ("a", b"one"),
        ("link", None),
        ("(after its end)", b"more"),
    ]
    notes = [member.notes for member in members("tar", io.BytesIO(tarred(a=b"")), "a")]
    assert (notes[0][1], notes[1][0]) == ("somebody", "../elsewhere")


COMPRESS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "brotli": brotlicffi.compress,
}


@pytest.mark.parametrize(
    ("kind", "name", "inner"),
    [
        ("gzip", "a.txt.gz", "a.txt"),
        ("bzip2", "a.tbz2", "a.tar"),
        ("xz", "folder.x/a", "a"),
        ("brotli", "a.br", "a"),
    ],
)
def test_what_is_compressed_alone(kind: str, name: str, inner: str) -> None:
    assert content(kind, COMPRESS[kind](b"one"), name) == [(inner, b"one")]


def test_brotli_that_is_none_or_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    (member,) = members("brotli", io.BytesIO(b"\xff\xff\xff"), "a.br")
    assert member.reason == "not brotli, or too large to unpack"
    monkeypatch.setattr(optional_codecs, "brotli", lambda: None)
    (member,) = members("brotli", io.BytesIO(b""), "a.br")
    assert member.reason == "brotli: no library for it is installed"


def test_encrypted_and_odd_members_of_a_zip() -> None:
    octets = bytearray(zipped(a=b"one"))
    central = octets.rfind(b"PK\x01\x02", 0, octets.rfind(b"PK\x01\x02"))
    octets[central + 8] |= 1
    assert [one.reason for one in members("zip", io.BytesIO(octets), "a")][1] == "it is encrypted"
    octets[central + 8] ^= 1
    octets[central + 10] = octets[octets.find(b"PK\x03\x04") + 8] = 97
    reason = [one.reason for one in members("zip", io.BytesIO(octets), "a")][1]
    assert reason == "it is packed in a way that cannot be read here"


def test_a_peeked_stream_gives_everything() -> None:
    peeked = Peeked(io.BytesIO(bytes(range(256)) * 4))
    assert peeked.head == bytes(range(256)) * 2
    assert peeked.read(3) == b"\0\1\2"
    assert len(peeked.read()) == 1021
    assert Peeked(io.BytesIO(b"short")).read() == b"short"


def test_a_stream_is_spooled_up_to_a_limit() -> None:
    class Endless:
        def read(self, size: int, /) -> bytes:
            return bytes(size)

    with pytest.raises(ValueError, match="larger than 64 MiB") as error:
        spooled(Endless())
    assert why(error.value) == f"it is larger than {MAX_SPOOLED_BYTES >> 20} MiB inside an archive"


def test_the_reasons_are_our_own_words(tmp_path: Path) -> None:
    assert why(zipfile.BadZipFile("text of the file")) == "it is damaged"
    assert why(PermissionError(13, "Permission denied")) == "permission denied"
