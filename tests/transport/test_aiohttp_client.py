"""The aiohttp client against real sockets on loopback."""

import asyncio
import gzip
import socket
from collections.abc import Awaitable, Callable

import pytest
import trustme
from support.http_server import answer, byte_server
from support.made_keys import made_key, made_secret

from harness.model.exchange import Attempt, Phase
from harness.model.request import ProxyHop, RedirectPolicy, SignedRequest
from harness.transport.aiohttp_client import AiohttpTransport
from harness.transport.answer_reader import BODY_LIMIT
from harness.transport.route import ClosedRoute

KEY = made_key("transport")


def request(url: str, **fields) -> SignedRequest:
    return SignedRequest(
        **{
            "method": "GET",
            "url": url,
            "headers": (("Authorization", f"Bearer {KEY}"),),
            "body": None,
            "proxy": None,
            "client": "aiohttp",
            "redirects": RedirectPolicy(),
            "timeout_seconds": 5.0,
            **fields,
        }
    )


def run(work: Callable[[AiohttpTransport], Awaitable[None]], **fields) -> None:
    async def main() -> None:
        transport = AiohttpTransport("test/1", **fields)
        try:
            await work(transport)
        finally:
            await transport.close()

    asyncio.run(main())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_answer_is_reported_whole():
    async def work(transport):
        async with byte_server(answer("401 Nope", b"no", "X-A: 1", "x-a: \xe9")) as server:
            attempt = await transport.send(request(f"{server.url}/a%2Fb?x=%7E&y"))
            assert attempt.response is not None
            assert (attempt.response.status, attempt.response.reason) == (401, "Nope")
            assert attempt.response.headers[1:] == (("X-A", "1"), ("x-a", "é"))
            assert attempt.response.body == b"no"
            assert not attempt.response.from_proxy
            assert attempt.failure is None
            assert server.received[0].split(b"\r\n")[0] == b"GET /a%2Fb?x=%7E&y HTTP/1.1"

    run(work)


def test_what_was_sent_is_what_the_server_saw():
    async def work(transport):
        async with byte_server(answer("200 OK")) as server:
            sent = request(server.url, headers=(("X-b", "1"), ("X-b", "2"), ("A", "é")))
            attempt = await transport.send(sent)
            lines = server.received[0].decode().split("\r\n")[1:-2]
            assert [f"{name}: {value}" for name, value in attempt.headers_sent] == lines
            assert lines[1:4] == ["X-b: 1", "X-b: 2", "A: é"]

    run(work)


def test_headers_of_ones_own_replace_the_automatic_ones():
    async def work(transport):
        async with byte_server(answer("200 OK")) as server:
            headers = (("user-agent", "me"), ("Accept", "x/y"), ("accept-encoding", "identity"))
            await transport.send(request(server.url, headers=headers, method="POST", body=b"abc"))
            head = server.received[0].lower()
            assert head.count(b"user-agent") == head.count(b"accept-encoding") == 1
            assert b"content-type" not in head

    run(work)


def test_a_body_is_sent_as_it_is():
    async def work(transport):
        bodies = []

        async def script(head, writer):
            bodies.append(head)
            writer.write(answer("200 OK"))

        async with byte_server(script) as server:
            await transport.send(request(server.url, method="POST", body=b'{"a":1}'))
            assert b"Content-Length: 7\r\n" in bodies[0]

    run(work)


def test_a_compressed_body_is_decoded_and_a_long_one_cut():
    async def work(transport):
        packed = gzip.compress(b"hello")
        async with byte_server(answer("200 OK", packed, "Content-Encoding: gzip")) as server:
            attempt = await transport.send(request(server.url))
            assert attempt.response is not None
            assert attempt.response.body == b"hello"
        async with byte_server(answer("401 No", b"x" * (BODY_LIMIT + 70_000))) as server:
            attempt = await transport.send(request(server.url))
            assert attempt.response is not None
            assert len(attempt.response.body) == BODY_LIMIT
            assert attempt.response.body_truncated

    run(work)


