"""The raw client: exactly the header lines given, on a socket of its own, nothing refused."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.model.exchange import Attempt, Failure, Phase, Response, Timing
from harness.model.request import HeaderPairs, ProxyHop, SignedRequest
from harness.transport.answer_reader import AnswerReader, Problem, decode_body
from harness.transport.failures import peer_of
from harness.transport.proxy_hop import (
    failed_phase,
    hop_address,
    is_forwarded,
    proxy_context,
    proxy_credentials,
    resolves_names,
    tls_name,
)
from harness.transport.raw_failures import CAUGHT, failure_of
from harness.transport.request_head import (
    Place,
    UrlError,
    is_given,
    place_of,
    request_head,
    target_of,
)
from harness.transport.route import Address, ClosedRoute, redirected
from harness.transport.socks import SocksError, open_socks
from harness.transport.tcp import AddressInfo, connect_first
from harness.transport.tls_contexts import TlsContexts, TlsFileError
from harness.transport.tls_in_tls import let_inner_close
from harness.transport.wire_recorder import Leg, WireRecorder

PROXY_AUTH_REQUIRED = 407
_TUNNEL_OPEN = 200
_PIECE = 1 << 16
_PROBLEMS = {
    Problem.NOT_HTTP: (Phase.HEADERS, "what {peer} answered is not valid HTTP/1.x"),
    Problem.HEAD_TOO_LARGE: (Phase.HEADERS, "the head of what {peer} answered is too large"),
    Problem.NO_ANSWER: (Phase.HEADERS, "{peer} closed the connection without an answer"),
    Problem.BAD_BODY: (Phase.BODY, "the body from {peer} broke off"),
}


class _RefusedError(Exception):
    """The proxy answered CONNECT with something else than a tunnel."""

    def __init__(self, reader: AnswerReader) -> None:
        super().__init__("the proxy refused")
        self.reader = reader


@dataclass(slots=True)
class _Connection:
    """Streams, and the leg that is recorded on them."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    recorder: WireRecorder

    def write(self, head: bytes, body: bytes, *, tunnel: bool) -> Leg:
        """Hand everything to the system at once, so that an early answer can be read."""
        leg = self.recorder.new_leg()
        self.recorder.sent_head(leg, len(head), tunnel=tunnel)
        leg.sent.add(head + body)
        self.writer.write(head + body)
        return leg

    async def answer(self, leg: Leg, reader: AnswerReader) -> None:
        """Read until the answer is whole, or as much of it as is wanted."""
        while not reader.done:
            data = await self.reader.read(_PIECE)
            if not data:
                reader.end()
                return
            self.recorder.received(leg, data)
            reader.feed(data)
            if reader.head is not None and not leg.tunnel:
                self.recorder.phase = Phase.BODY


@dataclass(slots=True)
class RawTransport:
    """Sends the request line, the headers as given and the body; adds `Host` and a length only.

    `clock` gives seconds since the epoch; `tls` makes the context to start from.
    """

    route: ClosedRoute | None = None
    tls: Callable[[], ssl.SSLContext] | None = None
    clock: Callable[[], float] = time.time
    _contexts: TlsContexts = field(init=False)

    def __post_init__(self) -> None:
        """Make no context yet: most of a run may be plain HTTP."""
        self._contexts = TlsContexts(self.tls)

    async def send(self, request: SignedRequest) -> Attempt:
        """Send one request, following nothing; a failure is a result."""
        sent_at = self.clock()
        started = time.perf_counter()
        recorder = WireRecorder(request.method)
        reader = AnswerReader(request.method)
        response: Response | None = None
        failure: Failure | None = None
        try:
            async with asyncio.timeout(request.timeout_seconds):
                await self._exchange(request, recorder, reader)
        except _RefusedError as refused:
            reader = refused.reader
        except TlsFileError as error:
            failure = Failure(Phase.NOT_SENT, "bad-tls", str(error))
        except SocksError as refused_by_socks:
            failure = refused_by_socks.failure
        except CAUGHT as error:
            hop = peer_of(request.url) if request.proxy is None else "the proxy"
            phase = recorder.phase if reader.head else failed_phase(request, recorder.phase, error)
            failure = failure_of(error, phase, peer_of(request.url), hop)
        response, failure = _result(request, recorder, reader, failure)
        timing = Timing(sent_at, time.perf_counter() - started)
        return Attempt(timing, recorder.headers_sent, response, failure, recorder.freeze())

    async def close(self) -> None:
        """Hold nothing: every attempt closes its own connection."""

    async def _exchange(
        self, request: SignedRequest, recorder: WireRecorder, reader: AnswerReader
    ) -> None:
        place = place_of(request.url)
        proxy = request.proxy
        http_proxy = proxy if proxy is not None and proxy.forwards_http else None
        head = request_head(
            request,
            target_of(place, proxied=http_proxy is not None),
            place.name,
            _automatic(request),
        )
        context = self._contexts.context(request.tls) if place.is_tls else None
        below = proxy_context(self._contexts, proxy)
        connected = await self._connect(request, place, recorder)
        recorder.awaits_proxy_tls = below is not None
        recorder.securing()
        name = tls_name(proxy) if proxy is not None and below is not None else None
        connection = _Connection(*await _streams(connected, below, name), recorder)
        recorder.ready(connection.writer.transport)
        try:
            if http_proxy is not None and place.is_tls:
                await _open_tunnel(connection, place, http_proxy)
            if context is not None:
                let_inner_close(connection.writer.transport)
                recorder.securing()
                name = request.tls.sni or place.host
                await connection.writer.start_tls(context, server_hostname=name)
                recorder.ready(connection.writer.transport)
            leg = connection.write(head, request.body or b"", tunnel=False)
            await connection.answer(leg, reader)
        finally:
            connection.writer.transport.abort()

    async def _connect(
        self, request: SignedRequest, place: Place, recorder: WireRecorder
    ) -> socket.socket:
        """Connect to the origin or to its proxy; through SOCKS the way to the origin stands."""
        proxy = request.proxy
        origin = place.host, place.port
        if proxy is None:
            recorder.resolving(of_proxy=False)
            return await self._connect_to(await self._found(request, origin, recorder))
        target = origin
        if not proxy.forwards_http and not resolves_names(proxy):
            recorder.resolving(of_proxy=False)
            target = (await self._found(request, origin, recorder))[0][4][:2]
        recorder.resolving(of_proxy=True)
        connected = await self._connect_to(await self._found(request, hop_address(proxy), recorder))
        if proxy.forwards_http:
            return connected
        recorder.greeting(connected)
        try:
            await open_socks(connected, proxy, target, recorder.agreed)
        except BaseException:
            connected.close()
            raise
        return connected

    async def _connect_to(self, found: list[AddressInfo]) -> socket.socket:
        return await connect_first(found, self.route)

    async def _found(
        self, request: SignedRequest, hop: Address, recorder: WireRecorder
    ) -> list[AddressInfo]:
        """Return the addresses of a host, through `resolve` and the route."""
        wanted = redirected(request.resolve, *hop)
        address = self.route.to(*wanted) if self.route else wanted
        loop = asyncio.get_running_loop()
        try:
            found = list(await loop.getaddrinfo(*address, type=socket.SOCK_STREAM))
        except UnicodeError:
            raise UrlError("no name of a host") from None
        # Where an address was given nobody had to be asked, and the time would mean nothing.
        asked = address == hop and all(one[4][0] != address[0] for one in found)
        recorder.resolved(asked=asked)
        return found


