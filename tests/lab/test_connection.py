from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Callable

import pytest
from lab.wire import NOON_DATE, Wire, connected, noon, run

from harness.lab.certificates import Certificates
from harness.lab.connection import Service, Tunnel, serve_socket
from harness.lab.http_message import Answer, Request
from harness.lab.limits import Limits
from harness.lab.listener import Listeners

CERTIFICATES = Certificates()
GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def echo(asked: Request) -> Answer:
    body = f"{asked.scheme} {asked.method} {asked.target} ".encode() + asked.body
    return Answer(200, "OK", (("Content-Length", str(len(body))),), body)


def service(
    respond: Callable[[Request], Answer | Tunnel] = echo, limits: Limits | None = None
) -> Service:
    return Service(
        name="openresty",
        respond=respond,
        tls=lambda: CERTIFICATES.server_context(["127.0.0.1"]),
        now=noon,
        limits=limits or Limits(),
    )


@contextlib.asynccontextmanager
async def serving(**kind: object) -> AsyncIterator[tuple[str, int]]:
    async with Listeners() as listeners:
        yield listeners.listen(service(**kind))  # type: ignore[arg-type]


def test_a_connection_serves_one_request_after_the_other() -> None:
    async def steps() -> list[bytes]:
        async with serving() as address, connected(address) as wire:
            post = "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
            return [(await wire.ask(raw)).body for raw in (GET, post, GET)]

    assert run(steps()) == [b"http GET / ", b"http POST /b abc", b"http GET / "]


def test_requests_sent_ahead_are_answered_in_order() -> None:
    async def steps() -> list[bytes]:
        async with serving() as address, connected(address) as wire:
            wire.writer.write((GET + GET.replace("/ ", "/2 ", 1)).encode())
            return [(await wire.receive()).body for _ in range(2)]

    assert run(steps()) == [b"http GET / ", b"http GET /2 "]


def test_one_port_serves_tls_and_plain_http_and_each_host_its_own_leaf() -> None:
    async def leaf(address: tuple[str, int], name: str) -> tuple[bytes, str]:
        context = CERTIFICATES.client_context()
        async with connected(address, tls=context, name=name) as wire:
            tls: ssl.SSLObject = wire.writer.get_extra_info("ssl_object")
            names = (tls.getpeercert() or {})["subjectAltName"]
            return (await wire.ask(GET)).body, str(names[0][1])  # type: ignore[index]

    async def steps() -> list[tuple[bytes, str]]:
        hosts = ("api.deepseek.com", "127.0.0.1", "other.example", "api.deepseek.com")
        async with serving() as address:
            secure = [await leaf(address, host) for host in hosts]
            async with connected(address) as wire:
                return [*secure, ((await wire.ask(GET)).body, "plain")]

    body = b"https GET / "
    assert run(steps()) == [
        (body, "api.deepseek.com"),
        (body, "127.0.0.1"),
        (body, "other.example"),
        (body, "api.deepseek.com"),
        (b"http GET / ", "plain"),
    ]


def test_a_client_that_trusts_others_is_refused_by_itself_and_nobody_else_suffers() -> None:
    async def steps() -> bytes:
        async with serving() as address:
            with pytest.raises(ssl.SSLCertVerificationError):
                async with connected(address, tls=ssl.create_default_context(), name="a.example"):
                    pass
            async with connected(address) as wire:
                return (await wire.ask(GET)).body

    assert run(steps()) == b"http GET / "


@pytest.mark.parametrize(
    ("version", "header"), [("1.1", "Connection: close"), ("1.0", "X-A: b"), ("1.0", "Host: a")]
)
def test_a_client_that_wants_no_more_gets_the_end(version: str, header: str) -> None:
    async def steps() -> tuple[str | None, bytes]:
        async with serving() as address, connected(address) as wire:
            reply = await wire.ask(f"GET / HTTP/{version}\r\n{header}\r\n\r\n")
            return reply.header("Connection"), await wire.rest()

    assert run(steps()) == ("close", b"")


def test_an_answer_that_closes_ends_the_connection() -> None:
    def closing(_: Request) -> Answer:
        return Answer(400, "Bad Request", (("Content-Length", "0"),), closes=True)

    async def steps() -> bytes:
        async with serving(respond=closing) as address, connected(address) as wire:
            wire.writer.write(GET.encode())
            return await wire.rest()

    expected = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    assert run(steps()) == expected


