"""Tells the answer of a token endpoint of which nothing may be shown."""

from __future__ import annotations

import json
from collections.abc import Iterable

from harness.model.exchange import Step

_FROM_AN_ENDPOINT = "oauth2."
_FIRST, _LAST = 200, 299


def may_hide_token(step: Step, status: int, secrets: Iterable[str], body: str) -> bool:
    """Tell whether an answer should hold a token and none was recognised in it.

    `secrets` are the names of those that the exchange knows. What says that it is an error
    (RFC 6749, section 5.2), whatever its status, is shown: it tells why there is no token.
    """
    if step is not Step.AUTH or not _FIRST <= status <= _LAST:
        return False
    return not any(name.startswith(_FROM_AN_ENDPOINT) for name in secrets) and not _is_error(body)


def _is_error(body: str) -> bool:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and isinstance(document.get("error"), str)
