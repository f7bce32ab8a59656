"""Replace a value that its place gives away, whatever it holds."""

from __future__ import annotations

import re

from harness.redaction.common_values import is_common, is_wordy, looks_random
from harness.redaction.edges import trim
from harness.redaction.key_class import kind_of
from harness.redaction.placeholder import split_placeholders
from harness.redaction.scrub import Scrubber

_PUBLIC_PART = re.compile(
    r"[\s\"'`:;,.<>{}()\[\]$\u00a0\u200b\ufeff\u201c\u201d]{0,8}"
    r"|(?:bearer|basic|token|apikey|key)[ :=]{0,3}",  # glued to a key, which is worth seeing
    re.IGNORECASE,
)
"""What may stand beside a known secret as it is: it says how the secret was put together."""
_TELLING = re.compile(
    r"auth|token|key|secret|session|cookie|passw|pwd|sign|credential|csrf|xsrf|nonce|jwt|otp|code",
    re.IGNORECASE,
)


_LONG_ENOUGH = 16
"""Characters of words that no message repeats by chance."""

_LONG_WORD = 20
_SPACE = re.compile(r"\s")
_TOKEN = re.compile(r"(?=\S*[0-9])(?=\S*[A-Za-z])\S{10,}")
_PLAIN = re.compile(
    r"[a-z]{0,8}[-/ ]?v?[0-9]+(?:[.,:/_ T-][0-9]+)*[A-Za-z]{0,3}"  # dates, numbers, versions
    r"|(?:https?:/)?/\S*|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::[0-9]+)?"  # places
    r"|[a-z]+/[a-z0-9.+-]+|[a-z]+(?:[-_][a-z]+)*[-_][0-9]{1,4}",  # types, numbered words
    re.IGNORECASE,
)


def _is_token(value: str) -> bool:
    bare = value.strip("\"'")
    if _PLAIN.fullmatch(bare):
        return False
    one_long_word = len(bare) >= _LONG_WORD and not is_wordy(bare) and not _SPACE.search(bare)
    return one_long_word or bool(_TOKEN.fullmatch(value))


def redact_opaque(scrub: Scrubber, value: str, place: str, kind: str = "") -> str:
    """Replace all of `value`: known secrets by their ids, what is left as one unknown each."""
    if kind_of(trim(value)) in {"jwt", "pem"}:
        return _unknown(scrub, value, place, kind)  # one secret, whatever known ones it encodes
    parts = split_placeholders(scrub.whole_values(value))
    if len(parts) == 1:
        return _unknown(scrub, value, place, kind)
    return "".join(
        part if index % 2 or _PUBLIC_PART.fullmatch(part) else _unknown(scrub, part, place, kind)
        for index, part in enumerate(parts)
    )


def _unknown(scrub: Scrubber, value: str, place: str, kind: str) -> str:
    if not value.strip():
        return value
    telling = bool(kind) or bool(_TELLING.search(place))
    secret = looks_random(value) or _is_token(value)
    secret = secret or (telling and (not is_wordy(value) or len(value) >= _LONG_ENOUGH))
    if secret and not is_common(value) and kind != "user":
        return scrub.born(value, place, kind)
    return scrub.hidden(value, place, kind)
