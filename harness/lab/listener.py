"""Listening sockets on 127.0.0.1 and the tasks that serve what they accept."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Coroutine
from types import TracebackType
from typing import Self

from harness.lab.connection import Service, serve_socket

LOOPBACK = "127.0.0.1"
_BACKLOG = 512


class Listeners:
    """Every server of a world, alive inside `async with`; all tasks belong to one group."""

    def __init__(self) -> None:
        """Start with none."""
        self._group = asyncio.TaskGroup()
        self._sockets: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def listen(self, service: Service) -> tuple[str, int]:
        """Start serving on a free port and return its address."""
        sock = self._bind()
        sock.listen(_BACKLOG)
        self._start(self._accept(sock, service))
        return _address(sock)

    def refuse(self) -> tuple[str, int]:
        """Return an address that refuses every connection for as long as this world lasts.

        The port is bound, so nobody else can get it, and nothing listens on it.
        """
        return _address(self._bind())

    async def __aenter__(self) -> Self:
        """Open the group."""
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop accepting, cancel what is being served and wait until nothing is left."""
        for task in self._tasks:
            task.cancel()
        try:
            if isinstance(error, asyncio.CancelledError):
                await self._group.__aexit__(kind, error, trace)
            else:
                # The group would wrap an error of the block that it had no part in.
                await self._group.__aexit__(None, None, None)
        finally:
            # Not before: the loop lets go of a socket only when its task has ended.
            for sock in self._sockets:
                sock.close()

    def _bind(self) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._sockets.append(sock)
        sock.setblocking(False)  # noqa: FBT003 - the standard library's signature
        sock.bind((LOOPBACK, 0))
        return sock

    async def _accept(self, sock: socket.socket, service: Service) -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(sock)
            self._start(serve_socket(connection, service))

    def _start(self, serving: Coroutine[None, None, None]) -> None:
        task = self._group.create_task(serving)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _address(sock: socket.socket) -> tuple[str, int]:
    host, port = sock.getsockname()
    return str(host), int(port)
