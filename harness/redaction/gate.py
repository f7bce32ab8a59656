"""The gate: read what was written and look for secrets once more, by other means.

Shares no code with the redactor, so that one mistake cannot blind both. Where the redactor
lists spellings of a secret, the gate decodes the text and looks for the secret in it.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from harness.model.secret import Secret

_SHORTEST = 8
_TAIL = 4
_DEPTH = 3
_CLINGING = " \t\r\n\"'`\u00a0\ufeff\u200b\u200c\u200d\u2060\u201c\u201d\u2018\u2019"
_BACKSLASH = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|.)"
)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{10,}")
_HEX = re.compile(r"[0-9A-Fa-f]{16,}")
_MASKED = re.compile(r"(?:\*{2,}|[\u2022\u25cf]{2,}|\u2026|\.{3})(.{4})", re.DOTALL)
_PROVIDER = {
    "an OpenAI-like key": r"\bsk-(?=[\w-]*\d)[A-Za-z0-9_-]{20,}",
    "a GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36,}",
    "a Google key": r"\bAIza[A-Za-z0-9_-]{35}",
    "a Groq or xAI key": r"\b(?:gsk_|xai-)(?=\w*\d)\w{24,}",
    "an AWS key id": r"\b(?:AKIA|ASIA)(?=[A-Z]*[0-9])[A-Z0-9]{16}\b",
    "a JSON Web Token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{4,}\.[\w-]{10,}",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
}
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _PROVIDER.items())
_HARMLESS = re.compile(
    r"(?:[A-Z][A-Z0-9]*_)+(?:KEY|TOKEN|SECRET|PASSWORD|PASS|PAT)"
    r"|[$%]?\{?\{?\s*[A-Za-z_][\w.|]*\s*\}?\}|[$%][A-Z]+(?:_[A-Z]+)+%?|<[A-Za-z _-]+>"
    r"|https?://[^?@\s]*|undefined|\[object object\]"
    r"|(?:gpt|deepseek|claude|gemini|llama|mistral|qwen|glm|kimi|moonshot|codestral)[a-z0-9.-]*",
    re.IGNORECASE,
)
_SAMPLE = re.compile(
    r"(?:[a-z]{2,4}[-_])?(?:(.)\1+"
    r"|(?=.*(?:your|example|placeholder|change|replace|insert|here|sample|todo|xxx|dummy))"
    r"(?:[a-z]{1,20}|\d{1,4})(?:[^a-z0-9]+(?:[a-z]{1,20}|\d{1,4}))*[^a-z0-9]*"
    r"|(?:(?:test|fake|demo|key|api|token|secret|sk|my|the|a|valid|real|actual|openai|deepseek)"
    r"[^a-z0-9]*)+)",
    re.IGNORECASE,
)
_OWN_WORDS = """
    password passwords username authorization bearer apikey anonymous localhost administrator
    credential credentials postgres security baseline request requests response responses
    interactions sequence headers_sent wire_headers from_proxy body_truncated sent_at_utc
    total_seconds clock_offset_seconds secret_ids unauthorized forbidden authentication
    content-type application/json chat/completions completions invalid_request_error
    authentication_error required negotiate signature googlelogin aws4-hmac-sha256
    tc3-hmac-sha256
    dns_seconds connect_seconds tls_seconds first_byte_seconds
    not_after_utc received line_end interim
"""
_PUBLIC = frozenset(_OWN_WORDS.split())


@dataclass(frozen=True, slots=True, repr=False)
class _Wanted:
    """A secret as it is looked for: lower-case texts, its bytes, its last characters."""

    name: str
    texts: tuple[str, ...]
    octets: tuple[bytes, ...]
    tails: frozenset[str]


def find_leaks(data: bytes, secrets: Iterable[Secret]) -> tuple[str, ...]:
    """Return the places at which `data` holds a secret: line and form, never a value."""
    wanted = tuple(_wanted(number, secret) for number, secret in enumerate(secrets, 1))
    found: dict[str, None] = {}
    for number, line in enumerate(data.split(b"\n"), 1):
        if line:
            text = line.decode("utf-8", "surrogateescape")
            found.update((f"line {number}: {what}", None) for what in _leaks(text, wanted))
    return tuple(found)


def _wanted(number: int, secret: Secret) -> _Wanted:
    value = secret.reveal()
    bare = value.strip(_CLINGING)
    name = f"secret {number} ({secret.provenance})"
    if len(bare) < _SHORTEST or _is_public(bare):
        return _Wanted(name, (), (), frozenset())
    texts = tuple(dict.fromkeys((value.lower(), bare.lower())))
    octets = dict.fromkeys(one.encode("utf-8", "surrogatepass") for one in (value, bare))
    return _Wanted(name, texts, tuple(octets), frozenset({bare[-_TAIL:].lower()}))


def _is_public(bare: str) -> bool:
    return bare.lower() in _PUBLIC or bool(_HARMLESS.fullmatch(bare) or _SAMPLE.fullmatch(bare))


def _leaks(line: str, wanted: tuple[_Wanted, ...]) -> Iterator[str]:
    for form, text in _readings(line):
        lower = text.lower()
        for one in wanted:
            if any(value in lower for value in one.texts):
                yield f"{one.name}, {form}"
        yield from _masked(text, form, wanted)
        for name, pattern in _PATTERNS:
            if pattern.search(text):
                yield f"{name}, {form}"
        for coding, octets in _decoded(text):
            for one in wanted:
                if any(value in octets for value in one.octets):
                    yield f"{one.name}, {coding}"


def _masked(text: str, form: str, wanted: tuple[_Wanted, ...]) -> Iterator[str]:
    for match in _MASKED.finditer(text):
        for one in wanted:
            if match[1].lower() in one.tails:
                yield f"the last characters of {one.name}, {form}"


def _readings(line: str) -> Iterator[tuple[str, str]]:
    """Yield the line raw and with its escapes undone, each kind and all kinds together."""
    yield "raw", line
    seen = {line}
    everything = line
    for form, undo in (
        ("JSON-escaped", _unbackslash),
        ("percent", _unpercent),
        ("HTML", html.unescape),
    ):
        text = line
        for _ in range(_DEPTH):
            text = undo(text)
            if text in seen:
                break
            seen.add(text)
            yield form, text
    for _ in range(_DEPTH):
        everything = html.unescape(_unpercent(_unbackslash(everything)))
        if everything not in seen:
            seen.add(everything)
            yield "escaped", everything


def _unpercent(text: str) -> str:
    return unquote(text, errors="surrogateescape") if "%" in text else text


def _unbackslash(text: str) -> str:
    return _BACKSLASH.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    escape = match[0][1:]
    if len(escape) == 1:
        return _CONTROLS.get(escape, escape)
    units = [int(code, 16) for code in re.split(r"\\?[uUx]", escape) if code]
    if len(units) > 1:
        return chr(0x10000 + ((units[0] - 0xD800) << 10) + (units[1] - 0xDC00))
    return chr(units[0]) if units[0] <= 0x10FFFF else ""  # noqa: PLR2004 - the last code point


def _decoded(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield what stands in runs of base64, at every alignment, and of hex."""
    for run in _BASE64.finditer(text):
        plain = run[0].replace("-", "+").replace("_", "/")
        for skip in range(4):
            part = plain[skip:]
            whole = part[: len(part) - (len(part) % 4 == 1)]
            yield "base64", base64.b64decode(whole + "=" * (-len(whole) % 4))
    for run in _HEX.finditer(text):
        for skip in range(2):
            part = run[0][skip:]
            yield "hex", bytes.fromhex(part[: len(part) // 2 * 2])
