"""Replace a value that its place gives away, whatever it holds."""

from __future__ import annotations

import re

from harness.redaction.common_values import is_common, is_wordy, looks_random
from harness.redaction.edges import trim
from harness.redaction.key_class import kind_of
from harness.redaction.placeholder import split_placeholders
from harness.redaction.scrub import Scrubber

_PUNCTUATION = re.compile(r"[\s\"'`:;,.<>{}()\[\]\u00a0\u200b\ufeff\u201c\u201d]{0,8}")
_TELLING = re.compile(
    r"auth|token|key|secret|session|cookie|passw|pwd|sign|credential|csrf|xsrf|nonce|jwt|otp|code",
    re.IGNORECASE,
)


def redact_opaque(scrub: Scrubber, value: str, place: str, kind: str = "") -> str:
    """Replace all of `value`: known secrets by their ids, what is left as one unknown each."""
    if kind_of(trim(value)) in {"jwt", "pem"}:
        return _unknown(scrub, value, place, kind)  # one secret, whatever known ones it encodes
    parts = split_placeholders(scrub.whole_values(value))
    if len(parts) == 1:
        return _unknown(scrub, value, place, kind)
    return "".join(
        part if index % 2 or _PUNCTUATION.fullmatch(part) else _unknown(scrub, part, place, kind)
        for index, part in enumerate(parts)
    )


def _unknown(scrub: Scrubber, value: str, place: str, kind: str) -> str:
    if not value.strip():
        return value
    telling = bool(kind) or bool(_TELLING.search(place))
    secret = looks_random(value) or (telling and not is_wordy(value))
    if secret and not is_common(value) and kind != "user":
        return scrub.born(value, place, kind)
    return scrub.hidden(value, place, kind)
