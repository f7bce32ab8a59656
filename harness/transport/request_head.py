"""The head of a request, byte for byte as the scenario wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.model.default_ports import DEFAULT_PORTS
from harness.model.request import HeaderPairs, SignedRequest

HIGHEST_PORT = 65535

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<target>[^#]*)", re.IGNORECASE | re.DOTALL
)
_AUTHORITY = re.compile(
    r"(?P<host>\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\]|[^\[\]:@\\\s\x00-\x1f\x7f]+)(?::(?P<port>[0-9]{0,5}))?"
)
_DELIMITER = re.compile(r"[/?#@:\\\[\]\s]")


class UrlError(ValueError):
    """A URL that cannot be requested; the text never holds any of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a URL leads. `host` has no brackets, `name` is `host[:port]` as headers write it.

    `target` is path and query, no character of them changed.
    """

    scheme: str
    host: str
    port: int
    name: str
    target: str

    @property
    def is_tls(self) -> bool:
        """True for https."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """`host:port`, the form that CONNECT takes."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def place_of(url: str) -> Place:
    """Take a URL apart without changing it; userinfo and fragment are left out.

    Raises:
        UrlError: it is no http or https URL with a host.
    """
    found = _URL.match(url)
    if found is None:
        raise UrlError("not an http or https URL")
    match = _AUTHORITY.fullmatch(found["authority"].rpartition("@")[2])
    if match is None:
        raise UrlError("no host")
    scheme = found["scheme"].lower()
    port = int(match["port"] or DEFAULT_PORTS[scheme])
    if not 0 < port <= HIGHEST_PORT:
        raise UrlError("no such port")
    host = ascii_host(match["host"])
    target = found["target"]
    return Place(
        scheme,
        host.strip("[]"),
        port,
        host if port == DEFAULT_PORTS[scheme] else f"{host}:{port}",
        target if target.startswith("/") else f"/{target}",
    )


def ascii_host(host: str) -> str:
    """Return a host as it is looked up: in ASCII, digits and dots of other scripts included.

    Raises:
        UrlError: no name of a host can be made of it.
    """
    if host.isascii():
        return host
    try:
        found = host.encode("idna").decode("ascii")
    except UnicodeError:
        raise UrlError("no name of a host") from None
    if _DELIMITER.search(found):  # U+2100 becomes a/c
        raise UrlError("no name of a host")
    return found


def target_of(place: Place, *, proxied: bool) -> str:
    """Return the request target: absolute for a proxy that forwards (RFC 9112, section 3.2)."""
    if proxied and not place.is_tls:
        return f"{place.scheme}://{place.name}{place.target}"
    return place.target


def request_head(request: SignedRequest, target: str, host: str, auto: HeaderPairs) -> bytes:
    """Return the head: `Host` first unless given, the headers as given, then what is `auto`.

    An automatic header gives way to a given one of its name, in whatever case.

    Raises:
        UnicodeEncodeError: a text holds a surrogate that no byte was read as.
    """
    given = {name.strip().lower() for name, _ in request.headers}
    first = () if "host" in given else (("Host", host),)
    rest = tuple(pair for pair in auto if pair[0].lower() not in given)
    lines = [f"{request.method} {target} HTTP/{request.http}"]
    lines += [f"{name}: {value}" for name, value in (*first, *request.headers, *rest)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


def is_given(request: SignedRequest, *names: str) -> bool:
    """Tell whether the request has a header of one of the (lower-case) names."""
    return any(name.strip().lower() in names for name, _ in request.headers)


def sent_pairs(head: bytes) -> HeaderPairs:
    """Return the header lines of a head that was sent; lines without a colon are none."""
    lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")[1:]
    texts = (line.decode("utf-8", "surrogateescape") for line in lines)
    parts = (text.partition(":") for text in texts)
    return tuple((name, value.removeprefix(" ")) for name, colon, value in parts if colon)
