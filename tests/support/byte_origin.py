"""An origin, an HTTP and a SOCKS proxy that log every byte and answer with exact bytes."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import trustme

PLAIN_ANSWER = b"HTTP/1.1 401 No\r\nContent-Length: 2\r\nX-a: 1\r\nx-A: 2\r\n\r\nno"
SOCKS_GREETING = b"\x05\x01\x00"
TUNNEL_OPEN = b"HTTP/1.1 200 Tunnel\r\nVia: 1.1 p\r\n\r\n"


@dataclass
class Log:
    """What one connection brought; `connect` is the head of CONNECT."""

    received: bytearray = field(default_factory=bytearray)
    connect: bytes = b""


@dataclass
class ByteOrigin:
    """Answers once the request ends with `ending`; then reads on until the client hangs up."""

    server_tls: ssl.SSLContext
    port: int = 0
    ending: bytes = b"\r\n\r\n"
    answer: bytes = PLAIN_ANSWER
    keeps_open: bool = True
    tls_behind_socks: bool = False
    logs: list[Log] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        log = Log()
        self.logs.append(log)
        try:
            await self._serve(reader, writer, log)
        except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()
            self.ended.set()

    async def _serve(self, reader, writer, log) -> None:
        data = await reader.read(1 << 16)
        if data == SOCKS_GREETING:
            writer.write(b"\x05\x00")
            await reader.read(1 << 16)
            writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50")
            await writer.drain()
            if self.tls_behind_socks:
                await writer.start_tls(self.server_tls)
            data = await reader.read(1 << 16)
        if data.startswith(b"CONNECT "):
            log.connect = data
            writer.write(TUNNEL_OPEN)
            await writer.drain()
            await writer.start_tls(self.server_tls)
            data = await reader.read(1 << 16)
        while data:
            log.received += data
            if log.received.endswith(self.ending):
                break
            data = await reader.read(1 << 16)
        writer.write(self.answer)
        await writer.drain()
        if self.keeps_open:
            while data := await reader.read(1 << 16):
                log.received += data


@asynccontextmanager
async def byte_origin(certificate: trustme.LeafCert, *, tls: bool) -> AsyncIterator[ByteOrigin]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    origin = ByteOrigin(context)
    listener = await asyncio.start_server(
        origin.handle, "127.0.0.1", 0, ssl=context if tls else None
    )
    async with listener:
        origin.port = listener.sockets[0].getsockname()[1]
        yield origin
