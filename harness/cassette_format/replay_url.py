"""Write a URL as every common client asks for it, so that plain vcrpy finds it again.

vcrpy compares paths character for character, and each client writes a path anew: urllib3 takes
dots and needless escapes out, yarl undoes escapes of `@` or `:`, httpx keeps most. The form here is
one that requests, httpx and aiohttp leave as it is.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_PLAIN = "-._~!$&'()*,;=:@"
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_TO_ESCAPE = re.compile(r"[^A-Za-z0-9%/+" + re.escape(_PLAIN) + "]")
_QUERY_TO_ESCAPE = re.compile(r"[^A-Za-z0-9%/?+" + re.escape(_PLAIN) + "]")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def replay_url(url: str) -> str:
    """Return the URL in the form that clients agree on; what is no http URL stays as it is."""
    try:
        parts = urlsplit(url)
        if not parts.hostname:
            return url
        host = _host(parts.hostname) + (f":{parts.port}" if parts.port is not None else "")
    except ValueError:
        return url
    user, at_sign, _ = parts.netloc.rpartition("@")
    path = _without_dots(_escaped(parts.path, _TO_ESCAPE)) or "/"
    query = _LONE_PERCENT.sub("%25", parts.query)
    query = _QUERY_TO_ESCAPE.sub(_as_escape, query)
    return urlunsplit((parts.scheme.lower(), f"{user}{at_sign}{host}", path, query, ""))


def _host(name: str) -> str:
    if ":" in name:
        return f"[{name}]"
    try:
        return name.encode("idna").decode() if not name.isascii() else name
    except UnicodeError:
        return name


def _escaped(path: str, others: re.Pattern[str]) -> str:
    plain = _ESCAPE.sub(_undone, _LONE_PERCENT.sub("%25", path))
    return others.sub(_as_escape, plain)


def _undone(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    needless = char.isascii() and (char.isalnum() or char in _PLAIN)
    return char if needless else match[0].upper()


def _as_escape(match: re.Match[str]) -> str:
    octets = match[0].encode("utf-8", "surrogateescape")
    return "".join(f"%{octet:02X}" for octet in octets)


def _without_dots(path: str) -> str:
    """Take `.` and `..` out, as RFC 3986, section 5.2.4, does."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept) if segments[1:] else path
