"""Tells by its name which header, query or form field carries a credential."""

from __future__ import annotations

import re
from itertools import pairwise

_ALONE = frozenset({"authorization", "cookie", "apikey"})
_WORDS = frozenset({"token", "secret", "password", "passwd", "jwt", "signature"})
_KEY_OF = frozenset({"api", "access", "auth", "subscription", "app", "functions", "secret"})
_FIELD_WORDS = frozenset({"key", "sig", "auth", "pwd", "pass"})
_SPLIT = re.compile(r"[-_.]+|(?<=[a-z])(?=[A-Z])")


def is_credential_header(name: str) -> bool:
    """Tell whether a header carries a credential: Authorization, X-Api-Key, X-Auth-Token."""
    words = [word.lower() for word in _SPLIT.split(name) if word]
    if not (_ALONE | _WORDS).isdisjoint(words):
        return True
    return any(left in _KEY_OF and right == "key" for left, right in pairwise(words))


def is_credential_field(name: str) -> bool:
    """Tell whether a query or form field carries a credential: `key`, `access_token`, `sig`."""
    words = [word.lower() for word in _SPLIT.split(name) if word]
    return is_credential_header(name) or (len(words) == 1 and words[0] in _FIELD_WORDS)