def test_redirects_are_not_followed_here_and_cookies_not_kept():
    async def work(transport):
        moved = answer("302 Found", b"", "Location: /elsewhere", "Set-Cookie: a=b")
        async with byte_server(moved) as server:
            for _ in range(2):
                attempt = await transport.send(request(server.url))
                assert attempt.response is not None
                assert attempt.response.status == 302
            assert b"cookie" not in server.received[1].lower()

    run(work)


async def failed(transport: AiohttpTransport, sent: SignedRequest) -> tuple[Phase, str]:
    attempt = await transport.send(sent)
    assert attempt.failure is not None
    assert KEY not in attempt.failure.message
    return attempt.failure.phase, attempt.failure.kind


@pytest.mark.parametrize(
    ("script", "phase", "kind"),
    [
        (b"", Phase.HEADERS, "disconnected"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", Phase.HEADERS, "not-http"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            Phase.HEADERS,
            "not-http",
        ),
    ],
)
def test_a_server_that_does_not_answer_in_http(script, phase, kind):
    async def work(transport):
        async with byte_server(script) as server:
            assert await failed(transport, request(server.url)) == (phase, kind)

    run(work)


@pytest.mark.parametrize(
    "broken",
    [
        b"HTTP/1.1 401 No\r\nContent-Length: 50\r\n\r\nabc",
        b"HTTP/1.1 401 No\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    ],
)
def test_a_head_counts_though_its_body_breaks(broken):
    async def work(transport):
        async with byte_server(broken) as server:
            attempt = await transport.send(request(server.url))
            assert attempt.response is not None
            assert attempt.response.status == 401
            assert attempt.response.body_truncated
            assert attempt.failure is not None
            assert (attempt.failure.phase, attempt.failure.kind) == (Phase.BODY, "bad-body")

    run(work)


def test_a_slow_server_ends_at_the_time_limit_with_its_head_kept():
    async def work(transport):
        async def stall(_head, writer):
            writer.write(b"HTTP/1.1 401 No\r\nContent-Length: 9\r\n\r\nabc")
            await writer.drain()
            await asyncio.sleep(5)

        async with byte_server(stall) as server:
            attempt = await transport.send(request(server.url, timeout_seconds=0.2))
            assert attempt.response is not None
            assert (attempt.response.status, attempt.response.body) == (401, b"abc")
            assert attempt.failure is not None
            assert (attempt.failure.phase, attempt.failure.kind) == (Phase.BODY, "timeout")

        async def silent(_head, _writer):
            await asyncio.sleep(5)

        async with byte_server(silent) as server:
            sent = request(server.url, timeout_seconds=0.2)
            assert await failed(transport, sent) == (Phase.HEADERS, "timeout")

    run(work)


def test_failures_to_connect_name_their_phase():
    async def work(transport):
        nobody = f"http://127.0.0.1:{free_port()}/"
        assert await failed(transport, request(nobody)) == (Phase.CONNECT, "not-connected")
        assert await failed(transport, request("http://no-such-host.invalid/")) == (
            Phase.DNS,
            "name-not-resolved",
        )
        through = request("http://x.test/", proxy=ProxyHop(nobody))
        assert await failed(transport, through) == (Phase.PROXY, "proxy-unreachable")

    run(work)


@pytest.mark.parametrize(
    "fields",
    [
        {"headers": (("Authorization", f"Bearer {KEY}\n"),)},
        {"headers": (("Authorization", f"Bearer {KEY}\r"),)},
        {"headers": (("Authorization", f"Bearer {KEY}\x00"),)},
        {"method": "G ET"},
    ],
)
def test_what_aiohttp_refuses_is_not_sent(fields):
    async def work(transport):
        async with byte_server(answer("200 OK")) as server:
            attempt = await transport.send(request(server.url, **fields))
            assert attempt.failure is not None
            assert (attempt.failure.phase, attempt.failure.kind) == (Phase.NOT_SENT, "unsendable")
            assert attempt.headers_sent == ()
            assert KEY not in attempt.failure.message
            assert server.received == []

    run(work)


@pytest.mark.parametrize(
    "url", ["nonsense", "ftp://x.test/", "http://", "http://[::1/", "file:///etc/x"]
)
def test_a_url_that_cannot_be_requested_is_not_sent(url):
    async def work(transport):
        phase, _ = await failed(transport, request(url))
        assert phase is Phase.NOT_SENT

    run(work)


def test_tls_failures_are_told_apart_from_connecting():
    authority = trustme.CA()
    served = authority.issue_cert("127.0.0.1")
    import ssl

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    served.configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)

    async def untrusted(transport):
        async with byte_server(answer("200 OK"), context) as server:
            url = server.url.replace("http:", "https:")
            assert await failed(transport, request(url)) == (Phase.TLS, "certificate-not-trusted")

    async def trusted(transport):
        async with byte_server(answer("200 OK"), context) as server:
            attempt = await transport.send(request(server.url.replace("http:", "https:")))
            assert attempt.response is not None

    run(untrusted)
    run(trusted, tls=lambda: trusting)


