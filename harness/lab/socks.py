"""The server's side of SOCKS5 (RFC 1928, RFC 1929), on a socket that a client has connected."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from typing import NoReturn

_NO_LOGIN, _LOGIN, _NONE_OF_THEM = 0, 2, 255
_CONNECT = 1
_IPV4, _NAME, _IPV6 = 1, 3, 4
_SIZES = {_IPV4: 4, _IPV6: 16}
_UNKNOWN_COMMAND, _UNKNOWN_ADDRESS = 7, 8
_NOWHERE = bytes((0, _IPV4, 0, 0, 0, 0, 0, 0))
"""What follows a status: the address that the proxy connects from, which nobody needs."""

IsGood = Callable[[str], bool]


async def accept_socks(sock: socket.socket, is_good: IsGood | None) -> str:
    """Greet a client and return the host that it wants.

    With `is_good` the client must log in, with any name and a password that is good.

    Raises:
        OSError: the client was refused, or hung up.
    """
    client = _Client(sock)
    _, count = await client.read(2)
    offered = await client.read(count)
    method = _NO_LOGIN if is_good is None else _LOGIN
    if method not in offered:
        await client.refuse(5, _NONE_OF_THEM)
    await client.write(5, method)
    if is_good is not None:
        await _log_in(client, is_good)
    return await _wanted(client)


class _Client:
    """Reads and writes bytes on the socket, never more than asked for."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._loop = asyncio.get_running_loop()

    async def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = await self._loop.sock_recv(self._sock, size - len(data))
            if not more:
                raise ConnectionAbortedError("the client hung up")
            data += more
        return data

    async def text(self) -> str:
        """Read a text with its length before it."""
        (size,) = await self.read(1)
        return (await self.read(size)).decode("utf-8", "surrogateescape")

    async def write(self, *octets: int, rest: bytes = b"") -> None:
        await self._loop.sock_sendall(self._sock, bytes(octets) + rest)

    async def refuse(self, *octets: int, rest: bytes = b"") -> NoReturn:
        await self.write(*octets, rest=rest)
        raise ConnectionAbortedError("the client was refused")


async def _log_in(client: _Client, is_good: IsGood) -> None:
    await client.read(1)
    await client.text()
    if not is_good(await client.text()):
        await client.refuse(1, 1)
    await client.write(1, 0)


async def _wanted(client: _Client) -> str:
    _, command, _, kind = await client.read(4)
    if kind == _NAME:
        host = await client.text()
    elif kind in _SIZES:
        host = str(ipaddress.ip_address(await client.read(_SIZES[kind])))
    else:
        await client.refuse(5, _UNKNOWN_ADDRESS, rest=_NOWHERE)
    await client.read(2)
    if command != _CONNECT:
        await client.refuse(5, _UNKNOWN_COMMAND, rest=_NOWHERE)
    await client.write(5, 0, rest=_NOWHERE)
    return host
