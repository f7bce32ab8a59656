"""Takes a URL apart, one that may hold `${key}`."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus, urlsplit

_SHAPE = re.compile(r"(?i)https?://(?P<authority>[^\s/?#\\]+)(?:[/?#]\S*)?")
_AUTHORITY = re.compile(r"(?i)[a-z][a-z0-9+.-]*://(?P<authority>[^\s/?#\\]*)")
_HIGHEST_PORT = 65535


def is_web_address(text: str) -> bool:
    """Tell whether a text is a whole http or https URL, its port a number."""
    shape = _SHAPE.fullmatch(text)
    if shape is None or not text.isprintable():
        return False
    if "${" in shape["authority"]:
        return True
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and (parts.port is None or 0 < parts.port <= _HIGHEST_PORT)
    except ValueError:
        return False


def host_of(text: str) -> str:
    """Return the host in lower case; "" when there is none."""
    try:
        return urlsplit(text).hostname or ""
    except ValueError:
        return ""


def userinfo_of(text: str) -> str:
    """Return what stands before the `@` of the authority, in a URL of any scheme; else ""."""
    found = _AUTHORITY.match(text)
    return found["authority"].rpartition("@")[0] if found else ""


def query_fields(text: str) -> tuple[tuple[str, str], ...]:
    """Return the names and raw values of the query."""
    query = text.partition("#")[0].partition("?")[2]
    pairs = (field.partition("=") for field in query.split("&") if field)
    return tuple((unquote_plus(name), value) for name, _, value in pairs)
