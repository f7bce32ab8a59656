"""A connector that keeps no connection, lets a recorder watch, and keeps to a closed route."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
from aiohttp.abc import ResolveResult
from aiohttp.client_proto import ResponseHandler

from harness.model.request import ProxyHop, Resolve
from harness.transport.answer_reader import AnswerReader
from harness.transport.proxy_hop import hop_address, resolves_names
from harness.transport.request_head import UrlError
from harness.transport.route import Address, ClosedRoute, redirected
from harness.transport.socks import open_socks
from harness.transport.tcp import connect_first
from harness.transport.tls_in_tls import let_inner_close
from harness.transport.wire_recorder import Leg, WireRecorder, is_literal

HeadEdit = Callable[[bytes], bytes]
"""Takes the head that aiohttp wrote and returns the one that is sent."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What one attempt wants of its connection. `tunnelled`: CONNECT comes first.

    `proxied` says that it leads to a proxy, be it one that aiohttp knows of or not.
    `proxy_tls` is laid below what aiohttp says to a proxy, which it takes for a plain one: it
    has one context for both, and the proxy and the origin want their own. `proxy_name` is the
    name asked for there. `socks` is a proxy
    that aiohttp hears nothing of.
    """

    recorder: WireRecorder
    edit: HeadEdit | None = None
    tunnelled: bool = False
    resolve: Resolve = ()
    proxy_tls: ssl.SSLContext | None = None
    proxy_name: str = ""
    socks: ProxyHop | None = None
    proxied: bool = False


# A task of its own per attempt is aiohttp's way; what runs in it belongs to this attempt.
_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """Let every connection that is opened inside be watched."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


