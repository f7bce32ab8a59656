"""Redact a URL by its parts, changing no other character of it."""

from __future__ import annotations

import re

from harness.redaction.allowed_names import field_may_stay
from harness.redaction.opaque import redact_opaque
from harness.redaction.scrub import Scrubber

_URL = re.compile(
    r"(?P<scheme>(?:[A-Za-z][A-Za-z0-9+.-]*:)?)(?P<authority>(?://[^/?#]*)?)"
    r"(?P<path>[^?#]*)(?P<query>(?:\?[^#]*)?)(?P<fragment>(?:#.*)?)",
    re.DOTALL,
)
_FLAG = re.compile(r"[A-Za-z][A-Za-z_-]{0,19}")
_LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|\[::1\]", re.IGNORECASE)


def redact_url(scrub: Scrubber, url: str) -> str:
    """Replace userinfo, fields that are not known as harmless, and secrets anywhere."""
    match = _URL.fullmatch(scrub.known(url))
    assert match is not None  # every text has a path at least
    query, fragment = match["query"], match["fragment"]
    return (
        match["scheme"]
        + _authority(scrub, match["authority"])
        + scrub.content(match["path"])
        + (f"?{redact_fields(scrub, query[1:], 'query')}" if query else "")
        + (f"#{_fragment(scrub, fragment[1:])}" if fragment else "")
    )


def redact_proxy(scrub: Scrubber, url: str) -> str:
    """Keep the scheme, the port and whether it is this machine; a proxy's host is private."""
    match = _URL.fullmatch(url)
    if match is None or not match["authority"]:
        return redact_opaque(scrub, url, "proxy", "host")
    host, port = split_host(match["authority"])
    _authority(scrub, match["authority"])  # so that its userinfo is known from now on
    shown = host if _LOOPBACK.fullmatch(host) else scrub.hidden(host, "proxy", "host")
    return f"{match['scheme']}//{shown}{port}"


def proxy_host(url: str) -> str:
    """Return the host of a proxy's URL, or "" when it is this machine."""
    match = _URL.fullmatch(url)
    host = split_host(match["authority"])[0] if match else ""
    return "" if _LOOPBACK.fullmatch(host) else host


def split_host(authority: str) -> tuple[str, str]:
    """Cut `//user:password@host:port` to the host and `:port`."""
    place = authority.removeprefix("//").rpartition("@")[2]
    match = re.fullmatch(r"(?P<host>\[[^\]]*\]|RDX~[^~]*~|[^:]*)(?P<port>(?::\d*)?)", place)
    return (match["host"], match["port"]) if match else (place, "")


def redact_fields(scrub: Scrubber, text: str, place: str) -> str:
    """Redact `name=value` pairs of a query or a form; their order and separators stay."""
    parts = re.split(r"([&;])", text)
    return "".join(
        part if index % 2 else _field(scrub, part, place) for index, part in enumerate(parts)
    )


def redact_field(scrub: Scrubber, name: str, value: str, place: str) -> str:
    """Redact the value of a field of a query or a form: its name decides."""
    if field_may_stay(name):
        return scrub.content(value)
    return redact_opaque(scrub, value, f"{place} {name}")


def _field(scrub: Scrubber, pair: str, place: str) -> str:
    name, equals, value = pair.partition("=")
    if not equals:
        return scrub.message(pair) if _FLAG.fullmatch(pair) else redact_opaque(scrub, pair, place)
    return f"{scrub.content(name)}={redact_field(scrub, name, value, place)}"


def _authority(scrub: Scrubber, authority: str) -> str:
    if not authority:
        return ""
    userinfo, at_sign, host = authority[2:].rpartition("@")
    if not at_sign:
        return "//" + scrub.message(host)
    user, colon, password = userinfo.partition(":")
    shown = redact_opaque(scrub, user, "URL user", "user" if colon else "pw")
    if colon:
        shown += ":" + redact_opaque(scrub, password, "URL password", "pw")
    return f"//{shown}@{scrub.message(host)}"


def _fragment(scrub: Scrubber, fragment: str) -> str:
    if "=" in fragment:
        return redact_fields(scrub, fragment, "fragment")
    return scrub.content(fragment)
