"""Serves one accepted socket: HTTP, TLS or SOCKS by its first byte, keep-alive, tunnels."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from harness.lab.http_message import Answer, Clock, Request, error_page
from harness.lab.limits import Limits
from harness.lab.request_reader import BadRequestError, read_request

_TLS_HANDSHAKE = b"\x16"
_SOCKS5 = b"\x05"
_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A granted CONNECT: what the client sends from now on goes to `service`."""

    service: Service


@dataclass(frozen=True, slots=True)
class Service:
    """What stands behind a port: who answers, with which certificate, how patiently.

    `name` is the `Server` of the answers to requests that are refused before `respond`. `socks`
    takes those who speak SOCKS5 to the service behind; without it they are no clients.
    """

    name: str
    respond: Callable[[Request], Answer | Tunnel]
    tls: Callable[[], ssl.SSLContext]
    now: Clock
    limits: Limits = Limits()
    socks: Socks | None = None


Socks = Callable[[socket.socket], Awaitable[Service]]
"""Speaks SOCKS5 with a client and returns what stands behind; OSError when it was refused."""


async def serve_socket(sock: socket.socket, service: Service) -> None:
    """Serve `sock` until either side is done; owns it and closes it.

    What a client does wrong ends its connection only. An error in `service` is a fault of the
    lab and is raised.
    """
    # A client that breaks off, or breaks TLS, is not an event here: it saw what it did.
    with contextlib.suppress(OSError):
        async with _open(sock, service) as (reader, writer, behind, scheme):
            await _serve(reader, writer, behind, scheme)


@contextlib.asynccontextmanager
async def _open(
    sock: socket.socket, service: Service
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter, Service, str]]:
    sock.setblocking(False)  # noqa: FBT003 - the standard library's signature
    try:
        async with asyncio.timeout(service.limits.idle_seconds):
            first = await _first_byte(sock)
            if first == _SOCKS5 and service.socks is not None:
                service = await service.socks(sock)
                first = await _first_byte(sock)
            encrypted = first == _TLS_HANDSHAKE
    except BaseException:
        sock.close()
        raise
    tls = service.tls() if encrypted else None
    reader, writer = await _streams(sock, tls, service.limits)
    try:
        yield reader, writer, service, "https" if encrypted else "http"
        await _close(writer, service.limits)
    finally:
        writer.transport.abort()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _close(writer: asyncio.StreamWriter, limits: Limits) -> None:
    """Let what is written get out, but not wait long for a client that does not take it."""
    writer.close()
    closed = asyncio.ensure_future(writer.wait_closed())
    try:
        # Not a timeout: that would cancel the future on which every later wait depends.
        await asyncio.wait({closed}, timeout=limits.linger_seconds)
    finally:
        writer.transport.abort()
        await closed


async def _first_byte(sock: socket.socket) -> bytes:
    """Return the first byte without taking it, or nothing at the end of the stream."""
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()
    loop.add_reader(sock.fileno(), readable.set_result, None)
    try:
        await readable
    finally:
        loop.remove_reader(sock.fileno())
    return sock.recv(1, socket.MSG_PEEK)


async def _streams(
    sock: socket.socket, tls: ssl.SSLContext | None, limits: Limits
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=max(limits.head_bytes, _BLOCK), loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    transport, _ = await loop.connect_accepted_socket(
        lambda: protocol,
        sock,
        ssl=tls,
        ssl_handshake_timeout=limits.head_seconds if tls else None,
        ssl_shutdown_timeout=limits.linger_seconds if tls else None,
    )
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def _serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, service: Service, scheme: str
) -> None:
    def go_on() -> None:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    while True:
        method = ""
        reply: Answer | Tunnel
        try:
            request = await read_request(reader, scheme=scheme, limits=service.limits, go_on=go_on)
            if request is None:
                return
            method = request.method
            reply = service.respond(request)
            closes = not request.keeps_alive
        except BadRequestError as error:
            reply = error_page(
                error.status,
                error.reason,
                server=service.name,
                now=service.now,
                detail=error.detail,
            )
            closes = True
        if isinstance(reply, Tunnel):
            await _serve_tunnel(reader, writer, reply.service)
            return
        closes = closes or reply.closes
        await _write(writer, reply.to_bytes(method=method, closes=closes), service.limits)
        if closes:
            await _linger(reader, writer, service.limits)
            return


async def _write(writer: asyncio.StreamWriter, data: bytes, limits: Limits) -> None:
    writer.write(data)
    async with asyncio.timeout(limits.body_seconds):
        await writer.drain()


async def _linger(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limits: Limits
) -> None:
    """End our side, then read away what the client still sends.

    A socket closed over unread data resets the connection, which can take the answer with it
    (RFC 9112 section 9.6).
    """
    if not writer.can_write_eof():
        return  # TLS has no half-close here: its closure alert is sent when it is closed
    writer.write_eof()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(limits.linger_seconds):
            while await reader.read(_BLOCK):
                pass


async def _serve_tunnel(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, service: Service
) -> None:
    """Join the client with `service` over a socket pair: no address is ever connected to."""
    await _write(writer, b"HTTP/1.1 200 Connection established\r\n\r\n", service.limits)
    near, far = socket.socketpair()
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(serve_socket(far, service))
        near.setblocking(False)  # noqa: FBT003 - the standard library's signature
        inner_reader, inner_writer = await _streams(near, None, service.limits)
        upward = group.create_task(_pump(reader, inner_writer))
        try:
            await _pump(inner_reader, writer)
            upward.cancel()
            await serving
        finally:
            inner_writer.transport.abort()
            with contextlib.suppress(OSError):
                await inner_writer.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until the end of `reader` and pass the end on."""
    with contextlib.suppress(OSError):
        while block := await reader.read(_BLOCK):
            writer.write(block)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
