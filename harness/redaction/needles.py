"""Every spelling of a known secret that a text may hold, escapes aside."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from harness.redaction.common_values import SHORTEST_SWEPT, is_common
from harness.redaction.edges import trim
from harness.redaction.key_class import kind_of, public_prefix
from harness.redaction.lower_case import lowered
from harness.redaction.spellings import spellings_of, surrogate_errors

PIECE = 8
"""Characters: the shortest piece of a longer secret that is looked for."""

_SCHEME = re.compile(
    r"\s*(?:bearer|basic|token|authorization\s*:|[A-Za-z_]\w*\s*=)\s*", re.IGNORECASE
)
_ARMOUR = re.compile(r"-----(?:BEGIN|END) [A-Z ]+-----")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
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
    elif inner := _inside_base64(trim(value)):
        found += [inner, trim(inner.partition(":")[2])]
    distinct = dict.fromkeys(text for text in found if text)
    return tuple(text for text in distinct if text == value or not is_common(text))


def needles_of(secret_id: str, value: str) -> Iterator[Needle]:
    """Yield every spelling of `value` to look for; none for a common one."""
    if is_common(value):
        return
    for core in cores_of(value):
        if _ARMOUR.fullmatch(core):
            continue
        for encoding, text in spellings_of(core):
            if len(text) >= SHORTEST_SWEPT:
                yield Needle(text, secret_id, core, encoding, core == value)


_PARAMETERS = re.compile(r'[A-Za-z]+="[^"]*",\s*[A-Za-z]+=')
"""A list of parameters, such as a Digest answer (RFC 7616): servers repeat parts of it."""


def pieces_of(value: str) -> Iterator[str]:
    """Yield the pieces, lower case, whose presence means that part of `value` leaked.

    Words are left out: a key named `my-deepseek-key-1` must not hide every `deepseek`.
    """
    core = trim(value)
    if is_common(value) or kind_of(core) in {"jwt", "pem"} or _PARAMETERS.search(core):
        return
    if not core.isascii():  # in a dump of bytes a piece is one of bytes
        octets = core.encode("utf-8", surrogate_errors(core))
        yield from (lowered(piece) for piece in _windows(octets.decode("latin-1")))
        yield from (lowered(piece) for piece in _windows(core) if _FOREIGN.search(piece))
    rest = _SUBCLASS.sub("", core[len(public_prefix(core)) :])
    yield from (piece.lower() for piece in _windows(rest) if _MIXED.search(piece))


def _windows(text: str) -> Iterator[str]:
    return (text[start : start + PIECE] for start in range(len(text) - PIECE + 1))


_SUBCLASS = re.compile(r"^(?:[a-z]{2,4}\d\d|v\d)-")
_FOREIGN = re.compile(r"[^\x00-\x7f].*[^\x00-\x7f].*[^\x00-\x7f]", re.DOTALL)
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


def _inside_base64(core: str) -> str:
    """Return the text that base64 holds, such as `user:password`; "" when it holds none."""
    if len(core) < _SHORTEST_MEMBER or not _BASE64.fullmatch(core):
        return ""
    try:
        decoded = base64.b64decode(core + "=" * (-len(core) % 4)).decode("ascii")
    except ValueError:
        return ""
    return decoded if decoded.isprintable() and len(decoded) >= SHORTEST_SWEPT else ""
