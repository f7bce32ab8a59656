r"""JSON that is YAML too: ASCII only, read back exactly by YAML 1.1 readers.

Plain JSON is not enough. PyYAML refuses DEL, reads a surrogate pair as two characters that no
encoder takes, and changes U+0085; so everything outside printable ASCII is escaped, and what
lies beyond the basic plane as `\UXXXXXXXX`, which JSON does not know.
"""

from __future__ import annotations

import json
import re

from harness.cassette_format.fields import HINT
from harness.errors import CassetteError, Place
from harness.model.request import Json

_ENCODED = re.compile(
    r"\\(?:u(?P<high>d[89ab][0-9a-f]{2})\\u(?P<low>d[c-f][0-9a-f]{2})"
    r"|(?P<lone>ud[89a-f][0-9a-f]{2})|.)"
)
_ASTRAL = re.compile(r"\\(?:U(?P<point>[0-9A-Fa-f]{8})|.)")
_LAST_POINT = 0x10FFFF
_PLANE = 0x10000


class _RefusedError(ValueError):
    """What JSON readers may let pass and we do not."""


def dump_flow(document: Json) -> str:
    """Write a document on one line. A lone surrogate becomes U+FFFD: no file can hold it.

    Raises:
        ValueError: a number is not finite.
    """
    text = json.dumps(document, separators=(",", ":"), allow_nan=False).replace("\x7f", "\\u007f")
    return _ENCODED.sub(_as_yaml, text) if "\\ud" in text else text


def load_flow(text: str, place: Place, offset: int = 0) -> Json:
    """Read a line that `dump_flow` wrote, which starts `offset` characters after `place`.

    Raises:
        CassetteError: it is not of that form; the message names line and column.
    """
    as_json = _ASTRAL.sub(_as_json, text) if "\\U" in text else text
    try:
        document: Json = _DECODER.decode(as_json)
    except json.JSONDecodeError as error:
        where = Place(place.file, place.line, place.column + offset + error.pos)
        message = f"{where}: not a line of a cassette: {error.msg.lower()}"
        raise CassetteError(message, hint=HINT) from None
    except (_RefusedError, ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, _RefusedError) else "a number is too long"
        reason = "nested too deeply" if isinstance(error, RecursionError) else reason
        where = Place(place.file, place.line, place.column + offset)
        raise CassetteError(f"{where}: not a line of a cassette: {reason}", hint=HINT) from None
    return document


def _as_yaml(match: re.Match[str]) -> str:
    if match["high"]:
        units = bytes.fromhex(match["high"] + match["low"])
        return f"\\U{ord(units.decode('utf-16-be')):08x}"
    return "\\ufffd" if match["lone"] else match[0]


def _as_json(match: re.Match[str]) -> str:
    if not match["point"]:
        return match[0]
    point = int(match["point"], 16)
    if not _PLANE <= point <= _LAST_POINT:
        return match[0]
    units = chr(point).encode("utf-16-be").hex()
    return f"\\u{units[:4]}\\u{units[4:]}"


def _without_doubles(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise _RefusedError("a name stands twice in one object")
    return document


def _refused(word: str) -> Json:
    raise _RefusedError(f"{word} is no number")


_DECODER = json.JSONDecoder(object_pairs_hook=_without_doubles, parse_constant=_refused)
