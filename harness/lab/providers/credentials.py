"""Reading credentials from headers (RFC 9110 section 11.4): the scheme's case does not matter."""

from __future__ import annotations

import base64
import binascii


def bearer_token(value: str) -> str | None:
    """Return the token of `Bearer <token>`, or None when the value is not of that form."""
    scheme, _, rest = value.partition(" ")
    token = rest.strip(" ")
    if scheme.lower() != "bearer" or not token or " " in token:
        return None
    return token


def basic_credentials(value: str) -> tuple[str, str] | None:
    """Return user name and password of `Basic <base64>` (RFC 7617), or None."""
    scheme, _, rest = value.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(rest.strip(" "), validate=True).decode("utf-8", "surrogateescape")
    except (binascii.Error, ValueError):
        return None
    username, colon, password = text.partition(":")
    return (username, password) if colon else None