async def _streams(
    connected: socket.socket, below: ssl.SSLContext | None, name: str | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Return streams on a connection, TLS with the proxy `name` laid below them."""
    try:
        return await asyncio.open_connection(sock=connected, ssl=below, server_hostname=name)
    except BaseException:
        connected.close()
        raise


async def _open_tunnel(connection: _Connection, place: Place, proxy: ProxyHop) -> None:
    """Ask the proxy for a tunnel, with its own credentials and nothing of the request's.

    Raises:
        _RefusedError: it gave none.
    """
    pairs: HeaderPairs = (("Host", place.authority), *proxy_credentials(proxy))
    lines = [f"CONNECT {place.authority} HTTP/1.1", *(f"{name}: {text}" for name, text in pairs)]
    reader = AnswerReader("CONNECT")
    leg = connection.write(("\r\n".join(lines) + "\r\n\r\n").encode(), b"", tunnel=True)
    await connection.answer(leg, reader)
    if reader.head is None or reader.head.status != _TUNNEL_OPEN:
        raise _RefusedError(reader)


def _automatic(request: SignedRequest) -> HeaderPairs:
    """Return what framing and the way need: a length, and credentials for the proxy."""
    added: HeaderPairs = ()
    if request.body is not None and not is_given(request, "content-length", "transfer-encoding"):
        added = (("Content-Length", str(len(request.body))),)
    return (*added, *proxy_credentials(request.proxy)) if is_forwarded(request) else added


def _result(
    request: SignedRequest, recorder: WireRecorder, reader: AnswerReader, failure: Failure | None
) -> tuple[Response | None, Failure | None]:
    """Return the answer as far as it came, and what is wrong with it."""
    tunnel = recorder.tunnel_leg
    refused = tunnel is not None and recorder.request_leg is None
    if tunnel is not None and refused and failure is not None:
        reader = tunnel.answer("CONNECT")
    by_proxy = refused or (reader.head is None and is_forwarded(request))
    peer = "the proxy" if by_proxy else peer_of(request.url)
    if failure is None and reader.problem is not None:
        phase, words = _PROBLEMS[reader.problem]
        shown = Phase.PROXY if by_proxy else phase
        failure = Failure(shown, reader.problem.value, words.format(peer=peer))
    head = reader.head
    if head is None or (refused and head.status == _TUNNEL_OPEN):
        return None, failure
    decoded = decode_body(head, bytes(reader.body))
    cut = reader.truncated or decoded.truncated or failure is not None
    if failure is None and decoded.broken and not reader.truncated:
        phase, words = _PROBLEMS[Problem.BAD_BODY]
        failure = Failure(phase, Problem.BAD_BODY.value, words.format(peer=peer))
    from_proxy = refused or (is_forwarded(request) and head.status == PROXY_AUTH_REQUIRED)
    return Response(head.status, head.reason, head.headers, decoded.body, cut, from_proxy), failure
