from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest

from harness.lab.socks import accept_socks

LOGIN = b"\x01\x01u\x04good"


def held(said: bytes, *, login: bool = False) -> tuple[str | None, bytes]:
    """Let a client say all at once; return the host that it asked for, and what it was told."""

    async def main() -> tuple[str | None, bytes]:
        client, server = socket.socketpair()
        with client, server:
            server.setblocking(False)  # noqa: FBT003 - the standard library's signature
            client.sendall(said)
            client.shutdown(socket.SHUT_WR)
            host = None
            with contextlib.suppress(ConnectionAbortedError):
                host = await accept_socks(server, "good".__eq__ if login else None)
            server.close()
            return host, client.recv(100)

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("place", "host"),
    [
        (b"\x03\x06a.test", "a.test"),
        (b"\x01\x7f\x00\x00\x01", "127.0.0.1"),
        (b"\x04" + b"\0" * 15 + b"\x01", "::1"),
    ],
)
def test_a_host_is_asked_for_by_name_or_address(place: bytes, host: str) -> None:
    said = b"\x05\x01\x00" + b"\x05\x01\x00" + place + b"\x01\xbb"
    assert held(said) == (host, b"\x05\x00" + b"\x05\x00\x00\x01\0\0\0\0\0\0")


def test_a_login_is_looked_at() -> None:
    ask = b"\x05\x01\x00\x03\x01a\x00\x50"
    assert held(b"\x05\x01\x02" + LOGIN + ask, login=True)[0] == "a"
    bad = held(b"\x05\x01\x02" + LOGIN.replace(b"good", b"poor") + ask, login=True)
    assert bad == (None, b"\x05\x02\x01\x01")


def test_who_offers_no_login_is_refused_where_one_is_wanted() -> None:
    assert held(b"\x05\x01\x00", login=True) == (None, b"\x05\xff")


@pytest.mark.parametrize(
    ("request_", "status"),
    [(b"\x05\x02\x00\x03\x01a\x00\x50", 7), (b"\x05\x01\x00\x09", 8)],
)
def test_what_is_not_known_is_refused(request_: bytes, status: int) -> None:
    host, told = held(b"\x05\x01\x00" + request_)
    assert (host, told[2:4]) == (None, bytes((5, status)))


def test_a_client_that_hangs_up_is_none() -> None:
    assert held(b"\x05") == (None, b"")
