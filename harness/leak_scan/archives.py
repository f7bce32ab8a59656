"""What is inside an archive: zip, tar, gzip, bzip2, xz, brotli; others are only recognised."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from harness.leak_scan import optional_codecs
from harness.leak_scan.blocks import Readable

HEAD_BYTES = 512
BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error),
    *(OSError, EOFError, ValueError, NotImplementedError, RuntimeError, OverflowError, IndexError),
)
"""What the libraries raise for an archive that is damaged or of a kind that they cannot read."""

MAX_SPOOLED_BYTES = 64 << 20
"""A zip inside another archive is held in memory, up to this size."""

Seekable = io.BufferedReader | io.BytesIO

_OPAQUE = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x04\x22\x4d\x18": "an LZ4 file",
    b"MSCF\0\0\0\0": "a cabinet file",
    b"age-encryption.org": "an encrypted file",
    b"-----BEGIN PGP MESSAGE": "an encrypted file",
}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ZIP_NAMES = (".zip", ".whl", ".jar", ".pyz", ".docx", ".xlsx", ".pptx", ".odt", ".apk")
_TAR_SIGN = slice(257, 262)
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")


@dataclass(frozen=True, slots=True)
class Member:
    """Something in an archive: its name, other texts about it, and its content.

    What is compressed alone has no name, but `looks_like` one. `stream` must be read before the
    next member is asked for; it is None for what has no content, or cannot be opened for `reason`.
    """

    name: str
    notes: tuple[str, ...] = ()
    stream: Readable | None = None
    reason: str = ""
    looks_like: str = ""


class Peeked:
    """A stream of which the first bytes were looked at."""

    def __init__(self, stream: Readable) -> None:
        """Read the head of `stream`."""
        self._stream = stream
        self.head = stream.read(HEAD_BYTES)
        while len(self.head) < HEAD_BYTES and (more := stream.read(HEAD_BYTES - len(self.head))):
            self.head += more
        self._rest = self.head

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes."""
        if not self._rest:
            return self._stream.read(size)
        part = self._rest if size < 0 else self._rest[:size]
        self._rest = self._rest[len(part) :]
        return part if size >= 0 else part + self._stream.read(-1)


def kind_of(head: bytes, name: str, stream: Readable) -> str:
    """Return `zip`, `tar`, `gzip`, `bzip2`, `xz`, `brotli`, or "" for anything else.

    `stream` is read only where it can be sought, for a zip behind something else.
    """
    lower = name.lower()
    if head.startswith(_ZIP) or (lower.endswith(_ZIP_NAMES) and _ends_as_zip(stream)):
        return "zip"
    if head[_TAR_SIGN] == b"ustar" or (lower.endswith(".tar") and _is_old_tar(head)):
        return "tar"
    if head.startswith(b"\x1f\x8b\x08"):
        return "gzip"
    if _BZIP2.match(head):
        return "bzip2"
    if head.startswith(b"\xfd7zXZ\0"):
        return "xz"
    return "brotli" if lower.endswith(".br") else ""


def _ends_as_zip(stream: Readable) -> bool:
    return isinstance(stream, Seekable) and zipfile.is_zipfile(stream)


def _is_old_tar(head: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def opaque(head: bytes) -> str:
    """Return what a file is that cannot be looked into, or ""."""
    return next((what for sign, what in _OPAQUE.items() if head.startswith(sign)), "")


def members(kind: str, stream: Readable, name: str) -> Iterator[Member]:
    """Yield what the archive holds; for a zip, `stream` must be one that can be sought.

    Raises:
        OSError: or another of `BROKEN`: the archive, or the rest of it, cannot be read.
    """
    if kind == "zip":
        yield from _zip_members(stream)
    elif kind == "tar":
        yield from _tar_members(stream)
    elif kind == "brotli":
        yield _brotli(stream, name)
    else:
        yield Member(
            "", looks_like=_inner_name(name), stream=_unpacking(kind, cast("BinaryIO", stream))
        )


def _unpacking(kind: str, stream: BinaryIO) -> Readable:
    match kind:
        case "gzip":
            return gzip.GzipFile(fileobj=stream)
        case "bzip2":
            return bz2.BZ2File(stream)
        case _:
            return lzma.LZMAFile(stream)


def _brotli(stream: Readable, name: str) -> Member:
    decode = optional_codecs.brotli()
    if decode is None:
        return Member(
            "", looks_like=_inner_name(name), reason="brotli: no library for it is installed"
        )
    data = decode(spooled(stream).read(), MAX_SPOOLED_BYTES + 1)
    if not data or len(data) > MAX_SPOOLED_BYTES:
        return Member("", looks_like=_inner_name(name), reason="not brotli, or too large to unpack")
    return Member("", looks_like=_inner_name(name), stream=io.BytesIO(data))


def _zip_members(stream: Readable) -> Iterator[Member]:
    with zipfile.ZipFile(cast("BinaryIO", stream)) as archive:
        yield Member("", notes=(_text(archive.comment),))
        for info in archive.infolist():
            notes = (_text(info.comment), _text(info.extra))
            if info.is_dir():
                yield Member(info.filename, notes)
            elif info.flag_bits & 1:
                yield Member(info.filename, notes, reason="it is encrypted")
            else:
                try:
                    content = archive.open(info)
                except BROKEN as error:
                    yield Member(info.filename, notes, reason=why(error))
                else:
                    with content:
                        yield Member(info.filename, notes, content)


def _tar_members(stream: Readable) -> Iterator[Member]:
    watched = _LastRead(stream)
    with tarfile.open(fileobj=cast("BinaryIO", watched), mode="r|", bufsize=512) as archive:
        for info in archive:
            notes = (info.linkname, info.uname, info.gname, *info.pax_headers.values())
            content = archive.extractfile(info) if info.isreg() else None
            yield Member(info.name, notes, content)
    # The library takes a header that it cannot read for the end, and says nothing.
    last = watched.last
    is_damaged = bool(last.strip(b"\0"))
    rest = Peeked(_WithoutZeros(watched))
    if rest.head or is_damaged:
        yield Member("(after its end)", (_text(last),), rest)
    if is_damaged:
        raise tarfile.ReadError("a header that cannot be read")


class _LastRead:
    """A stream that remembers what was read last, which for a tar is a header or its end."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self.last = b""

    def read(self, size: int, /) -> bytes:
        part = self._stream.read(size)
        self.last = part or self.last
        return part


class _WithoutZeros:
    """What follows a tar's end is mostly zeros, which are nothing."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        while part := self._stream.read(size):
            if stripped := part.strip(b"\0"):
                return stripped
        return b""


def spooled(stream: Readable) -> io.BytesIO:
    """Return all of a stream, in memory.

    Raises:
        ValueError: it is larger than `MAX_SPOOLED_BYTES`.
    """
    data = io.BytesIO()
    while part := stream.read(1 << 16):
        data.write(part)
        if data.tell() > MAX_SPOOLED_BYTES:
            raise ValueError(f"it is larger than {MAX_SPOOLED_BYTES >> 20} MiB inside an archive")
    data.seek(0)
    return data


def why(error: BaseException) -> str:
    """Return a reason for people; the text of an error may hold a part of the file."""
    if isinstance(error, ValueError) and str(error).startswith("it is larger than"):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    if isinstance(error, NotImplementedError):
        return "it is packed in a way that cannot be read here"
    return "it is damaged"


def _inner_name(name: str) -> str:
    base = name.rpartition("/")[2]
    stem, dot, suffix = base.rpartition(".")
    return f"{stem}.tar" if dot and suffix in {"tgz", "tbz2", "txz"} else stem or base


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "surrogateescape")
