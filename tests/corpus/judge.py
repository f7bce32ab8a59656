"""An independent judge: looks for planted secrets in every byte that was written.

It shares no code with the product and works the other way round. The product lists spellings
and decodes what it finds; the judge undoes everything that can be undone, however unlikely, and
slides a window of 8 characters over whatever comes out.

Not covered, and a file of that form is a doubt for a person: HPACK and packet captures, ASCII85,
pictures, encryption, Brotli and Zstandard.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import hashlib
import html
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

WINDOW = 8
TAIL = 4
_DEPTH = 5
_MOST_BYTES = 64 << 20
_PUBLIC_PREFIX = re.compile(
    rb"(?:sk-(?:ant-(?:api\d\d-|oat\d\d-)?|proj-|or-v1-|svcacct-)?|[sr]k_(?:live|test)_|gsk_|xai-"
    rb"|AIza|gh[pousr]_|github_pat_|glpat-|npm_|hf_|pplx-|AKIA|ASIA|xox[abprs]-|ya29\.)"
)
_ARMOUR = re.compile(rb"-----(?:BEGIN|END) [A-Z ]+-----")
_CLINGING = " \t\r\n\"'`\u00a0\ufeff\u200b\u200c\u200d\u2060\u201c\u201d\u2018\u2019"
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{11,}")
_BASE32 = re.compile(rb"[A-Z2-7]{16,}")
_HEX = re.compile(rb"(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[ :,\-\r\n]{0,2}){8,}")
_CODES = re.compile(rb"\d{1,3}(?:[,\s]{1,3}\d{1,3}){7,}")
_BACKSLASH = re.compile(
    rb"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3][0-7]{2})|(.))", re.DOTALL
)
_QUOTED = re.compile(rb"=(?:([0-9A-F]{2})|\r?\n)")
_MANY_QUOTED = re.compile(rb"=[0-9A-F]{2}.{0,9}=[0-9A-F]{2}|=\r?\n")
_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_DIGEST_SIZES = frozenset({16, 20, 28, 32, 48, 64})
_DIGEST = re.compile(rb"(?<![0-9a-f])(?:[0-9a-f]{32,128})(?![0-9a-f])")
_MASK = rb"(?:\*{2,}|(?:\xe2\x80\xa2){2,}|\xe2\x80\xa6|\.{3})"
_STRING = re.compile(rb'"(\w+)"\s*:\s*"((?:[^"\\]|\\.)*)"')
_TAG = re.compile(rb"<[^<>]{0,200}>")
_BETWEEN = re.compile(rb"[\s\x00-\x1f]+|\xe2\x80[\x8b-\x8f]|\xe2\x81\xa0|\xef\xbb\xbf|\xc2\xad")
_PLACEHOLDER = re.compile(rb"RDX~[A-Za-z0-9._-]{1,120}~")


@dataclass(frozen=True)
class Planted:
    """A secret that must not be seen. `label` says where it was planted."""

    label: str
    value: str


@dataclass(frozen=True)
class Leak:
    """Where which secret was seen, and how; never the secret."""

    label: str
    file: str
    line: int
    how: str

    def __str__(self) -> str:
        return f"{self.label}: {self.how} in {self.file}, line {self.line}"


@dataclass
class Judge:
    """Knows the secrets; asked for each file."""

    planted: Sequence[Planted]
    _windows: dict[bytes, str] = field(default_factory=dict)
    _sums: dict[bytes, str] = field(default_factory=dict)
    _tails: dict[bytes, str] = field(default_factory=dict)
    _wholes: dict[bytes, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.planted:
            self._learn(one)

    def _learn(self, one: Planted) -> None:
        bare = one.value.strip(_CLINGING)
        for text in (one.value, bare):
            for octets in _octets(text):
                self._wholes.setdefault(octets.lower(), one.label)
                for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512"):
                    digest = hashlib.new(name, octets).digest()
                    self._sums.setdefault(digest.hex().encode(), one.label)
                is_token = octets.startswith(b"eyJ") and octets.count(b".") == 2
                core = _ARMOUR.sub(b"\n", octets.partition(b".")[2] if is_token else octets)
                if prefix := _PUBLIC_PREFIX.match(core):
                    core = core[prefix.end() :]
                for line in core.split(b"\n"):
                    self._learn_windows(line.strip().lower(), one.label)
        last = bare[-TAIL:].encode("utf-8", "surrogateescape").lower()
        if len(bare) >= WINDOW:
            self._tails.setdefault(last, one.label)

    def _learn_windows(self, text: bytes, label: str) -> None:
        for window in (text[at : at + WINDOW] for at in range(len(text) - WINDOW + 1)):
            if len(set(window)) > 2:
                self._windows.setdefault(window, label)
                self._windows.setdefault(window[::-1], label)

    def leaks(self, file: str, data: bytes) -> list[Leak]:
        """Say what of which secret stands in a file, in its name too."""
        found: dict[tuple[str, int, str], Leak] = {}
        for where, content in (("name", file.encode()), *_members(data)):
            for how, line, label in self._seen(content):
                place = file if where == "file" else f"{file} ({where})"
                found.setdefault((label, line, how), Leak(label, place, line, how))
        return list(found.values())

    def _seen(self, data: bytes) -> Iterator[tuple[str, int, str]]:
        for number, line in enumerate(data.split(b"\n"), 1):
            for how, text in _readings(line):
                for what, label in self._of(text):
                    yield f"{what}, {how}", number, label
        for how, text in (("over lines", _squeezed(data)), ("over lines", _joined(data))):
            for what, label in self._of(text):
                yield f"{what}, {how}", 0, label

    def _of(self, text: bytes) -> Iterator[tuple[str, str]]:
        lower = text.lower()
        windows = self._windows
        seen: set[str] = set()
        for window in {lower[at : at + WINDOW] for at in range(len(lower) - WINDOW + 1)}:
            label = windows.get(window)
            if label is not None and label not in seen:
                seen.add(label)
                yield "8 characters", label
        for whole, label in self._wholes.items():
            if label not in seen and len(whole) >= WINDOW and whole in lower:
                seen.add(label)
                yield "whole", label
        for run in _DIGEST.findall(lower):
            if run in self._sums:
                yield "digest", self._sums[run]
        for match in re.finditer(_MASK + rb"(.{4})", text, re.DOTALL):
            if match[1].lower() in self._tails:
                yield "last 4 beside a mask", self._tails[match[1].lower()]


def _octets(text: str) -> Iterator[bytes]:
    yield text.encode("utf-8", "surrogateescape")
    if not text.isascii():
        for coding in ("latin-1", "utf-16-le"):
            try:
                yield text.encode(coding)
            except UnicodeEncodeError:
                continue


def _members(data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield a file, and what it packs."""
    yield "file", data
    if depth > 3:
        return
    for name, inside in _unpacked(data):
        for deeper, content in _members(inside, depth + 1):
            yield name if deeper == "file" else f"{name}, {deeper}", content


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    yield f"{name} in a zip", name.encode() + b"\n" + archive.read(name)
        except (zipfile.BadZipFile, RuntimeError, zlib.error):
            pass
        return
    for name, unpack in (
        ("gzip", lambda: zlib.decompressobj(31).decompress(data, _MOST_BYTES)),
        ("bzip2", lambda: bz2.decompress(data)),
        ("xz", lambda: lzma.decompress(data)),
    ):
        if data.startswith({"gzip": b"\x1f\x8b", "bzip2": b"BZh", "xz": b"\xfd7zXZ"}[name]):
            try:
                yield name, unpack()
            except (zlib.error, OSError, lzma.LZMAError):
                continue
    if data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive.getmembers():
                file = archive.extractfile(member)
                yield f"{member.name} in a tar", file.read() if file else b""