def test_head_gets_the_length_and_no_body() -> None:
    async def steps() -> tuple[str | None, bytes]:
        async with serving() as address, connected(address) as wire:
            head = await wire.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", body=False)
            return head.header("Content-Length"), (await wire.ask(GET)).body

    assert run(steps()) == ("12", b"http GET / ")


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(
    ("raw", "title", "detail"),
    [
        (b"GET / HTTP/1.1\r\nAuthorization : x\r\n\r\n", "400 Bad Request", b""),
        (b"nonsense\r\n\r\n", "400 Bad Request", b""),
        (b"GET / HTTP/3.0\r\n\r\n", "505 HTTP Version Not Supported", b""),
        (
            b"GET / HTTP/1.1\r\nA: " + b"x" * 70_000 + b"\r\n\r\n",
            "400 Bad Request",
            b"<center>Request Header Or Cookie Too Large</center>\r\n",
        ),
    ],
)
def test_a_malformed_request_is_answered_as_nginx_does_and_closed(
    raw: bytes, title: str, detail: bytes, *, tls: bool
) -> None:
    async def steps() -> bytes:
        context = CERTIFICATES.client_context() if tls else None
        async with (
            serving() as address,
            connected(address, tls=context, name="a.example") as wire,
        ):
            wire.writer.write(raw + b"more that nobody reads" * 100)
            return await wire.rest()

    head, _, body = run(steps()).partition(b"\r\n\r\n")
    name = title.encode()
    assert body == (
        b"<html>\r\n<head><title>" + name + b"</title></head>\r\n<body>\r\n"
        b"<center><h1>" + name + b"</h1></center>\r\n" + detail + b"<hr><center>openresty"
        b"</center>\r\n</body>\r\n</html>\r\n"
    )
    assert head.decode().split("\r\n") == [
        f"HTTP/1.1 {title}",
        "Server: openresty",
        f"Date: {NOON_DATE}",
        "Content-Type: text/html",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]


def test_a_client_that_waits_for_100_continue_gets_it() -> None:
    async def steps() -> tuple[bytes, bytes]:
        async with serving() as address, connected(address) as wire:
            wire.writer.write(
                b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
            )
            interim = await wire.reader.readuntil(b"\r\n\r\n")
            return interim, (await wire.ask("abc")).body

    assert run(steps()) == (b"HTTP/1.1 100 Continue\r\n\r\n", b"http POST / abc")


@pytest.mark.parametrize("raw", [b"", b"G", b"GET / HTTP/1.1\r\nA: ", b"\x16", b"\x16\x03\x01"])
def test_a_client_that_stalls_is_dropped_without_a_word(raw: bytes) -> None:
    limits = Limits(idle_seconds=0.05, head_seconds=0.05, linger_seconds=0.05)

    async def steps() -> bytes:
        async with serving(limits=limits) as address, connected(address) as wire:
            wire.writer.write(raw)
            with contextlib.suppress(ConnectionResetError):
                return await wire.rest()
            return b""

    assert run(steps()) == b""


def test_a_client_that_sends_byte_by_byte_is_served() -> None:
    async def steps() -> bytes:
        async with serving() as address, connected(address) as wire:
            sock = wire.writer.get_extra_info("socket")
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for index in range(len(GET)):
                wire.writer.write(GET[index : index + 1].encode())
                await wire.writer.drain()
            return (await wire.receive()).body

    assert run(steps()) == b"http GET / "


def test_a_big_answer_reaches_a_client_that_reads_late() -> None:
    size = 8 * 1024 * 1024

    def big(_: Request) -> Answer:
        return Answer(200, "OK", (("Content-Length", str(size)),), b"x" * size, closes=True)

    async def steps() -> int:
        async with serving(respond=big) as address, connected(address) as wire:
            wire.writer.write(GET.encode())
            await wire.reader.readuntil(b"\r\n\r\n")
            return len(await wire.rest())

    assert run(steps()) == size


def test_a_client_that_never_reads_is_given_up() -> None:
    size = 32 * 1024 * 1024

    def big(_: Request) -> Answer:
        return Answer(200, "OK", (("Content-Length", str(size)),), b"x" * size)

    async def steps() -> bool:
        near, far = socket.socketpair()
        limits = Limits(body_seconds=0.05)
        near.sendall(GET.encode())
        with near:
            await serve_socket(far, service(big, limits))
            return far.fileno() == -1

    assert run(steps())