def test_a_proxy_that_refuses_is_told_from_the_origin_in_both_shapes():
    refusal = answer("407 Need Auth", b"", 'Proxy-Authenticate: Basic realm="p"')

    async def work(transport):
        async with byte_server(refusal) as proxy:
            for url in ("http://x.test/", "https://x.test/"):
                attempt = await transport.send(request(url, proxy=ProxyHop(proxy.url)))
                assert attempt.response is not None
                assert (attempt.response.status, attempt.response.from_proxy) == (407, True)
                assert dict(attempt.response.headers)["Proxy-Authenticate"] == 'Basic realm="p"'
        async with byte_server(answer("401 No")) as proxy:
            attempt = await transport.send(request("http://x.test/", proxy=ProxyHop(proxy.url)))
            assert attempt.response is not None
            assert not attempt.response.from_proxy

    run(work)


def test_connect_carries_no_credential_of_the_origin():
    secret = made_secret("proxy password")

    async def work(transport):
        async with byte_server(answer("502 Bad")) as proxy:
            hop = ProxyHop(proxy.url, secret, secret)
            sent = request(
                "https://x.test/", headers=(("Authorization", KEY), ("X-Api-Key", KEY)), proxy=hop
            )
            await transport.send(sent)
            head = proxy.received[0]
            assert head.startswith(b"CONNECT x.test:443")
            assert KEY.encode() not in head
            assert b"Proxy-Authorization: Basic " in head

    run(work)


def test_a_closed_route_maps_everything_and_reaches_nothing_else():
    async def work():
        async with (
            byte_server(answer("200 OK")) as inside,
            byte_server(answer("200 OK")) as outside,
        ):
            here = ("127.0.0.1", inside.port)
            route = ClosedRoute(lambda _host, _port: here, frozenset({here}))
            transport = AiohttpTransport("test/1", route=route)
            for url in ("http://api.test/", "http://203.0.113.9:81/", outside.url):
                attempt = await transport.send(request(url))
                assert attempt.response is not None
            assert len(inside.received) == 3
            await transport.close()
            there = ("127.0.0.1", outside.port)
            leaking = ClosedRoute(lambda _host, _port: there, frozenset({here}))
            transport = AiohttpTransport("test/1", route=leaking)
            attempt: Attempt = await transport.send(request("http://api.test/"))
            assert attempt.failure is not None
            assert attempt.failure.phase is Phase.CONNECT
            assert outside.received == []
            await transport.close()

    asyncio.run(work())


def test_a_dropped_connection_is_not_retried_in_silence():
    async def work(transport):
        async with byte_server(b"") as server:
            await transport.send(request(server.url))
            assert len(server.received) == 1

    run(work)


def test_closing_twice_is_harmless():
    async def work(transport):
        await transport.close()

    run(work)
