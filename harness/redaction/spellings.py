"""Every spelling of one text that a text may hold, escapes aside: turned, coded, digested."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from harness.redaction.edges import trim
from harness.redaction.unescape import unescape_once

_DIGESTS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")


def spellings_of(core: str) -> Iterator[tuple[str, str]]:
    """Yield (encoding, spelling): a placeholder's word for it, and the text."""
    yield "", core
    yield "rev", core[::-1]
    yield from _as_text(core)
    if not core.isascii():  # turned round, their bytes are others
        for octets in _octets(core[::-1]):
            yield "rev", octets.decode("latin-1")
            yield "rev", octets.hex()
            yield from (("rev", text) for text in _base64_cores(octets))
    for octets in _octets(core):
        yield from _as_bytes(octets)


def surrogate_errors(core: str) -> str:
    """Return the error handler that encodes `core`: some surrogates were bytes, others not."""
    high = any("\ud800" <= char <= "\udfff" and not "\udc80" <= char <= "\udcff" for char in core)
    return "surrogatepass" if high else "surrogateescape"


def _as_text(core: str) -> Iterator[tuple[str, str]]:
    if not core.isascii():  # upper case of some letters does not lead back: µ, ß
        yield "case", core.upper()
        yield "case", core.lower()
    if " " in core:
        yield "plus", core.replace(" ", "+")
    bare = trim(core)
    if len(closed := "".join(bare.split())) < len(bare):
        yield "esc", closed  # as it is in a text from which all space was taken
    if "=" in core:
        yield "esc", core.replace("=", "=3D")  # all that quoted-printable changes of a key
    undone = core
    while (deeper := unescape_once(undone)) != undone:
        yield "esc", deeper
        undone = deeper


def _as_bytes(octets: bytes) -> Iterator[tuple[str, str]]:
    yield "alt", octets.decode("latin-1")
    yield "alt", octets.decode("utf-8", "surrogateescape")
    yield "hex", octets.hex()
    yield "hex", octets.hex()[::-1]
    for text in _base64_cores(octets):
        yield "b64", text
        yield "rev", text[::-1]
    for algorithm in _DIGESTS:
        digest = hashlib.new(algorithm, octets, usedforsecurity=False).digest()
        yield "sum", digest.hex()
        text = _base64_of(digest)
        yield "sum", text
        yield "sum", text.replace("+", "-").replace("/", "_")


def _base64_of(octets: bytes) -> str:
    """Return the characters of base64 that hold nothing but these bytes."""
    return base64.b64encode(octets).decode()[: len(octets) * 8 // 6]


def _octets(core: str) -> Iterator[bytes]:
    """Yield the bytes that clients make of the text: UTF-8, UTF-16, Latin-1 where it differs."""
    yield core.encode("utf-8", surrogate_errors(core))
    yield core.encode("utf-16-le", "surrogatepass")
    if not core.isascii():
        yield core.encode("utf-16-be", "surrogatepass")
        try:
            yield core.encode("latin-1")
        except UnicodeEncodeError:
            return


def _base64_cores(octets: bytes) -> Iterator[str]:
    """Yield what base64 of anything around `octets` must hold, at each of three alignments."""
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + octets).decode().rstrip("=")
        first = (0, 2, 3)[offset]
        whole_groups = (offset + len(octets)) * 8 // 6
        text = encoded[first:whole_groups]
        yield text
        yield text.replace("+", "-").replace("/", "_")
