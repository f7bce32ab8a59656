"""What a JSON Web Token says of itself (RFC 7519), its signature left out."""

from __future__ import annotations

import base64
import binascii
import json
import math

from harness.model.exchange import TokenFacts
from harness.model.request import Json
from harness.redaction.edges import trim

_PUBLIC_CLAIMS = ("iat", "nbf", "exp", "aud", "iss")
_LONGEST_CLAIM = 200
_LONGEST_WORD = 32


def token_facts(secret_id: str, token: str) -> TokenFacts | None:
    """Return the facts of a token, or None when it cannot be read."""
    parts = trim(token).split(".")
    header, claims = _part(parts[0]), _part(parts[1]) if len(parts) > 1 else None
    if header is None or claims is None:
        return None
    key_id = header.get("kid")
    return TokenFacts(
        secret_id=secret_id,
        algorithm=_word(header.get("alg")),
        type=_word(header.get("typ")),
        key_id_length=len(key_id) if isinstance(key_id, str) else None,
        claims={name: claims[name] for name in _PUBLIC_CLAIMS if _is_short(claims.get(name))},
    )


def _part(text: str) -> dict[str, Json] | None:
    try:
        document = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _word(value: Json) -> str:
    return value[:_LONGEST_WORD] if isinstance(value, str) else ""


def _is_short(value: Json) -> bool:
    if isinstance(value, list):
        return len(value) <= len(_PUBLIC_CLAIMS) and all(isinstance(one, str) for one in value)
    if isinstance(value, str):
        return len(value) <= _LONGEST_CLAIM
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    # Python reads NaN and 1e999 where JSON has no such number, and no cassette can hold them.
    return len(str(value)) <= _LONGEST_CLAIM and math.isfinite(value)