def test_a_client_that_closes_at_once_leaves_nothing_behind() -> None:
    async def steps() -> int:
        near, far = socket.socketpair()
        near.close()
        await serve_socket(far, service())
        return far.fileno()

    assert run(steps()) == -1


def test_a_fault_of_the_lab_itself_is_not_hidden() -> None:
    def broken(_: Request) -> Answer:
        raise ZeroDivisionError

    async def steps() -> None:
        near, far = socket.socketpair()
        with near:
            near.sendall(GET.encode())
            await serve_socket(far, service(broken))

    with pytest.raises(ZeroDivisionError):
        run(steps())


def tunnelling(_: Request) -> Tunnel:
    return Tunnel(service())


async def _open_tunnel(wire: Wire) -> None:
    reply = await wire.ask("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n")
    assert reply.status_line == "HTTP/1.1 200 Connection established"


def test_a_tunnel_carries_plain_http() -> None:
    async def steps() -> list[bytes]:
        async with serving(respond=tunnelling) as address, connected(address) as wire:
            await _open_tunnel(wire)
            return [(await wire.ask(GET)).body for _ in range(2)]

    assert run(steps()) == [b"http GET / "] * 2


def test_a_tunnel_carries_tls_even_inside_tls() -> None:
    async def steps() -> bytes:
        context = CERTIFICATES.client_context()
        async with (
            serving(respond=tunnelling) as address,
            connected(address, tls=context, name="proxy.example") as wire,
        ):
            await _open_tunnel(wire)
            await wire.start_tls(context, "a.example")
            return (await wire.ask(GET)).body

    assert run(steps()) == b"https GET / "


def test_a_tunnel_ends_when_what_is_behind_it_ends() -> None:
    async def steps() -> tuple[bytes, bytes]:
        async with serving(respond=tunnelling) as address, connected(address) as wire:
            await _open_tunnel(wire)
            reply = await wire.ask("GET / HTTP/1.0\r\n\r\n")
            return reply.body, await wire.rest()

    assert run(steps()) == (b"http GET / ", b"")


def test_a_tunnel_ends_when_the_client_ends() -> None:
    async def steps() -> bytes:
        async with serving(respond=tunnelling) as address, connected(address) as wire:
            await _open_tunnel(wire)
            wire.writer.write_eof()
            return await wire.rest()

    assert run(steps()) == b""


@pytest.mark.parametrize("raw", [b"", b"GET", b"\x16"])
def test_a_tunnel_that_stalls_ends(raw: bytes) -> None:
    limits = Limits(idle_seconds=0.05, head_seconds=0.05)

    def respond(_: Request) -> Tunnel:
        return Tunnel(service(limits=limits))

    async def steps() -> bytes:
        async with serving(respond=respond) as address, connected(address) as wire:
            await _open_tunnel(wire)
            wire.writer.write(raw)
            return await wire.rest()

    assert run(steps()) == b""


def test_a_fault_of_the_lab_inside_a_tunnel_is_not_hidden() -> None:
    def broken(_: Request) -> Answer:
        raise ZeroDivisionError

    async def steps() -> None:
        near, far = socket.socketpair()
        with near:
            near.sendall(b"CONNECT a:1 HTTP/1.1\r\n\r\n" + GET.encode())
            await serve_socket(far, service(lambda _: Tunnel(service(broken))))

    with pytest.raises(ExceptionGroup) as caught:
        run(steps())
    assert caught.group_contains(ZeroDivisionError)


@pytest.mark.parametrize("state", ["accepted", "handshake", "idle", "tunnel", "sending"])
def test_ending_the_service_ends_every_connection_whatever_its_state(state: str) -> None:
    async def steps() -> bytes:
        async with contextlib.AsyncExitStack() as clients:
            respond = tunnelling if state == "tunnel" else echo
            async with serving(respond=respond) as address:
                wire = await clients.enter_async_context(connected(address))
                if state == "handshake":
                    wire.writer.write(b"\x16\x03\x01")
                elif state == "idle":
                    await wire.ask(GET)
                elif state == "tunnel":
                    await _open_tunnel(wire)
                elif state == "sending":
                    wire.writer.write(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc")
                    await wire.writer.drain()
                for _ in range(5):  # let the server take notice
                    await asyncio.sleep(0)
            with contextlib.suppress(ConnectionResetError):
                return await wire.rest()
            return b""

    assert run(steps()) == b""
