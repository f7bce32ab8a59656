"""What really left and arrived, byte for byte, and over which connection."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from harness.model.request import HeaderPairs


@dataclass(frozen=True, slots=True, repr=False)
class WireBytes:
    """One direction of one exchange: TLS plaintext, the head whole, the body up to a limit.

    `kept` starts with `interim` bytes of 1xx answers, then `head` bytes of head, its empty line
    included; both are 0 where there is no head. `total` counts what passed, kept or not.
    """

    kept: bytes
    total: int
    head: int = 0
    interim: int = 0

    def __repr__(self) -> str:
        """Count only: the bytes hold secrets."""
        return f"<WireBytes {self.total}>"

    @property
    def head_bytes(self) -> bytes:
        """The head, its empty line included."""
        return self.kept[self.interim : self.interim + self.head]

    @property
    def body_bytes(self) -> bytes:
        """What was kept behind the head."""
        return self.kept[self.interim + self.head :]


NOTHING = WireBytes(b"", 0)


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What TLS agreed on, and the certificate that the peer showed, trusted or not.

    `sni` is the name asked for; None when none was sent, as for an address.
    """

    version: str | None = None
    cipher: str | None = None
    alpn: str | None = None
    sni: str | None = None
    issuer: str | None = None
    subject: str | None = None
    not_after_utc: float | None = None


@dataclass(frozen=True, slots=True)
class WireTimes:
    """Seconds of each phase; None where the phase did not happen or was not seen.

    `proxy_seconds` is what the proxy took until the way to the origin stood: TLS with it, SOCKS,
    CONNECT. `first_byte_seconds` runs from the head sent to the first byte of its answer.
    """

    dns_seconds: float | None = None
    connect_seconds: float | None = None
    tls_seconds: float | None = None
    first_byte_seconds: float | None = None
    proxy_seconds: float | None = None


class SocksAsk(StrEnum):
    """What a SOCKS proxy was told of the origin: its name, or the address it resolved to here."""

    NAME = "name"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class SocksFacts:
    """What was agreed with a SOCKS5 proxy (RFC 1928, RFC 1929); no byte of it is a secret.

    `offered` and `method` are numbers of authentication methods (0 none, 2 user name and
    password, 255 none of those offered). `login` is the status of the login and `reply` that of
    the request to connect, 0 for success; None where it did not come to that.
    """

    asked: SocksAsk
    offered: tuple[int, ...]
    method: int | None = None
    login: int | None = None
    reply: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Tunnel:
    """The CONNECT exchange with a proxy, in clear."""

    sent: WireBytes
    received: WireBytes

    def __repr__(self) -> str:
        """Count only: a proxy's password is in it."""
        return f"<Tunnel {self.sent} {self.received}>"


@dataclass(frozen=True, slots=True, repr=False)
class Wire:
    """The record of one attempt. `peer` and `local` are `address:port`; a proxy is the peer.

    `tls` was agreed with the origin, `proxy_tls` with the proxy. `tries` counts the requests
    that went out for it: one, unless a client repeats by itself.
    """

    sent: WireBytes = NOTHING
    received: WireBytes = NOTHING
    tunnel: Tunnel | None = None
    peer: str | None = None
    local: str | None = None
    tls: TlsFacts | None = None
    times: WireTimes = WireTimes()
    tries: int = 0
    proxy_tls: TlsFacts | None = None
    socks: SocksFacts | None = None

    def __repr__(self) -> str:
        """Count only."""
        return f"<Wire {self.sent} {self.received}>"


class BodyForm(StrEnum):
    """How the record of a message stands to the body of its request or response.

    `same`: the bytes of that body; `chunked`: those bytes in chunks; `coded`: compressed or cut,
    so that they are not shown; `text`: bytes that no request or response explains.
    """

    NONE = "none"
    SAME = "same"
    CHUNKED = "chunked"
    CODED = "coded"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class RedactedMessage:
    """One direction with every secret replaced. `lines` have no line ends.

    `interim` holds the lines of 1xx answers, an empty one after each; `chunks` sizes in bytes.
    Bytes that are not UTF-8 are surrogates.
    """

    lines: tuple[str, ...] = ()
    total_bytes: int = 0
    line_end: str = "\r\n"
    interim: tuple[str, ...] = ()
    body_form: BodyForm = BodyForm.NONE
    body: str = ""
    chunks: tuple[int, ...] = ()

    @property
    def pairs(self) -> HeaderPairs:
        """The header lines as pairs; a line without a colon is none."""
        parts = (line.partition(":") for line in self.lines[1:])
        return tuple((name, value.removeprefix(" ")) for name, colon, value in parts if colon)


@dataclass(frozen=True, slots=True)
class RedactedTunnel:
    """The CONNECT exchange, redacted."""

    sent: RedactedMessage
    received: RedactedMessage


@dataclass(frozen=True, slots=True)
class RedactedWire:
    """The only form of a `Wire` that may be stored or shown."""

    sent: RedactedMessage = RedactedMessage()
    received: RedactedMessage = RedactedMessage()
    tunnel: RedactedTunnel | None = None
    peer: str | None = None
    local: str | None = None
    tls: TlsFacts | None = None
    times: WireTimes = WireTimes()
    tries: int = 0
    proxy_tls: TlsFacts | None = None
    socks: SocksFacts | None = None