def _readings(line: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a line and everything that comes of it when it is undone, in any order."""
    queue: list[tuple[str, bytes, int]] = [("raw", line, 0)]
    seen = {line}
    done = 0
    while queue:
        how, text, depth = queue.pop()
        yield how, text
        done += len(text)
        if depth >= _DEPTH or done > _MOST_BYTES:
            continue
        for name, undone in _undone(text):
            if name in {"reversed", "squeezed", "tags"} and name in how:
                continue
            if undone not in seen and len(undone) >= WINDOW:
                seen.add(undone)
                queue.append((f"{how}, {name}" if depth else name, undone, depth + 1))


def _undone(text: bytes) -> Iterator[tuple[str, bytes]]:
    yield from _unescaped_in_every_way(text)
    if b"\0" in text:
        yield "UTF-16", text.replace(b"\0", b"")
    if b"<" in text:
        yield "tags", _TAG.sub(b"", text)
    if _BETWEEN.search(text):
        yield "squeezed", _BETWEEN.sub(b"", text)
    for unpacked in _inflated(text):
        yield "compressed", unpacked
    shown = _PLACEHOLDER.sub(b" ", text)
    for name, pieces in _decoded(shown):
        for piece in pieces:
            for unpacked in _inflated(piece):
                yield f"{name}, compressed", unpacked
        yield name, b"\n".join(_with_digest(piece) for piece in pieces)
    yield "reversed", shown[::-1]


def _unescaped_in_every_way(text: bytes) -> Iterator[tuple[str, bytes]]:
    if b"\\" in text:
        yield "backslashes", _BACKSLASH.sub(_unescaped, text)
    if b"%" in text:
        yield "percent", unquote_to_bytes(text)
    if b"&" in text and b";" in text:
        plain = html.unescape(text.decode("utf-8", "surrogateescape"))
        yield "HTML", plain.encode("utf-8", "surrogatepass" if _high(plain) else "surrogateescape")
    if _MANY_QUOTED.search(text):
        yield "quoted-printable", _QUOTED.sub(_octet, text)


def _octet(match: re.Match[bytes]) -> bytes:
    return bytes.fromhex(match[1].decode()) if match[1] else b""


def _decoded(text: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Yield what every run stands for, one list for each way to read them."""
    runs = [run.replace(b"-", b"+").replace(b"_", b"/") for run in _BASE64.findall(text)]
    for skip in range(4) if runs else ():
        parts = [run[skip:] for run in runs]
        parts = [part[: len(part) - (len(part) % 4 == 1)] for part in parts]
        yield "base64", [base64.b64decode(part + b"=" * (-len(part) % 4)) for part in parts]
    if runs := _BASE32.findall(text):
        yield "base32", list(map(_from_base32, runs))
    if runs := [re.sub(rb"0x|\\x|[^0-9A-Fa-f]", b"", run) for run in _HEX.findall(text)]:
        for skip in range(2):
            parts = [run[skip:] for run in runs]
            yield "hex", [bytes.fromhex(part[: len(part) // 2 * 2].decode()) for part in parts]
    if runs := _CODES.findall(text):
        lists = [[int(code) for code in re.findall(rb"\d+", run)] for run in runs]
        yield "codes", [bytes(codes) for codes in lists if max(codes) < 256]


def _from_base32(run: bytes) -> bytes:
    for part in (run + b"=" * (-len(run) % 8), run[: len(run) // 8 * 8]):
        try:
            return base64.b32decode(part)
        except binascii.Error:
            continue
    return b""


def _with_digest(piece: bytes) -> bytes:
    """Add the digits of what may be a digest, so that it is known again."""
    return piece + b"\n" + piece.hex().encode() if len(piece) in _DIGEST_SIZES else piece


def _inflated(text: bytes) -> Iterator[bytes]:
    if text[:2] == b"\x1f\x8b" or text[:1] == b"\x78":
        window = 31 if text[:1] == b"\x1f" else 15
    elif 8 <= len(text) <= 100_000 and not text.isascii():
        window = -15
    else:
        return
    try:
        unpacked = zlib.decompressobj(window).decompress(text, _MOST_BYTES)
    except zlib.error:
        return
    if unpacked:
        yield unpacked


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return chr(int(match[1], 16)).encode("utf-8", "surrogatepass")
    if match[2]:
        return bytes([int(match[2], 16)])
    if match[3]:
        return bytes([int(match[3], 8)])
    return _CONTROLS.get(match[4], match[4])


def _high(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" and not "\udc80" <= char <= "\udcff" for char in text)


def _squeezed(data: bytes) -> bytes:
    return _BETWEEN.sub(b"", data)


def _joined(data: bytes) -> bytes:
    """Join the strings of equal name: a stream cuts a text over many events."""
    return b"\n".join(_by_name(data, 0))


def _by_name(data: bytes, depth: int) -> Iterator[bytes]:
    texts: dict[bytes, list[bytes]] = {}
    for name, value in _STRING.findall(data):
        texts.setdefault(name, []).append(value)
    for parts in texts.values():
        yield b"".join(parts)
        if depth < 2:
            for part in parts:
                if b'\\"' in part:
                    yield from _by_name(_BACKSLASH.sub(_unescaped, part), depth + 1)
