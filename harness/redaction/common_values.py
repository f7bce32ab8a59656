"""Values that are no secret although they stand where one belongs.

Sweeping every text for `null`, `test` or a model's name would destroy the messages that
explain the 401, so such a value is replaced where it stands and nowhere else.
"""

from __future__ import annotations

import re

from harness.redaction.edges import trim
from harness.redaction.marks import marks_of

SHORTEST_SWEPT = 8
"""Characters: a shorter text occurs by chance in every message."""

_PUBLIC_MARKS = frozenset({"name", "null", "undef", "sample", "empty"})
_VARIABLE = re.compile(
    r"\$[A-Z]+(?:_[A-Z]+)+|\$?\{\{?\s*[A-Za-z_][\w.]{0,40}(?:\|\w+)?\s*\}?\}"
    r"|%[A-Z]+(?:_[A-Z]+)+%|<[A-Za-z_ -]{1,40}>"
)
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._/-]{0,40})?", re.IGNORECASE)
_MODEL = re.compile(
    r"(?:gpt|deepseek|claude|gemini|llama|mistral|qwen|glm|kimi|moonshot|codestral)"
    r"(?:[-.][a-z]{1,12}|[-.]?[0-9]{1,8}[a-z]?)*"
)
_WORD_LIST = """
    password passwords username authorization bearer apikey anonymous localhost undefined
    administrator credential credentials postgres security baseline request requests response
    responses interactions sequence headers_sent wire_headers from_proxy body_truncated
    sent_at_utc total_seconds clock_offset_seconds secret_ids unauthorized forbidden
    authentication content-type application/json deepseek-chat chat/completions completions
    invalid_request_error authentication_error required negotiate signature googlelogin
    aws4-hmac-sha256 tc3-hmac-sha256
"""
_WORDS = frozenset(_WORD_LIST.split())


def is_common(value: str) -> bool:
    """Tell whether `value` is too short or too public to be looked for in every text."""
    core = trim(value)
    if len(core) < SHORTEST_SWEPT or core.lower() in _WORDS:
        return True
    if _VARIABLE.fullmatch(core) or _PLAIN_URL.fullmatch(core) or _MODEL.fullmatch(core):
        return True
    return bool(_PUBLIC_MARKS & set(marks_of(core)))


def looks_random(text: str) -> bool:
    """Tell a token from words: one run of at least 16 token characters, mixed and varied."""
    if len(text) < _SHORTEST_TOKEN or not _TOKEN.fullmatch(text) or _HOST.fullmatch(text):
        return False
    parts = [part for part in _WORD_BREAK.split(text) if part]
    if all(map(_WORD.fullmatch, parts)) and len(text) >= _MEAN_WORD * len(parts):
        return False
    kinds = sum(bool(kind.search(text)) for kind in _KINDS_OF_CHARACTER)
    return kinds >= 2 and len(set(text)) >= _VARIED  # noqa: PLR2004 - letters alone are words


def is_wordy(text: str) -> bool:
    """Tell whether `text` is words only, such as `invalid_request_error`."""
    return bool(_WORDY.fullmatch(text))


_SHORTEST_TOKEN = 16
_VARIED = 8
_MEAN_WORD = 3
_WORD = re.compile(r"[A-Za-z]{1,14}|[0-9]{1,4}")
_WORD_BREAK = re.compile(r"[-_.:/+=~]+|(?<=[a-z])(?=[A-Z])")
_TOKEN = re.compile(r"[A-Za-z0-9_\-+/=.~:]+")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::\d+)?", re.IGNORECASE)
_WORDY = re.compile(r"[A-Za-z]{1,14}(?:[-_ .,:/][A-Za-z]{1,14})*[.]?")
_KINDS_OF_CHARACTER = (re.compile("[0-9]"), re.compile("[a-z]"), re.compile("[A-Z]"))
