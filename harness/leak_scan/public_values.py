"""Values that are no secret although they stand where one belongs, so nobody looks for them."""

from __future__ import annotations

import re

SHORTEST = 8
"""Characters: a shorter text occurs by chance in every file."""

CLINGING = " \t\r\n\"'`\u00a0\ufeff\u200b\u200c\u200d\u2060\u201c\u201d\u2018\u2019"
"""What a loader may leave at the ends of a key."""

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
_PLACEHOLDER = re.compile(r"RDX~(?:[sx]\d{1,6}|none)(?:\.[A-Za-z0-9_-]{1,12})*~")
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


def bare_of(value: str) -> str:
    """Return the value without what clings to its ends."""
    return value.strip(CLINGING)


def why_not_looked_for(value: str) -> str:
    """Return why nobody looks for this value, or "" when it is looked for."""
    bare = bare_of(value)
    if len(bare) < SHORTEST:
        return f"shorter than {SHORTEST} characters"
    if bare.lower() in _PUBLIC or any(
        form.fullmatch(bare) for form in (_HARMLESS, _SAMPLE, _PLACEHOLDER)
    ):
        return "a public word"
    return ""
