"""The byte strings that a secret may be written as before anything encodes it further.

Encodings of texts (percent, base64, gzip …) are no spellings: the file is decoded instead.
All octets here are lower case in ASCII, because files are compared in lower case.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from harness.leak_scan.escapes import undo_all
from harness.leak_scan.public_values import CLINGING, bare_of, why_not_looked_for

WINDOW = 8
"""Bytes: the shortest piece of a secret that is looked for."""

TAIL = 4
"""Characters that providers echo of a key, beside a mask."""

RAW = "raw"
PIECE = "a piece of it"
LAST_FOUR = "its last four characters"
FIRST_PART = "its first characters"
DIGESTS = ("md5", "sha1", "sha256", "sha512")

_SCHEME = re.compile(
    r"\s*(?:bearer|basic|token|authorization\s*:|[A-Za-z_]\w*\s*=)\s*", re.IGNORECASE
)
_URL_PASSWORD = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s]*?:([^/?#\s]+)@")
_ARMOUR = re.compile(r"-----(?:BEGIN|END) [A-Z0-9 ]+-----")
_JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]{2,}\.([\w-]*)", re.ASCII)
_PREFIX = re.compile(r"(?:[A-Za-z]{2,8}[0-9]{0,2}[-_])*")
_WINDOWED = re.compile(rf"[A-Za-z0-9_+/=.~-]{{{WINDOW},}}")
_TELLING = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])")
_SHORTEST_LINE = 16
_UNDOING = 4


@dataclass(frozen=True, slots=True, repr=False)
class Spelling:
    """One way in which a secret is written, and what it is called."""

    form: str
    octets: bytes

    def __repr__(self) -> str:
        """Name the form only."""
        return f"<Spelling {self.form}>"


def spellings_of(value: str) -> tuple[Spelling, ...]:
    """Return every spelling of a secret, each once; none where it is not looked for.

    The value with and without its edges, its parts (after a scheme or `NAME=`, the password of a
    URL, the lines of a key file, random members of a JSON document, the signature of a JSON
    Web Token), each of them in the alphabets of UTF-8, Latin-1 and UTF-16, reversed, and as the
    digests of `DIGESTS`.
    """
    if why_not_looked_for(value):
        return ()
    found: dict[bytes, str] = {}
    for form, text in _texts(value):
        for name, octets in _octets(text):
            if len(octets) >= WINDOW:
                found.setdefault(octets.lower(), name or form)
    for text in dict.fromkeys((value, bare_of(value))):
        for name in DIGESTS:
            digest = hashlib.new(name, _utf8(text), usedforsecurity=False).digest()
            found.setdefault(digest.lower(), f"its {name} digest")
    return tuple(Spelling(form, octets) for octets, form in found.items())


_PARAMETERS = re.compile(r'[A-Za-z]+="[^"]*",\s*[A-Za-z]+=')


def windows_of(value: str) -> frozenset[bytes]:
    """Return the pieces of `WINDOW` bytes, in lower case, that no other text holds by chance.

    Each has a letter and a digit. A public prefix (`sk-proj-`), URLs but for their password, the
    readable parts of a JSON Web Token, lists of parameters, such as a Digest answer, which servers
    repeat in part (RFC 7616), and texts of several lines give none.
    """
    if why_not_looked_for(value):
        return frozenset()
    core = bare_of(value)
    url, token = _URL_PASSWORD.match(core), _JWT.fullmatch(core)
    if url or token:
        core = (url or token or [""])[1]
    elif "\n" in core or "://" in core or core[:1] in {"{", "["} or _PARAMETERS.search(core):
        return frozenset()
    core = _PREFIX.sub("", core, count=1)
    found = set()
    for run in _WINDOWED.finditer(core):
        for start in range(run.start(), run.end() - WINDOW + 1):
            piece = core[start : start + WINDOW]
            if _TELLING.match(piece):
                found.add(piece.lower().encode())
    return frozenset(found)


def tail_of(value: str) -> bytes:
    """Return the last characters that a provider would echo, or nothing."""
    return b"" if why_not_looked_for(value) else _utf8(bare_of(value)[-TAIL:]).lower()


def head_of(value: str) -> bytes:
    """Return the first characters after a public prefix, or nothing when they are a word."""
    if why_not_looked_for(value):
        return b""
    head = _PREFIX.sub("", bare_of(value), count=1)[:TAIL]
    return _utf8(head).lower() if _TELLING.match(head) else b""


def head_in(token: bytes) -> bytes:
    """Return the part of a token that could be the first characters of a secret."""
    return _PREFIX.sub("", token.decode("ascii"), count=1)[:TAIL].encode()


def _texts(value: str) -> Iterator[tuple[str, str]]:
    """Yield the texts by which the secret is known, with their names."""
    bare = bare_of(value)
    for text in dict.fromkeys((value, bare)):
        yield RAW, text
        yield "reversed", text[::-1]
        yield "in other case", text.upper()
        yield "in other case", text.lower()
        if " " in text:
            yield "with plus for space", text.replace(" ", "+")
        if len(text.split()) > 1:
            yield "without its spaces", "".join(text.split())
            yield "reversed", "".join(text.split())[::-1]
        for quote in "'\"":
            if quote in text:
                yield "with doubled quotes", text.replace(quote, quote * 2)
        if "'" in text:
            yield "quoted for a shell", text.replace("'", "'\\''")
            yield "quoted for a shell", text.replace("'", "'\"'\"'")
    for part in _parts(bare):
        if not why_not_looked_for(part) and not _ARMOUR.fullmatch(part):
            yield "a part of it", part
            yield "reversed", part[::-1]


def _parts(bare: str) -> Iterator[str]:
    rest = bare
    while match := _SCHEME.match(rest):
        rest = rest[match.end() :].strip(CLINGING)
        yield rest
    if url := _URL_PASSWORD.match(bare):
        yield url[1]
    if token := _JWT.fullmatch(rest):
        yield token[1]
    lines = bare.splitlines()
    if len(lines) > 1:
        yield from (line.strip(CLINGING) for line in lines if len(line) >= _SHORTEST_LINE)
    yield from _members(bare)


def _members(bare: str) -> Iterator[str]:
    """Yield the strings of a JSON document that look random, and their long lines."""
    if bare[:1] not in {"{", "["}:
        return
    with suppress(ValueError, RecursionError):
        stack = [json.loads(bare)]
        while stack:
            item = stack.pop()
            if isinstance(item, dict):
                stack.extend(item.values())
            elif isinstance(item, list):
                stack.extend(item)
            elif isinstance(item, str) and _TELLING.search(item):
                lines = [item, *item.splitlines()]
                yield from (line for line in lines if len(line) >= _SHORTEST_LINE)


def _octets(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes of a text in the alphabets that clients and files use."""
    plain = _utf8(text)
    yield "", plain
    undone = plain
    for _ in range(_UNDOING):
        deeper = undo_all(undone)
        if deeper == undone:
            break
        undone = deeper
        yield "unescaped", undone
    if text.isascii():
        return
    for form, codec in (("Latin-1", "latin-1"), ("UTF-16", "utf-16-le"), ("UTF-16", "utf-16-be")):
        with suppress(UnicodeEncodeError):
            yield f"in {form}", text.encode(codec)
    yield "UTF-8 read as Latin-1", plain.decode("latin-1").encode()
    mixed = b"".join(_utf8(char) if char > "\xff" else char.encode("latin-1") for char in text)
    yield "in Latin-1", mixed


def _utf8(text: str) -> bytes:
    """Return UTF-8, whatever surrogates a loader left in the text."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
