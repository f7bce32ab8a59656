"""Read what a token endpoint answers: JSON as RFC 6749 has it, or a form as some still send."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from harness.model.request import Json

MOST_TOKENS = 50
"""An answer with more of them is no token endpoint's."""

_ENDS = ("token", "secret", "password", "jwt", "apikey", "assertion")
_HARMLESS = frozenset({"type", "tokentype", "scope", "expires", "expiresin", "expiresat"})
_FORM = re.compile(r"[^\s<{\[\"&=]+=[^\s&]*(?:&[^\s&=]+=[^\s&]*)*")


def token_document(body: bytes) -> Json:
    """Return the answer as a JSON document, a form as an object; None when it is neither."""
    try:
        text = body.decode().strip()
        document: Json = json.loads(text)
    except UnicodeDecodeError:
        return None
    except (ValueError, RecursionError):
        return dict(parse_qsl(text)) if _FORM.fullmatch(text) else None
    return document


def token_values(document: Json) -> tuple[str, ...]:
    """Return every text below a member whose name says that it is a token, each once.

    None of them where there are more than `MOST_TOKENS`: some are not better than none.
    """
    found = dict.fromkeys(_below(document, is_token=False))
    return tuple(found) if len(found) <= MOST_TOKENS else ()


def _below(document: Json, *, is_token: bool) -> Iterator[str]:
    if isinstance(document, str):
        if is_token and document:
            yield document
    elif isinstance(document, list):
        for value in document:
            yield from _below(value, is_token=is_token)
    elif isinstance(document, dict):
        for name, value in document.items():
            plain = re.sub(r"[-_.\s]", "", name.lower())
            named = plain.endswith(_ENDS) or (is_token and plain not in _HARMLESS)
            yield from _below(value, is_token=named)
