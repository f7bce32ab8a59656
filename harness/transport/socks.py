"""SOCKS5 (RFC 1928, RFC 1929): ask a proxy for a connection, before anything else is sent.

`greet` is a generator without I/O: it yields bytes to send and how many are wanted back. What
the proxy says is kept as facts, and a refusal names the step at which it came.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

from harness.model.exchange import PROXY_LOGIN, Failure, Phase
from harness.model.request import ProxyHop
from harness.model.wire import SocksAsk, SocksFacts

_VERSION = 5
_LOGIN_VERSION = 1
_CONNECT = 1
_NO_LOGIN = 0
_LOGIN = 2
_NONE_OF_THEM = 255
_IPV4, _NAME, _IPV6 = 1, 3, 4
_LONGEST = 255
"""Bytes: user name, password and host name each have a length of one byte."""

_REPLIES = {
    1: "a general failure",
    2: "its rules do not allow it",
    3: "the network cannot be reached",
    4: "the host cannot be reached",
    5: "the host refused the connection",
    6: "it took too long",
    7: "it does not know CONNECT",
    8: "it does not know this kind of address",
}

_SHORTEST_ANSWER = 2

Note = Callable[[SocksFacts], None]


@dataclass(frozen=True, slots=True)
class Want:
    """Bytes to send, and how many to read before the next step."""

    send: bytes
    read: int


class SocksError(Exception):
    """The proxy gave no connection; `failure` says why, in words without a secret."""

    def __init__(self, kind: str, words: str, phase: Phase = Phase.PROXY) -> None:
        """Take a stable word and what is shown."""
        super().__init__(words)
        self.failure = Failure(phase, kind, words)


async def open_socks(
    connection: socket.socket, proxy: ProxyHop, target: tuple[str, int], note: Note
) -> None:
    """Speak SOCKS5 on a connected, non-blocking socket; afterwards it leads to `target`.

    `note` is told the facts as far as they have come.

    Raises:
        SocksError: the proxy refused, hung up, or does not speak SOCKS5.
        OSError: the connection broke.
    """
    loop = asyncio.get_running_loop()
    steps = greet(proxy, target, note)
    want = next(steps)
    while True:
        if want.send:
            await loop.sock_sendall(connection, want.send)
        data = b""
        while len(data) < want.read:
            more = await loop.sock_recv(connection, want.read - len(data))
            if not more and len(data) < _SHORTEST_ANSWER:
                raise SocksError("disconnected", "the proxy closed the connection during SOCKS")
            # Some proxies cut a refusal short: what it says stands in its first two bytes.
            data = data + more if more else data.ljust(want.read, b"\0")
        try:
            want = steps.send(data)
        except StopIteration:
            return


def asked(host: str) -> SocksAsk:
    """Tell what a proxy is told by this host."""
    return SocksAsk.NAME if _address(host) is None else SocksAsk.ADDRESS


def greet(proxy: ProxyHop, target: tuple[str, int], note: Note) -> Generator[Want, bytes, None]:
    """Yield what is sent and wanted, step by step, until the connection stands.

    Raises:
        SocksError: the proxy refused, or does not speak SOCKS5.
    """
    methods = (_NO_LOGIN,) if _is_anonymous(proxy) else (_NO_LOGIN, _LOGIN)
    login, request = _login(proxy), _request(*target)
    facts = SocksFacts(asked(target[0]), methods)
    note(facts)
    version, method = yield Want(bytes((_VERSION, len(methods), *methods)), 2)
    if version != _VERSION:
        raise SocksError("not-socks", "what the proxy answered is not SOCKS5")
    facts = replace(facts, method=method)
    note(facts)
    if method == _LOGIN and _LOGIN in methods:
        _, status = yield Want(login, 2)
        facts = replace(facts, login=status)
        note(facts)
        if status:
            raise SocksError(PROXY_LOGIN, "the proxy refused the user name and the password")
    elif method == _NONE_OF_THEM:
        raise SocksError(PROXY_LOGIN, _wants(methods))
    elif method != _NO_LOGIN:
        raise SocksError("not-socks", "the proxy chose a way to log in that was not offered")
    version, reply, _, kind, first = yield Want(request, 5)
    if version != _VERSION:
        raise SocksError("not-socks", "what the proxy answered is not SOCKS5")
    note(replace(facts, reply=reply))
    if reply:
        why = _REPLIES.get(reply, f"reply {reply}")
        raise SocksError("proxy-refused", f"the proxy gave no connection to the host: {why}")
    rest = {_IPV4: 3, _IPV6: 15, _NAME: first}.get(kind)
    if rest is None:
        raise SocksError("not-socks", "what the proxy answered is not SOCKS5")
    yield Want(b"", rest + 2)


def _wants(methods: tuple[int, ...]) -> str:
    if _LOGIN in methods:
        return "the proxy accepts neither a user name with a password nor none"
    return "the proxy wants a user name and a password"


def _is_anonymous(proxy: ProxyHop) -> bool:
    return proxy.username is None and proxy.password is None


def _login(proxy: ProxyHop) -> bytes:
    user = proxy.username.to_bytes() if proxy.username else b""
    password = proxy.password.to_bytes() if proxy.password else b""
    if len(user) > _LONGEST or len(password) > _LONGEST:
        words = "SOCKS has room for 255 bytes of a user name and of a password"
        raise SocksError("too-long", words, Phase.NOT_SENT)
    return bytes((_LOGIN_VERSION, len(user))) + user + bytes((len(password),)) + password


def _request(host: str, port: int) -> bytes:
    address = _address(host)
    if address is not None:
        kind = _IPV4 if address.version == 4 else _IPV6  # noqa: PLR2004 - the IP version
        place = bytes((kind,)) + address.packed
    else:
        name = host.encode("ascii")
        if len(name) > _LONGEST:
            words = "SOCKS has room for 255 bytes of a host name"
            raise SocksError("too-long", words, Phase.NOT_SENT)
        place = bytes((_NAME, len(name))) + name
    return bytes((_VERSION, _CONNECT, 0)) + place + port.to_bytes(2)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
