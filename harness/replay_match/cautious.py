"""What may be shown of a client's own words: those that cannot be a key, or that are known anyway.

The redactor decides by form, and a key in an odd place may have none. What was recorded is in the
cassette and may be shown; of what only the client said, words and small numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from harness.redaction.placeholder import split_placeholders

_PIECE = r"(?:[A-Za-z]{1,14}|[vV]?[0-9]{1,4})"
_PLAIN = re.compile(rf"{_PIECE}(?:[-_. ,:;=/]{{1,2}}{_PIECE}){{0,5}}")
_LONGEST = 40
_PUNCTUATION = re.compile(r"[^A-Za-z0-9\x80-\U0010ffff]{0,4}")


def cautious(text: str, known: Collection[str] = ()) -> str:
    """Return `text` when it is in `known` or plain words; else its length. Placeholders stay."""
    if text in known:
        return text
    parts = split_placeholders(text)
    return "".join(part if index % 2 else _part(part, known) for index, part in enumerate(parts))


def cautious_path(path: str, known: Collection[str]) -> str:
    """Return `path` with each segment that is neither known nor plain as its length."""
    return "/".join(cautious(segment, known) for segment in path.split("/"))


def _part(text: str, known: Collection[str]) -> str:
    if text in known or _PUNCTUATION.fullmatch(text):
        return text
    if len(text) <= _LONGEST and _PLAIN.fullmatch(text.strip()):
        return text
    return f"<{len(text)} characters>"
