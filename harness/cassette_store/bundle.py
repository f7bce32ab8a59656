"""A bundle for strangers: a zip with a cassette in it, written always alike, read with care.

A bundle from a stranger is never unpacked: its cassette is read in memory, within limits, and
nothing else of it is looked at.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from harness.errors import CassetteError

CASSETTE_NAME = "cassette.yaml"
"""Where the cassette stands in a bundle."""

MOST_MEMBERS = 32
LARGEST_BUNDLE = 64 * 1024 * 1024
LARGEST_CASSETTE = 64 * 1024 * 1024
"""Bytes of the zip file, and of the cassette when it is unpacked."""

STEEPEST_RATIO = 200
_RATIO_COUNTS_FROM = 1024 * 1024
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 0x1
_BUFFER = 64 * 1024
_HINT = "only bundles that `flip401 share` made can be read"
_DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, struct.error),
)
"""What `zipfile` raises at files that are not in order."""

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


@contextmanager
def open_cassette(path: Path) -> Iterator[BinaryIO]:
    """Open a cassette to be read: a file of its own, or the one in a bundle, in memory.

    Raises:
        CassetteError: the bundle is not one, or holds more than its limits allow.
        OSError: the file cannot be read.
    """
    with path.open("rb", buffering=_BUFFER) as file:
        magic = file.read(4)
        file.seek(0)
        if magic in _MAGIC:
            yield io.BytesIO(_cassette_in(file, path))
        else:
            yield file


def bundle_bytes(members: Mapping[str, bytes]) -> bytes:
    """Return a zip of the members: the same bytes for the same members, whenever and wherever."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, on every system
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            bundle.writestr(info, members[name], compresslevel=9)
    return packed.getvalue()


def _cassette_in(file: BinaryIO, path: Path) -> bytes:
    data = file.read(LARGEST_BUNDLE + 1)
    if len(data) > LARGEST_BUNDLE:
        raise _refused(path, f"it is larger than {LARGEST_BUNDLE} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            return _unpacked(bundle, _checked(bundle, path), path)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zlib.error,
        ValueError,
    ):
        raise _refused(path, "it is damaged") from None


def _checked(bundle: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    """Look at every member's entry, and return the cassette's."""
    members = bundle.infolist()
    if len(members) > MOST_MEMBERS:
        raise _refused(path, f"it holds more than {MOST_MEMBERS} files")
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise _refused(path, "it holds two files of one name")
    for member in members:
        fault = _fault(member)
        if fault:
            raise _refused(path, fault)
    found = next((member for member in members if member.filename == CASSETTE_NAME), None)
    if found is None:
        raise _refused(path, f"it holds no {CASSETTE_NAME}")
    if found.file_size > LARGEST_CASSETTE:
        raise _refused(path, f"its cassette is larger than {LARGEST_CASSETTE} bytes")
    return found


def _fault(member: zipfile.ZipInfo) -> str:
    name, mode = member.filename, member.external_attr >> 16
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name:
        return "a name in it leads out of it"
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "it holds a link or a device"
    if member.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if member.compress_type not in _METHODS:
        return "it is packed in an unusual way"
    steep = member.file_size > STEEPEST_RATIO * max(member.compress_size, 1)
    return "it unpacks to far more than it is" if _is_large(member) and steep else ""


def _is_large(member: zipfile.ZipInfo) -> bool:
    return member.file_size > _RATIO_COUNTS_FROM


def _unpacked(bundle: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> bytes:
    """Unpack no more than was announced: an entry may lie."""
    with bundle.open(member) as packed:
        data = packed.read(member.file_size + 1)
    if len(data) != member.file_size:
        raise _refused(path, "it is damaged")
    return data


def _refused(path: Path, reason: str) -> CassetteError:
    return CassetteError(f"cannot read the bundle {path}: {reason}", hint=_HINT)
