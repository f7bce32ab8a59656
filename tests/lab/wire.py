"""A client that writes and reads bytes, so that tests see what is on the wire."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import ssl
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import TypeVar

from harness.lab.http_message import Request

T = TypeVar("T")
NOON = 1_700_000_000.0
NOON_DATE = "Tue, 14 Nov 2023 22:13:20 GMT"


def run(steps: Coroutine[None, None, T]) -> T:
    """Run to the end within ten seconds; what it forgot to close becomes a warning here."""

    async def bounded() -> T:
        async with asyncio.timeout(10):
            return await steps

    result = asyncio.run(bounded())
    gc.collect(1)  # the young are enough to find what this run left, and a tenth of the time
    return result


def noon() -> float:
    return NOON


def request(target: str = "/", *headers: tuple[str, str], **fields: object) -> Request:
    known: dict[str, object] = {
        "method": "GET",
        "minor_version": 1,
        "body": b"",
        "scheme": "https",
    }
    pairs = (("Host", "api.example.com"), *headers)
    return Request(target=target, headers=pairs, **(known | fields))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Reply:
    status_line: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def status(self) -> int:
        return int(self.status_line.split()[1])

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.headers]


@dataclass
class Wire:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, raw: str | bytes, *, body: bool = True) -> Reply:
        self.writer.write(raw.encode() if isinstance(raw, str) else raw)
        return await self.receive(body=body)

    async def receive(self, *, body: bool = True) -> Reply:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("utf-8", "surrogateescape")
        status_line, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
        headers = tuple((name, value) for name, _, value in (x.partition(": ") for x in lines))
        reply = Reply(status_line, headers, b"")
        length = int(reply.header("Content-Length") or 0) if body else 0
        return Reply(status_line, headers, await self.reader.readexactly(length))

    async def rest(self) -> bytes:
        return await self.reader.read()

    async def start_tls(self, context: ssl.SSLContext, name: str) -> None:
        await self.writer.start_tls(context, server_hostname=name)


@contextlib.asynccontextmanager
async def connected(
    address: tuple[str, int], *, tls: ssl.SSLContext | None = None, name: str | None = None
) -> AsyncIterator[Wire]:
    reader, writer = await asyncio.open_connection(
        *address, ssl=tls, server_hostname=name if tls else None
    )
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def ask(
    address: tuple[str, int],
    raw: str | bytes,
    *,
    tls: ssl.SSLContext | None = None,
    name: str | None = None,
) -> Reply:
    async with connected(address, tls=tls, name=name) as wire:
        return await wire.ask(raw)


def get(path: str = "/models", host: str = "api.deepseek.com", *lines: str) -> str:
    return "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}", *lines, "", ""])