class RoutedConnector(aiohttp.TCPConnector):
    """Resolves through the route, IP literals and proxies too, and records what passes.

    `_resolve_host`, `_wrap_create_connection` and `_factory` are aiohttp's own hooks and
    private: the public resolver never sees IP literals, nothing public can put SOCKS or TLS
    below a connection, and nothing public sees bytes. A conformance test names the releases on
    which all were seen to work. The guard is public API (`socket_factory`): it refuses whatever
    the map did not foresee.
    """

    def __init__(self, route: ClosedRoute | None) -> None:
        """Connect anew for each request: variants must not share a connection's state."""
        self._route = route
        super().__init__(
            force_close=True,
            limit=0,
            resolver=aiohttp.ThreadedResolver(),
            socket_factory=None if route is None else self._guarded_socket,
        )
        self._factory = self._protocol  # type: ignore[assignment]

    def _protocol(self) -> ResponseHandler:
        watch = _watch.get()
        return ResponseHandler(self._loop) if watch is None else _Watched(self._loop, watch)

    async def _resolve_host(
        self, host: str, port: int, traces: Sequence[Any] | None = None
    ) -> list[ResolveResult]:
        watch = _watch.get()
        if watch is None:
            return await self._resolved(host, port, (host, port), traces)
        if watch.socks is not None:
            target = host, port
            if not resolves_names(watch.socks):
                watch.recorder.resolving(of_proxy=False)
                wanted = redirected(watch.resolve, host, port)
                found = await self._resolved(host, port, wanted, traces)
                target = found[0]["host"], found[0]["port"]
            watch.recorder.socks_target = target
            host, port = hop_address(watch.socks)
        watch.recorder.resolving(of_proxy=watch.proxied)
        wanted = redirected(watch.resolve, host, port)
        found = await self._resolved(host, port, wanted, traces)
        asked = self._route is None and wanted == (host, port) and not is_literal(host)
        watch.recorder.resolved(asked=asked)
        return found

    async def _wrap_create_connection(
        self,
        *args: Any,
        addr_infos: list[Any],
        req: aiohttp.ClientRequest,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's signature
        client_error: type[Exception] = aiohttp.ClientConnectorError,
        **kwargs: Any,
    ) -> tuple[asyncio.Transport, ResponseHandler]:
        watch = _watch.get()
        if watch is not None and watch.proxy_tls is not None:
            watch.recorder.awaits_proxy_tls = True
            kwargs |= {"ssl": watch.proxy_tls, "server_hostname": watch.proxy_name}
        if watch is None or watch.socks is None:
            made = await super()._wrap_create_connection(
                *args,
                addr_infos=addr_infos,
                req=req,
                timeout=timeout,
                client_error=client_error,
                **kwargs,
            )
            let_inner_close(made[0])
            return made
        connected = await self._through_socks(watch, watch.socks, addr_infos, req)
        return await self._wrap_existing_connection(
            *args, sock=connected, req=req, timeout=timeout, client_error=client_error, **kwargs
        )

    async def _through_socks(
        self, watch: Watch, proxy: ProxyHop, found: list[Any], req: aiohttp.ClientRequest
    ) -> socket.socket:
        try:
            connected = await connect_first(found, self._route)
        except OSError as error:
            raise aiohttp.ClientProxyConnectionError(req.connection_key, error) from error
        recorder = watch.recorder
        recorder.greeting(connected)
        assert recorder.socks_target is not None
        try:
            await open_socks(connected, proxy, recorder.socks_target, recorder.agreed)
        except BaseException:
            connected.close()
            raise
        return connected

    async def _resolved(
        self, host: str, port: int, wanted: Address, traces: Sequence[Any] | None
    ) -> list[ResolveResult]:
        if self._route is not None:
            return [_numeric(host, self._route.to(*wanted))]
        if wanted != (host, port):
            return [_numeric(host, wanted)]
        try:
            return await super()._resolve_host(host, port, traces)
        except UnicodeError:
            raise UrlError("no name of a host") from None

    def _guarded_socket(self, info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        assert self._route is not None
        self._route.check((address[0], address[1]))
        return socket.socket(family, kind, protocol)


class _Watched(ResponseHandler):
    """aiohttp's protocol, with a recorder on both sides of it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, watch: Watch) -> None:
        super().__init__(loop)
        self._watch = watch
        self._leg = watch.recorder.connected()
        self._reader: AnswerReader | None = None
        self._held = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._watch.recorder.ready(transport)
        writing = _WatchedTransport(cast("asyncio.Transport", transport), self._watch, self._leg)
        super().connection_made(cast("asyncio.Transport", writing))

    def data_received(self, data: bytes) -> None:
        self._watch.recorder.received(self._leg, data)
        if self._leg.tunnel:
            # aiohttp hangs up on the head of a refusal, and its body would be lost.
            self._reader = self._reader or AnswerReader("CONNECT")
            self._reader.feed(data)
            self._held += data
            if self._reader.done:
                self._hand_over()
            return
        super().data_received(data)

    def eof_received(self) -> None:
        self._hand_over()
        super().eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._hand_over()
        super().connection_lost(exc)

    def _hand_over(self) -> None:
        if self._held:
            held, self._held = bytes(self._held), bytearray()
            super().data_received(held)


class _WatchedTransport:
    """The transport that aiohttp writes to: shows each write, and exchanges the head."""

    def __init__(self, inner: asyncio.Transport, watch: Watch, leg: Leg) -> None:
        self._inner = inner
        self._watch = watch
        self._leg = leg

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._inner.write(self._shown(bytes(data)))

    def writelines(self, parts: Iterable[bytes | bytearray | memoryview]) -> None:
        self._inner.write(self._shown(b"".join(parts)))

    def _shown(self, data: bytes) -> bytes:
        leg, watch = self._leg, self._watch
        if not leg.head_size:
            tunnel = watch.tunnelled and data.startswith(b"CONNECT ")
            size = data.index(b"\r\n\r\n") + 4
            if watch.edit is not None and not tunnel:
                head = watch.edit(data[:size])
                data, size = head + data[size:], len(head)
            watch.recorder.sent_head(leg, size, tunnel=tunnel)
        leg.sent.add(data)
        return data


def _numeric(host: str, address: Address) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    return {
        "hostname": host,
        "host": address[0],
        "port": address[1],
        "family": family,
        "proto": 0,
        "flags": socket.AI_NUMERICHOST,
    }
