"""Connect a socket to the first of some addresses that answers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from typing import Any

from harness.transport.route import ClosedRoute

AddressInfo = tuple[Any, ...]
"""Family, kind, protocol, canonical name and address, as `getaddrinfo` returns them."""


async def connect_first(found: Iterable[AddressInfo], route: ClosedRoute | None) -> socket.socket:
    """Return a connected, non-blocking socket; an address outside `route` is not tried.

    Raises:
        OSError: none answers; the reason of the last one.
    """
    failed: OSError | None = None
    for family, kind, protocol, _, address in found:
        try:
            return await _connect(family, kind, protocol, address, route)
        except OSError as error:
            failed = error
    raise failed or OSError("no address")


async def _connect(
    family: int, kind: int, protocol: int, address: tuple[Any, ...], route: ClosedRoute | None
) -> socket.socket:
    if route is not None:
        route.check((str(address[0]), int(address[1])))
    connection = socket.socket(family, kind, protocol)
    try:
        connection.setblocking(False)  # noqa: FBT003 - the signature of the standard library
        await asyncio.get_running_loop().sock_connect(connection, address)
    except BaseException:
        connection.close()
        raise
    return connection
