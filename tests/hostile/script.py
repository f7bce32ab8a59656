"""What a hostile server does on a connection, in words that a catalogue can be written in."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable

After = Callable[[asyncio.StreamReader], Awaitable[bytes]]
Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""Handles one connection; the listener closes it afterwards."""

_DRIP_SECONDS = 0.2
_FLOOD_PAUSE_SECONDS = 0.002
_PAUSE_SECONDS = 0.3
_LONGEST_READ = 1 << 16


async def read_head(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


def answers(*pieces: bytes) -> Script:
    """Read the request, write the pieces, close."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return script


def answers_later(head: bytes, body: bytes) -> Script:
    """Write the body when the head is through: a client that reads heads has seen it."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(head)
        await writer.drain()
        await asyncio.sleep(_PAUSE_SECONDS)
        writer.write(body)
        await writer.drain()

    return script


def greets(banner: bytes) -> Script:
    """Speak first, as servers of other protocols do, and wait for the client to leave."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(banner)
        await _until_gone(reader)

    return script


def holds(start: bytes = b"") -> Script:
    """Read the request, write the start of an answer, and say no more."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(start)
        await _until_gone(reader)

    return script


def drips(start: bytes, slowly: bytes) -> Script:
    """Write `start`, then one byte of `slowly` at a time, for as long as somebody listens."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(start)
        while True:
            for value in slowly:
                writer.write(bytes((value,)))
                await writer.drain()
                await asyncio.sleep(_DRIP_SECONDS)

    return script


def floods(start: bytes, again: bytes) -> Script:
    """Write `start`, let it arrive, then write `again` without end."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(start)
        await asyncio.sleep(_PAUSE_SECONDS)
        while True:
            writer.write(again)
            await _drained(writer)

    return script


def repeats(start: bytes, again: bytes, times: int, end: bytes = b"") -> Script:
    """Write `start`, `again` so many times, `end`, and close."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(start)
        for _ in range(times):
            writer.write(again)
            await _drained(writer)
        writer.write(end)

    return script


def resets(
    start: bytes = b"", *, after: Callable[[asyncio.StreamReader], Awaitable[bytes]]
) -> Script:
    """Read with `after`, write `start`, then cut the connection with a TCP reset."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await after(reader)
        writer.write(start)
        await writer.drain()
        await asyncio.sleep(_PAUSE_SECONDS)  # the bytes must not be overtaken by the reset
        reset(writer)

    return script


def reset(writer: asyncio.StreamWriter) -> None:
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def nothing(_reader: asyncio.StreamReader) -> bytes:
    return b""


async def one_byte(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly(1)


async def leaves(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Close at once."""


async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Accept, read, say nothing."""
    await _until_gone(reader)


async def _drained(writer: asyncio.StreamWriter) -> None:
    """Wait for the buffer, then a little: all servers share a process, and the machine."""
    await writer.drain()
    await asyncio.sleep(_FLOOD_PAUSE_SECONDS)


async def _until_gone(reader: asyncio.StreamReader) -> None:
    while await reader.read(_LONGEST_READ):
        pass
