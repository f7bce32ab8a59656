"""A request as it arrived and an answer as it will leave, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate

from harness.model.request import HeaderPairs

Clock = Callable[[], float]
"""Seconds since the epoch, UTC."""

BODILESS = frozenset({204, 304})


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Request:
    """A parsed request: header order, case and duplicates kept, values without edge spaces.

    `scheme` is `https` when it arrived over TLS, or as a proxy's `https://` target. Bytes
    outside UTF-8 are lone surrogates, as everywhere in the model.
    """

    method: str
    target: str
    minor_version: int
    headers: HeaderPairs
    body: bytes
    scheme: str

    def __repr__(self) -> str:
        """Name the method only: target, headers and body may hold a key."""
        return f"<Request {self.method}>"

    def values(self, name: str) -> tuple[str, ...]:
        """Return every value of header `name`, any case, in order."""
        return tuple(value for key, value in self.headers if key.lower() == name.lower())

    @property
    def path(self) -> str:
        """The target up to its query."""
        return self.target.partition("?")[0]

    @property
    def authority(self) -> str:
        """The host, with a port where one was named."""
        return next(iter(self.values("Host")), "")

    @property
    def keeps_alive(self) -> bool:
        """Whether the client wants the connection kept (RFC 9112 section 9.3)."""
        tokens = {
            token.strip().lower()
            for value in self.values("Connection")
            for token in value.split(",")
        }
        return "close" not in tokens and (self.minor_version >= 1 or "keep-alive" in tokens)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says, headers in wire order; only `Connection: close` is ever added.

    `closes` ends the connection after it.
    """

    status: int
    reason: str
    headers: HeaderPairs
    body: bytes = b""
    closes: bool = False

    def to_bytes(self, *, method: str, closes: bool) -> bytes:
        """Return the bytes for the wire; an answer to HEAD keeps its length and drops its body."""
        pairs = (*self.headers, ("Connection", "close")) if closes else self.headers
        lines = [f"HTTP/1.1 {self.status} {self.reason}"]
        lines += [f"{name}: {value}" for name, value in pairs]
        head = "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")
        return head if method == "HEAD" or self.status in BODILESS else head + self.body


def http_date(now: Clock) -> str:
    """Return the moment as a `Date` header has it (RFC 9110 section 5.6.7)."""
    return formatdate(now(), usegmt=True)


def error_page(
    status: int, reason: str, *, server: str, now: Clock, title: str = "", detail: str = ""
) -> Answer:
    """Return the HTML page with which nginx and its kin report an error or a redirect.

    `title` stands in for `status reason` where nginx words the page otherwise.
    """
    title = title or f"{status} {reason}"
    lines = [
        "<html>",
        f"<head><title>{title}</title></head>",
        "<body>",
        f"<center><h1>{title}</h1></center>",
        *([f"<center>{detail}</center>"] if detail else []),
        f"<hr><center>{server}</center>",
        "</body>",
        "</html>",
        "",
    ]
    body = "\r\n".join(lines).encode()
    headers = (
        ("Server", server),
        ("Date", http_date(now)),
        ("Content-Type", "text/html"),
        ("Content-Length", str(len(body))),
    )
    return Answer(status, reason, headers, body)
