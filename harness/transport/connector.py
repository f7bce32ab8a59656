"""A connector that keeps no connection and, on a closed route, reaches nothing else."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from typing import Any

import aiohttp
from aiohttp.abc import ResolveResult

from harness.transport.route import ClosedRoute


class RoutedConnector(aiohttp.TCPConnector):
    """Resolves through the route, IP literals and proxies too.

    `_resolve_host` is aiohttp's own hook and private: the public resolver never sees IP
    literals. A conformance test names the releases on which the override was seen to work.
    The guard is public API (`socket_factory`): it refuses whatever the map did not foresee.
    """

    def __init__(self, route: ClosedRoute | None, tls: ssl.SSLContext | None) -> None:
        """Connect anew for each request: variants must not share a connection's state."""
        self._route = route
        super().__init__(
            force_close=True,
            limit=0,
            ssl=tls or True,
            resolver=aiohttp.ThreadedResolver(),
            socket_factory=None if route is None else self._guarded_socket,
        )

    async def _resolve_host(
        self, host: str, port: int, traces: Sequence[Any] | None = None
    ) -> list[ResolveResult]:
        if self._route is None:
            return await super()._resolve_host(host, port, traces)
        address, mapped = self._route.to(host, port)
        return [
            {
                "hostname": host,
                "host": address,
                "port": mapped,
                "family": socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
        ]

    def _guarded_socket(self, info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        assert self._route is not None
        if (address[0], address[1]) not in self._route.allowed:
            raise OSError("this run is closed: it may not connect to that address")
        return socket.socket(family, kind, protocol)
