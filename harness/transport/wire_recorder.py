"""Watches one attempt on its connection: bytes both ways, TLS, addresses, times."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable

from harness.model.exchange import Phase
from harness.model.request import HeaderPairs
from harness.model.wire import NOTHING, SocksFacts, TlsFacts, Tunnel, Wire, WireBytes, WireTimes
from harness.transport.answer_reader import (
    BODY_LIMIT,
    HEAD_LIMIT,
    AnswerHead,
    AnswerReader,
    head_sizes,
)
from harness.transport.request_head import sent_pairs

KEPT_LIMIT = HEAD_LIMIT + BODY_LIMIT
"""Bytes that are kept of each direction."""


class _Capture:
    """Bytes as they pass, kept up to the limit and counted beyond it."""

    __slots__ = ("_room", "chunks", "total")

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.total = 0
        self._room = KEPT_LIMIT

    def add(self, data: bytes) -> None:
        size = len(data)
        self.total += size
        if size > self._room:
            data = data[: self._room]
        self._room -= len(data)
        if data:
            self.chunks.append(data)

    def joined(self) -> bytes:
        return b"".join(self.chunks)


class Leg:
    """One exchange on one connection: a request and its answer, or CONNECT and its answer."""

    __slots__ = ("head_size", "received", "sent", "sent_at", "tunnel")

    def __init__(self) -> None:
        """Start with nothing sent."""
        self.sent = _Capture()
        self.received = _Capture()
        self.head_size = 0
        self.sent_at: float | None = None
        self.tunnel = False

    def answer(self, method: str) -> AnswerReader:
        """Read what has arrived so far."""
        reader = AnswerReader("CONNECT" if self.tunnel else method)
        reader.feed(self.received.joined())
        return reader

    def head(self) -> AnswerHead | None:
        """Read the head alone: a body of a million chunks takes its time."""
        kept = self.received.joined()
        reader = AnswerReader("")
        reader.feed(kept[: sum(head_sizes(kept))])
        return reader.head


class WireRecorder:
    """Gathers what one attempt does; `freeze` makes the record of it.

    `phase` is how far the attempt has got. `now` gives seconds of a clock that never jumps.
    `awaits_proxy_tls` says that the next TLS is the proxy's own; `socks` is what was agreed with
    a SOCKS proxy so far, `socks_target` where it was asked to connect to.
    """

    def __init__(self, method: str, now: Callable[[], float] = time.perf_counter) -> None:
        """Start before anything is resolved."""
        self._now = now
        self._method = method
        self._mark = now()
        self._dns: float | None = None
        self._connect: float | None = None
        self._tls: float | None = None
        self._first_byte: float | None = None
        self._proxy: float | None = None
        self._proxy_mark: float | None = None
        self._proxy_facts: TlsFacts | None = None
        self._peer: str | None = None
        self._local: str | None = None
        self._facts: TlsFacts | None = None
        self._legs: list[Leg] = []
        self.awaits_proxy_tls = False
        self.socks: SocksFacts | None = None
        self.socks_target: tuple[str, int] | None = None
        self.tries = 0
        self.phase = Phase.NOT_SENT

    def resolving(self, *, of_proxy: bool) -> None:
        """A name is being looked up, the origin's or that of its proxy."""
        self.phase = Phase.PROXY if of_proxy else Phase.DNS
        self._mark = self._now()

    def resolved(self, *, asked: bool) -> None:
        """The address is known; `asked` when a resolver was, so that the time means something."""
        if asked:
            self._dns = self._now() - self._mark
        self.phase = Phase.CONNECT
        self._mark = self._now()

    def connected(self) -> Leg:
        """A connection is there, or TLS begins inside a tunnel; a leg begins."""
        self.securing()
        return self.new_leg()

    def greeting(self, connected: socket.socket) -> None:
        """The connection to a proxy stands; what it asks for before it lets through begins."""
        self._mark_connected()
        self._peer = _address(connected.getpeername())
        self._local = _address(connected.getsockname())
        self.phase = Phase.PROXY

    def agreed(self, facts: SocksFacts) -> None:
        """A step of SOCKS is done."""
        self.socks = facts

    def securing(self) -> None:
        """The connection stands, the one through the tunnel too; TLS begins, if there is any."""
        if self.phase is Phase.PROXY:
            self._mark_through()
        self._mark_connected()
        self._mark = self._now()
        self.phase = Phase.PROXY if self.awaits_proxy_tls else Phase.TLS

    def new_leg(self) -> Leg:
        """Begin an exchange."""
        leg = Leg()
        self._legs.append(leg)
        return leg

    def ready(self, transport: asyncio.BaseTransport) -> None:
        """The leg may be written to: TLS, where there is any, is agreed."""
        tls = transport.get_extra_info("ssl_object")
        if tls is not None and self.awaits_proxy_tls:
            self._mark_through()
            self._proxy_facts = _tls_facts(tls)
            self.awaits_proxy_tls = False
        elif tls is not None:
            self._tls = self._now() - self._mark
            self._facts = _tls_facts(tls)
        self._peer = _address(transport.get_extra_info("peername")) or self._peer
        self._local = _address(transport.get_extra_info("sockname")) or self._local
        self.phase = Phase.SEND

    def sent_head(self, leg: Leg, size: int, *, tunnel: bool) -> None:
        """The head of a leg, `size` bytes, is on its way."""
        leg.head_size = size
        leg.tunnel = tunnel
        leg.sent_at = self._now()
        self.tries += not tunnel
        self.phase = Phase.PROXY if tunnel else Phase.HEADERS

    def received(self, leg: Leg, data: bytes) -> None:
        """Bytes arrived."""
        if not leg.received.total and leg.sent_at is not None and not leg.tunnel:
            self._first_byte = self._now() - leg.sent_at
        leg.received.add(data)

    @property
    def request_leg(self) -> Leg | None:
        """The leg of the request itself, the last if a client tried again."""
        for leg in reversed(self._legs):
            if leg.head_size and not leg.tunnel:
                return leg
        return None

    @property
    def tunnel_leg(self) -> Leg | None:
        """The leg of CONNECT."""
        return next((leg for leg in reversed(self._legs) if leg.tunnel), None)

    @property
    def headers_sent(self) -> HeaderPairs:
        """The header lines of the bytes that left."""
        leg = self.request_leg
        return sent_pairs(leg.sent.joined()[: leg.head_size]) if leg else ()

    def freeze(self) -> Wire:
        """Return the record."""
        sent, received = self._both(self.request_leg)
        tunnel = Tunnel(*self._both(self.tunnel_leg)) if self.tunnel_leg else None
        seen = (self._dns, self._connect, self._tls, self._first_byte, self._proxy)
        return Wire(
            sent,
            received,
            tunnel,
            self._peer,
            self._local,
            self._facts,
            WireTimes(*(None if one is None else round(one, 6) for one in seen)),
            self.tries,
            self._proxy_facts,
            self.socks,
        )

    def _mark_connected(self) -> None:
        if self.phase is Phase.CONNECT:
            self._connect = self._now() - self._mark
            self._proxy_mark = self._now()

    def _mark_through(self) -> None:
        """The way through the proxy stands, as far as it is known."""
        if self._proxy_mark is not None:
            self._proxy = self._now() - self._proxy_mark

    def _both(self, leg: Leg | None) -> tuple[WireBytes, WireBytes]:
        if leg is None:
            return NOTHING, NOTHING
        kept = leg.received.joined()
        interim, head = head_sizes(kept)
        return (
            WireBytes(leg.sent.joined(), leg.sent.total, leg.head_size),
            WireBytes(kept, leg.received.total, head, interim),
        )


def _tls_facts(tls: ssl.SSLObject) -> TlsFacts:
    cipher = tls.cipher()
    name = tls.server_hostname
    issuer = subject = not_after = None
    certificate = tls.getpeercert(binary_form=True)
    if certificate:
        # getpeercert() decodes nothing of a certificate that was not checked.
        from cryptography import x509  # noqa: PLC0415 - heavy, and needed for TLS only

        try:
            shown = x509.load_der_x509_certificate(certificate)
            issuer, subject = shown.issuer.rfc4514_string(), shown.subject.rfc4514_string()
            not_after = shown.not_valid_after_utc.timestamp()
        except ValueError:
            pass
    return TlsFacts(
        tls.version(),
        cipher[0] if cipher else None,
        tls.selected_alpn_protocol(),
        str(name) if name and not is_literal(str(name)) else None,
        issuer,
        subject,
        not_after,
    )


def is_literal(host: str) -> bool:
    """Tell whether a host is an IP address, which nobody resolves and no SNI holds."""
    return ":" in host or host.replace(".", "").isdecimal()


def _address(name: object) -> str | None:
    match name:
        case [str(host), int(port), *_]:
            return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        case _:
            return None
