"""What a value looks like that is no key: `$NAME`, `null`, a sample, a path, JSON."""

from __future__ import annotations

import base64
import binascii
import json
import re

from harness.redaction.edges import trim
from harness.redaction.key_class import public_prefix

_WORDS = {
    "empty": "empty",
    "env": "looks like $NAME",
    "name": "looks like a variable name",
    "assign": "contains NAME=",
    "null": "null",
    "undef": "undefined",
    "sample": "sample value",
    "scheme": "contains a scheme",
    "json": "JSON",
    "path": "looks like a path",
    "url": "looks like a URL",
    "b64": "base64 of a text",
    "masked": "contains a mask",
    "hash": "contains #",
}
_PATTERNS = (
    (
        "env",
        re.compile(
            r"\$[A-Za-z_]\w*|\$?\{\{?\s*[A-Za-z_][\w. -]*(?::-.*)?\}?\}|%[A-Za-z_]\w*%"
            r"|<[A-Za-z_ -]+>|\$\([^()]*\)|\$env:\w+"
            r"|(?:process\.env|os\.environ|import\.meta\.env)\b.*"
        ),
    ),
    ("name", re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:KEY|TOKEN|SECRET|PASSWORD|PASS|PAT)")),
    ("assign", re.compile(r"(?:export\s+)?[A-Za-z_]\w*\s*=(?!=*$).+", re.DOTALL)),
    ("null", re.compile(r"null|none|nil|\(null\)|nan", re.IGNORECASE)),
    ("undef", re.compile(r"undefined|\[object Object\]", re.IGNORECASE)),
    (
        "scheme",
        re.compile(r"(?:bearer|basic|token|authorization)\b[\s:].*", re.IGNORECASE | re.DOTALL),
    ),
    (
        "path",
        re.compile(
            r"(?:~|\.{1,2})?/[\w.@~-]+(?:/[\w.@~-]+)*/?|[A-Za-z]:\\.+|[\w-]+\.(?:json|txt|env|ya?ml|toml|pem|key)"
        ),
    ),
    ("url", re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://.+", re.DOTALL)),
    ("masked", re.compile(r".*(?:\*{2,}|\u2022{2,}|\u2026|\.{3}).*", re.DOTALL)),
    ("hash", re.compile(r".+#.*", re.DOTALL)),
)
_SAMPLE_WORD_LIST = """
    your yours example placeholder changeme change replace insert here sample todo xxx dummy
"""
_SAMPLE_WORDS = frozenset(_SAMPLE_WORD_LIST.split())
_FILLER_WORD_LIST = """
    test fake demo key api apikey token secret sk my the a valid real actual openai deepseek
"""
_FILLER_WORDS = frozenset(_FILLER_WORD_LIST.split())
_SHORTEST_SAMPLE = 3
_WORD = re.compile(r"[a-z]{1,14}|[A-Z]{1,14}|[A-Z][a-z]{1,13}|[0-9]{1,4}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z0-9]+")


def marks_of(value: str) -> tuple[str, ...]:
    """Return the codes of everything that `value` looks like, most telling first."""
    core = trim(value)
    if not core:
        return ("empty",)
    found = [code for code, pattern in _PATTERNS if pattern.fullmatch(core)]
    if "env" not in found and _is_sample(core):
        # Either a sample in the form of a name, or a name of filler words only; never both.
        found = [code for code in found if code != "name" or not _has_sample_word(core)]
        found += [] if "name" in found else ["sample"]
    if _is_json(core):
        found.append("json")
    if _is_base64_of_text(core):
        found.append("b64")
    return tuple(found)


def words_of(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Say the codes in words."""
    return tuple(_WORDS[code] for code in codes)


def _is_sample(core: str) -> bool:
    """Tell whether this is a value that documentation prints: words, or one sign repeated."""
    rest = core[len(public_prefix(core)) :]
    if len(rest) >= _SHORTEST_SAMPLE and len(set(rest.lower())) == 1:
        return True
    parts = [part for part in _CAMEL.split(rest) if part]
    if (
        len(core) < _SHORTEST_SAMPLE
        or not parts
        or not all(_WORD.fullmatch(part) for part in parts)
    ):
        return False
    lower = {part.lower() for part in parts}
    return bool(lower & _SAMPLE_WORDS) or lower <= _FILLER_WORDS


def _has_sample_word(core: str) -> bool:
    return not _SAMPLE_WORDS.isdisjoint(part.lower() for part in _CAMEL.split(core))


def _is_json(core: str) -> bool:
    if core[0] not in '{["':
        return False
    try:
        json.loads(core)
    except ValueError:
        return False
    return True


def _is_base64_of_text(core: str) -> bool:
    """Tell whether base64 decoding gives printable ASCII: a secret encoded once too often."""
    if len(core) < 12 or len(core) % 4:  # noqa: PLR2004 - shorter texts decode by chance
        return False
    try:
        decoded = base64.b64decode(core, validate=True)
    except (binascii.Error, ValueError):
        return False
    return decoded.rstrip(b"\r\n").isascii() and decoded.rstrip(b"\r\n").decode().isprintable()
