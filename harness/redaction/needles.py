"""Every spelling of a known secret that a text may hold, escapes aside."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from harness.redaction.common_values import SHORTEST_SWEPT, is_common
from harness.redaction.edges import trim
from harness.redaction.key_class import kind_of, public_prefix
from harness.redaction.unescape import unescape_once

PIECE = 8
"""Characters: the shortest piece of a longer secret that is looked for."""

_SCHEME = re.compile(
    r"\s*(?:bearer|basic|token|authorization\s*:|[A-Za-z_]\w*\s*=)\s*", re.IGNORECASE
)
_ARMOUR = re.compile(r"-----(?:BEGIN|END) [A-Z ]+-----")
_SHORTEST_MEMBER = 12
_SHORTEST_LINE = 16


@dataclass(frozen=True, slots=True, repr=False)
class Needle:
    """One spelling. `encoding` is a placeholder word, `core` the value that it spells."""

    text: str
    secret_id: str
    core: str
    encoding: str
    whole: bool

    def __repr__(self) -> str:
        """Name the secret only."""
        return f"<Needle {self.secret_id} {self.encoding}>"


def cores_of(value: str) -> tuple[str, ...]:
    """Return the value and the parts of it that are secret by themselves, each once.

    Without its edges, without a scheme or `NAME=`, the members of a JSON document, long lines.
    """
    found = [value, trim(value)]
    without_scheme = value
    while match := _SCHEME.match(without_scheme):
        without_scheme = trim(without_scheme[match.end() :])
        found.append(without_scheme)
    found += [text for text in _members(value) if len(text) >= _SHORTEST_MEMBER]
    lines = value.splitlines()
    if len(lines) > 1:
        found += [line for line in map(trim, lines) if len(line) >= _SHORTEST_LINE]
    if kind_of(trim(value)) == "jwt":
        found.append(trim(value).rpartition(".")[2])
    distinct = dict.fromkeys(text for text in found if text)
    return tuple(text for text in distinct if text == value or not is_common(text))


def needles_of(secret_id: str, value: str) -> Iterator[Needle]:
    """Yield every spelling of `value` to look for; none for a common one."""
    if is_common(value):
        return
    for core in cores_of(value):
        if _ARMOUR.fullmatch(core):
            continue
        for encoding, text in _spellings(core):
            if len(text) >= SHORTEST_SWEPT:
                yield Needle(text, secret_id, core, encoding, core == value)


def pieces_of(value: str) -> Iterator[str]:
    """Yield the pieces, lower case, whose presence means that part of `value` leaked.

    Words are left out: a key named `my-deepseek-key-1` must not hide every `deepseek`.
    """
    core = trim(value)
    if is_common(value) or kind_of(core) in {"jwt", "pem"}:
        return
    rest = _SUBCLASS.sub("", core[len(public_prefix(core)) :])
    for start in range(len(rest) - PIECE + 1):
        piece = rest[start : start + PIECE]
        if _MIXED.search(piece):
            yield piece.lower()


_SUBCLASS = re.compile(r"^(?:[a-z]{2,4}\d\d|v\d)-")
_MIXED = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])|[a-z][A-Z]+[a-z]|[A-Z][a-z]{1,2}[A-Z]", re.DOTALL)


def _members(value: str) -> Iterator[str]:
    """Yield the strings inside a JSON document."""
    if not value.lstrip().startswith(("{", "[", '"')):
        return
    try:
        stack = [json.loads(value)]
    except (ValueError, RecursionError):
        return
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _spellings(core: str) -> Iterator[tuple[str, str]]:
    yield "", core
    yield "rev", core[::-1]
    if not core.isascii():  # upper case of some letters does not lead back: µ, ß
        yield "case", core.upper()
        yield "case", core.lower()
    if " " in core:
        yield "plus", core.replace(" ", "+")
    undone = core
    while (deeper := unescape_once(undone)) != undone:
        yield "esc", deeper
        undone = deeper
    for octets in _octets(core):
        yield "alt", octets.decode("latin-1")
        yield "alt", octets.decode("utf-8", "surrogateescape")
        yield "hex", octets.hex()
        for text in _base64_cores(octets):
            yield "b64", text
        for algorithm in ("md5", "sha1", "sha256", "sha512"):
            digest = hashlib.new(algorithm, octets, usedforsecurity=False)
            yield "sum", digest.hexdigest()


def _octets(core: str) -> Iterator[bytes]:
    """Yield the bytes that clients make of the text: UTF-8, and Latin-1 where that differs."""
    yield core.encode("utf-8", "surrogatepass" if _high_surrogate(core) else "surrogateescape")
    if not core.isascii():
        try:
            yield core.encode("latin-1")
        except UnicodeEncodeError:
            return


def _high_surrogate(core: str) -> bool:
    """Tell whether there is a surrogate that no byte was read as."""
    return any("\ud800" <= char <= "\udfff" and not "\udc80" <= char <= "\udcff" for char in core)


def _base64_cores(octets: bytes) -> Iterator[str]:
    """Yield what base64 of anything around `octets` must hold, at each of three alignments."""
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + octets).decode().rstrip("=")
        first = (0, 2, 3)[offset]
        whole_groups = (offset + len(octets)) * 8 // 6
        text = encoded[first:whole_groups]
        yield text
        yield text.replace("+", "-").replace("/", "_")
