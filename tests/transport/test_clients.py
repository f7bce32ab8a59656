"""What both clients must do alike, against real sockets on loopback."""

import asyncio
import dataclasses
import gzip
import socket
import ssl
from collections.abc import Awaitable, Callable

import pytest
import trustme
from support.http_server import answer, byte_server
from support.made_keys import made_key, made_secret

from harness.model.exchange import Attempt, Phase
from harness.model.request import ProxyHop, RedirectPolicy, SignedRequest, TlsSettings
from harness.ports import Transport
from harness.transport.aiohttp_client import AiohttpTransport
from harness.transport.answer_reader import BODY_LIMIT
from harness.transport.raw_client import RawTransport
from harness.transport.route import ClosedRoute

KEY = made_key("both clients")
BOTH = pytest.mark.parametrize("client", ["aiohttp", "raw"])
OK = answer("200 OK", b"fine")


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


def run(client: str, work: Callable[[Transport], Awaitable[None]], **fields) -> None:
    async def main() -> None:
        made = (
            AiohttpTransport("test/1", **fields) if client == "aiohttp" else RawTransport(**fields)
        )
        try:
            await work(made)
        finally:
            await made.close()

    asyncio.run(main())


def ended(attempt: Attempt) -> tuple[str, str] | None:
    failure = attempt.failure
    if failure is None:
        return None
    assert KEY not in failure.message
    return failure.phase.value, failure.kind


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*names).configure_cert(context)
    return context


@BOTH
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"hello", ()),
        (gzip.compress(b"hello", mtime=0), ("Content-Encoding: gzip",)),
        (
            gzip.compress(b"he", mtime=0) + gzip.compress(b"llo", mtime=0),
            ("Content-Encoding: gzip",),
        ),
    ],
)
def test_an_answer_is_reported_whole(client, body, headers):
    async def work(transport):
        async with byte_server(answer("401 Nope", body, "X-A: 1", "x-a: \xe9", *headers)) as server:
            attempt = await transport.send(request(f"{server.url}/a%2Fb?x=%7E"))
            response = attempt.response
            assert response is not None
            assert (response.status, response.reason, response.body) == (401, "Nope", b"hello")
            assert response.headers[1:3] == (("X-A", "1"), ("x-a", "é"))
            assert not response.body_truncated
            assert ended(attempt) is None

    run(client, work)


@BOTH
@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\nab",
        b"HTTP/1.1 200\r\nContent-Length: 2\r\nX-A: \xff\r\n\r\nab",
    ],
)
def test_the_received_bytes_are_kept_as_they_came(client, sent):
    async def work(transport):
        async with byte_server(sent) as server:
            attempt = await transport.send(request(server.url))
            assert attempt.response is not None
            assert (attempt.response.status, attempt.response.body) == (200, b"ab")
            received = attempt.wire.received
            assert (received.kept, received.total) == (sent, len(sent))
            assert received.head_bytes.startswith(b"HTTP/1.")
            assert received.kept[: received.interim].count(b"103") == (b"103" in sent)

    run(client, work)


@BOTH
def test_addresses_and_times_are_known_and_nothing_is_made_up(client):
    async def work(transport):
        async with byte_server(OK) as server:
            wire = (await transport.send(request(server.url))).wire
            assert wire.peer == f"127.0.0.1:{server.port}"
            assert wire.local.startswith("127.0.0.1:")
            assert wire.tries == 1
            assert wire.tls is None
            times = wire.times
            assert times.dns_seconds is None
            assert times.tls_seconds is None
            assert 0 < times.connect_seconds < 5
            assert 0 < times.first_byte_seconds < 5
            assert str(server.port) not in repr(wire) + repr(wire.sent)
            named = server.url.replace("127.0.0.1", "localhost")
            wire = (await transport.send(request(named))).wire
            assert 0 < wire.times.dns_seconds < 5

    run(client, work)


@BOTH
@pytest.mark.parametrize("proxied", [False, True])
def test_the_facts_of_tls_are_those_of_the_origin(client, proxied, authority):
    context = server_context(authority, "origin.test")

    def trusting() -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        authority.configure_trust(made)
        return made

    async def work(transport):
        async def tunnel(_head, writer):
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await writer.drain()
            await writer.start_tls(context)
            writer.write(OK)

        async with byte_server(tunnel if proxied else OK, None if proxied else context) as server:
            if proxied:
                sent = request("https://origin.test/", proxy=ProxyHop(server.url))
            else:
                detour = (("origin.test:443", f"127.0.0.1:{server.port}"),)
                sent = request("https://origin.test/", resolve=detour)
            attempt = await transport.send(sent)
            assert ended(attempt) is None
            facts = attempt.wire.tls
            assert facts.version == "TLSv1.3"
            assert facts.cipher
            assert (facts.sni, facts.alpn) == ("origin.test", None)
            assert "trustme" in facts.issuer
            assert "trustme" in facts.subject
            assert facts.not_after_utc > 0
            assert 0 < attempt.wire.times.tls_seconds < 5
            assert (attempt.wire.tunnel is not None) is proxied

    run(client, work, tls=trusting)


@BOTH
@pytest.mark.parametrize("pause", [False, True])
@pytest.mark.parametrize("status", ["407 Need Auth", "502 Bad Gateway", "204 Odd"])
def test_the_answer_to_connect_is_taken_from_the_bytes_with_its_body(client, status, pause):
    refusal = answer(
        status, b"" if "204" in status else b"a page", 'Proxy-Authenticate: Basic realm="p"'
    )

    async def work(transport):
        async def script(_head, writer):
            half = len(refusal) - 3
            writer.write(refusal[:half])
            await writer.drain()
            await asyncio.sleep(0.05 if pause else 0)
            writer.write(refusal[half:])

        async with byte_server(script) as proxy:
            secret = made_secret("proxy password")
            hop = ProxyHop(proxy.url, secret, secret)
            attempt = await transport.send(request("https://origin.test/", proxy=hop))
            assert ended(attempt) is None
            response = attempt.response
            assert f"{response.status} {response.reason}" == status
            assert response.body == (b"" if "204" in status else b"a page")
            assert dict(response.headers)["Proxy-Authenticate"] == 'Basic realm="p"'
            assert response.from_proxy
            wire = attempt.wire
            assert wire.tunnel.received.kept == refusal
            assert wire.tunnel.sent.kept == proxy.received[0]
            assert KEY.encode() not in proxy.received[0]
            assert b"Proxy-Authorization: Basic " in proxy.received[0]
            assert wire.sent.total == wire.tries == 0
            assert attempt.headers_sent == ()

    run(client, work)


@BOTH
def test_a_refusal_without_an_end_is_read_to_the_hang_up_or_the_deadline(client):
    page = b"HTTP/1.1 407 No\r\nContent-Type: text/html\r\n\r\na page"

    async def work(transport):
        async with byte_server(page) as proxy:
            sent = request("https://origin.test/", proxy=ProxyHop(proxy.url))
            attempt = await transport.send(sent)
            assert (attempt.response.status, attempt.response.body) == (407, b"a page")
            assert ended(attempt) is None

        async def stall(_head, writer):
            writer.write(page)
            await writer.drain()
            await asyncio.sleep(5)

        async with byte_server(stall) as proxy:
            sent = request("https://o.test/", proxy=ProxyHop(proxy.url), timeout_seconds=0.2)
            attempt = await transport.send(sent)
            assert (attempt.response.status, attempt.response.from_proxy) == (407, True)
            assert attempt.response.body_truncated
            assert ended(attempt) == ("proxy", "timeout")
            assert "the proxy" in attempt.failure.message

    run(client, work)


@BOTH
def test_a_407_of_a_forwarding_proxy_is_its_own_and_one_in_a_tunnel_is_not(client, authority):
    refusal = answer("407 Need Auth", b"")
    context = server_context(authority, "origin.test")

    async def work(transport):
        async with byte_server(refusal) as proxy:
            hop = ProxyHop(proxy.url, None, made_secret("password"))
            attempt = await transport.send(request("http://x.test:81/a?b", proxy=hop))
            assert (attempt.response.status, attempt.response.from_proxy) == (407, True)
            assert proxy.received[0].startswith(b"GET http://x.test:81/a?b HTTP/1.1\r\n")
            assert b"Proxy-Authorization: Basic " in proxy.received[0]

        async def tunnel(_head, writer):
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await writer.drain()
            await writer.start_tls(context)
            writer.write(refusal)

        async with byte_server(tunnel) as proxy:
            tls = TlsSettings(verify=False)
            sent = request("https://origin.test/", proxy=ProxyHop(proxy.url), tls=tls)
            attempt = await transport.send(sent)
            assert (attempt.response.status, attempt.response.from_proxy) == (407, False)

    run(client, work)


@BOTH
@pytest.mark.parametrize(
    ("script", "how"),
    [
        (b"", ("headers", "disconnected")),
        (b"SSH-2.0-OpenSSH\r\n\r\n", ("headers", "not-http")),
        (b"\x05\xff", ("headers", "not-http")),
        (b"HTTP/1.1 999999 x\r\n\r\n", ("headers", "not-http")),
    ],
)
def test_a_status_that_no_server_sent_is_never_shown(client, script, how):
    async def work(transport):
        async with byte_server(script) as server:
            attempt = await transport.send(request(server.url))
            assert ended(attempt) == how
            assert attempt.response is None
            assert attempt.wire.received.kept == script
            assert attempt.headers_sent != ()

    run(client, work)


@BOTH
@pytest.mark.parametrize("script", [b"", b"\x05\xff", b"SSH-2.0-x\r\n"])
def test_a_proxy_that_speaks_no_http_is_named_and_not_the_origin(client, script):
    async def work(transport):
        async with byte_server(script) as proxy:
            sent = request("https://o.test/", proxy=ProxyHop(proxy.url))
            attempt = await transport.send(sent)
            assert attempt.response is None
            assert ended(attempt) == ("proxy", "not-http" if script else "disconnected")
            assert "the proxy" in attempt.failure.message
            assert "o.test" not in attempt.failure.message
            assert attempt.wire.tunnel.received.kept == script

    run(client, work)


@BOTH
@pytest.mark.parametrize(
    ("broken", "body"),
    [
        (b"HTTP/1.1 401 No\r\nContent-Length: 50\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 401 No\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", b""),
    ],
)
def test_a_head_counts_though_its_body_breaks(client, broken, body):
    async def work(transport):
        async with byte_server(broken) as server:
            attempt = await transport.send(request(server.url))
            assert (attempt.response.status, attempt.response.body) == (401, body)
            assert attempt.response.body_truncated
            assert ended(attempt) == ("body", "bad-body")

    run(client, work)


@BOTH
def test_a_head_that_the_client_refuses_is_still_the_servers(client):
    sent = b"HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\n\r\nzz\r\n"

    async def work(transport):
        async with byte_server(sent) as server:
            attempt = await transport.send(request(server.url))
            assert attempt.response.status == 401
            assert ("X-A", "1") in attempt.response.headers
            assert attempt.response.body_truncated
            assert ended(attempt) is not None

    run(client, work)


@BOTH
def test_long_bodies_are_cut_and_their_bytes_bounded(client):
    async def work(transport):
        long = answer("401 No", b"x" * (BODY_LIMIT + 700_000))
        async with byte_server(long) as server:
            attempt = await transport.send(request(server.url))
            assert len(attempt.response.body) == BODY_LIMIT
            assert attempt.response.body_truncated
            assert ended(attempt) is None
            assert len(attempt.wire.received.kept) <= BODY_LIMIT + 300_000
            assert attempt.wire.received.total >= len(attempt.wire.received.kept)

    run(client, work)


@BOTH
def test_a_slow_server_ends_at_the_time_limit_with_what_came(client):
    async def work(transport):
        async def stall(_head, writer):
            writer.write(b"HTTP/1.1 401 No\r\nContent-Length: 9\r\n\r\nabc")
            await writer.drain()
            await asyncio.sleep(5)

        async with byte_server(stall) as server:
            attempt = await transport.send(request(server.url, timeout_seconds=0.2))
            assert (attempt.response.status, attempt.response.body) == (401, b"abc")
            assert ended(attempt) == ("body", "timeout")

        async def silent(_head, _writer):
            await asyncio.sleep(5)

        async with byte_server(silent) as server:
            attempt = await transport.send(request(server.url, timeout_seconds=0.2))
            assert ended(attempt) == ("headers", "timeout")
            assert attempt.wire.times.first_byte_seconds is None

    run(client, work)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@BOTH
def test_failures_to_connect_name_their_phase(client):
    async def work(transport):
        nobody = f"http://127.0.0.1:{free_port()}/"
        for sent, how in (
            (request(nobody), ("connect", "not-connected")),
            (request("http://no-such-host.invalid/"), ("dns", "name-not-resolved")),
            (request("http://x.test/", proxy=ProxyHop(nobody)), ("proxy", "proxy-unreachable")),
            (request("https://x.test/", proxy=ProxyHop(nobody)), ("proxy", "proxy-unreachable")),
        ):
            attempt = await transport.send(sent)
            assert ended(attempt) == how
            assert attempt.headers_sent == ()
            assert attempt.wire.sent.total == 0

    run(client, work)


@BOTH
@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "ftp://x.test/",
        "http://",
        "http://x.test:0/",
        "http://x.test:99999/",
        "http://x\t.test/",
        "http://x .test/",
        "http://[::1/",
        "http://[1.2.3.4]/",
        "http://" + "\u00fc" * 80 + ".test/",
        "http://" + "u" * 80 + ".test/",
        "http://\ud800.test/",
        "http://\u2100.test/",
        "http://a\\b/",
        "http://a\x00b/",
        "http://a\x7fb/",
    ],
)
def test_a_url_that_cannot_be_requested_is_not_sent(client, url):
    async def work(transport):
        attempt = await transport.send(request(url))
        assert ended(attempt) == ("not-sent", "bad-url")

    run(client, work)


@BOTH
@pytest.mark.parametrize("proxy", ["http://", "http://p:99999", "http://[::1", "socks5h://:1"])
def test_a_proxy_s_url_that_leads_nowhere_is_not_used(client, proxy):
    async def work(transport):
        attempt = await transport.send(request("http://x.test/", proxy=ProxyHop(proxy)))
        assert ended(attempt) == ("not-sent", "bad-url")

    run(client, work)


@BOTH
def test_text_that_no_byte_stands_for_is_not_sent(client):
    async def work(transport):
        async with byte_server(OK) as server:
            attempt = await transport.send(request(server.url, headers=(("A", "\ud800"),)))
            assert ended(attempt) == ("not-sent", "unsendable")
            assert server.received == []

    run(client, work)


@BOTH
def test_a_host_beyond_ascii_is_asked_for_by_its_ascii_name(client):
    async def work():
        async with byte_server(OK) as server:
            here = ("127.0.0.1", server.port)
            route = ClosedRoute(lambda _host, _port: here, frozenset({here}))
            made = AiohttpTransport("t/1", route) if client == "aiohttp" else RawTransport(route)
            await made.send(request("http://b\u00fccher.test/"))
            assert b"\r\nHost: xn--bcher-kva.test\r\n" in server.received[0]
            await made.close()

    asyncio.run(work())


@BOTH
def test_resolve_leads_elsewhere_and_changes_nothing_that_is_sent(client):
    async def work(transport):
        async with byte_server(OK) as server:
            detour = (("other.test:80", "127.0.0.1:1"), ("API.test:80", f"127.0.0.1:{server.port}"))
            attempt = await transport.send(request("http://api.test/x", resolve=detour))
            assert ended(attempt) is None
            assert b"\r\nHost: api.test\r\n" in server.received[0]
            assert attempt.wire.peer == f"127.0.0.1:{server.port}"
            assert attempt.wire.times.dns_seconds is None
            proxied = request(
                "http://far.test/",
                proxy=ProxyHop("http://proxy.test:3128"),
                resolve=(("proxy.test:3128", f"127.0.0.1:{server.port}"),),
            )
            assert ended(await transport.send(proxied)) is None
            assert server.received[1].startswith(b"GET http://far.test/ ")

    run(client, work)


@BOTH
def test_a_closed_route_maps_resolved_places_too_and_reaches_nothing_else(client):
    async def work():
        async with byte_server(OK) as inside, byte_server(OK) as outside:
            here, there = ("127.0.0.1", inside.port), ("127.0.0.1", outside.port)
            route = ClosedRoute(lambda _host, _port: here, frozenset({here}))
            leaking = ClosedRoute(lambda _host, _port: there, frozenset({here}))
            kind = RawTransport
            for chosen in (route, leaking):
                made = AiohttpTransport("t/1", chosen) if client == "aiohttp" else kind(chosen)
                for url, resolve in (
                    ("http://api.test/", ()),
                    ("http://203.0.113.9:81/", ()),
                    (outside.url, ()),
                    ("http://api.test/", (("api.test:80", f"127.0.0.1:{outside.port}"),)),
                ):
                    attempt = await made.send(request(url, resolve=resolve))
                    how = None if chosen is route else ("connect", "not-connected")
                    assert ended(attempt) == how
                await made.close()
            assert len(inside.received) == 4
            assert outside.received == []

    asyncio.run(work())


@BOTH
def test_http_1_0_is_spoken_on_demand(client):
    async def work(transport):
        async with byte_server(OK) as server:
            sent = request(server.url, http="1.0", method="POST", body=b"x")
            attempt = await transport.send(sent)
            assert server.received[0].startswith(b"POST / HTTP/1.0\r\nHost: ")
            assert b"onnection" not in server.received[0]
            assert ended(attempt) is None

    run(client, work)


def test_the_raw_client_sends_what_aiohttp_refuses():
    headers = (("A", "1\r"), ("B", "x\ny"), ("C\x00", "\x7f"), ("D", "1\r\nno colon"))

    async def work(transport):
        async with byte_server(OK) as server:
            attempt = await transport.send(request(server.url, headers=headers))
            host = f"127.0.0.1:{server.port}".encode()
            wanted = b"Host: " + host + b"\r\nA: 1\r\r\nB: x\ny\r\nC\x00: \x7f\r\nD: 1\r\nno colon"
            assert server.received == [b"GET / HTTP/1.1\r\n" + wanted + b"\r\n\r\n"]
            assert attempt.headers_sent == (
                ("Host", host.decode()),
                ("A", "1\r"),
                ("B", "x\ny"),
                ("C\x00", "\x7f"),
                ("D", "1"),
            )

    run("raw", work)


def test_an_early_answer_is_read_though_the_body_is_not():
    async def work(transport):
        async with byte_server(answer("413 Too Large", b"no")) as server:
            sent = request(server.url, method="POST", body=b"x" * 3_000_000)
            attempt = await transport.send(sent)
            assert attempt.response is None or attempt.response.status == 413
            assert attempt.response or attempt.failure
            wire = attempt.wire
            assert wire.sent.total > 3_000_000
            assert len(wire.sent.kept) < 1_400_000

    run("raw", work)


@BOTH
def test_a_repeat_by_the_client_itself_would_be_seen(client):
    async def work(transport):
        async with byte_server(b"") as server:
            if client == "aiohttp":
                session = transport._open_session()
                session._retry_connection = True
            attempt = await transport.send(request(server.url))
            assert attempt.wire.tries == len(server.received) == (2 if client == "aiohttp" else 1)

    run(client, work)


@BOTH
def test_requests_at_once_do_not_mix(client):
    async def echo(head, writer):
        await asyncio.sleep(0)
        writer.write(answer("200 OK", head.split(b" ")[1]))

    async def work(transport):
        async with byte_server(echo) as server:
            urls = [f"{server.url}/{number}" for number in range(20)]
            attempts = await asyncio.gather(*(transport.send(request(url)) for url in urls))
            for number, attempt in enumerate(attempts):
                path = f"/{number}".encode()
                assert attempt.response.body == path
                assert attempt.wire.sent.kept.split(b" ")[1] == path
                assert attempt.wire.received.body_bytes == path

    run(client, work)


@BOTH
def test_tls_is_spoken_as_asked(client, authority, tmp_path):
    other = trustme.CA()
    ca, stranger = tmp_path / "ca.pem", tmp_path / "other.pem"
    authority.cert_pem.write_to_path(str(ca))
    other.cert_pem.write_to_path(str(stranger))
    mine = other.issue_cert("client.test")
    cert, key = tmp_path / "c.pem", tmp_path / "k.pem"
    mine.cert_chain_pems[0].write_to_path(str(cert))
    mine.private_key_pem.write_to_path(str(key))
    context = server_context(authority, "origin.test")
    asking = server_context(authority, "origin.test")
    asking.verify_mode = ssl.CERT_REQUIRED
    other.configure_trust(asking)
    old = server_context(authority, "origin.test")
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    trusted = TlsSettings(ca=str(ca), sni="origin.test")
    bad_tls = ("tls", "certificate-not-trusted")
    cases = [
        (context, trusted, None, "TLSv1.3"),
        (context, TlsSettings(), bad_tls, None),
        (context, TlsSettings(ca=str(stranger), sni="origin.test"), bad_tls, None),
        (context, TlsSettings(ca=str(ca), sni="another.test"), bad_tls, None),
        (context, TlsSettings(verify=False), None, "TLSv1.3"),
        (context, dataclasses.replace(trusted, max="1.2"), None, "TLSv1.2"),
        (old, dataclasses.replace(trusted, min="1.3"), ("tls", "tls-failed"), None),
        (asking, dataclasses.replace(trusted, cert=str(cert), key=str(key)), None, "TLSv1.3"),
        (context, dataclasses.replace(trusted, ca="/nowhere"), ("not-sent", "bad-tls"), None),
    ]

    async def work(transport):
        for served, settings, how, version in cases:
            async with byte_server(OK, served) as server:
                url = server.url.replace("http:", "https:")
                attempt = await transport.send(request(url, tls=settings))
                assert ended(attempt) == how, settings
                if version:
                    facts = attempt.wire.tls
                    assert facts.version == version
                    assert facts.sni == settings.sni
                    assert facts.issuer  # though it was not checked

    run(client, work)


@BOTH
def test_plain_http_spoken_to_tls_and_tls_to_plain_http_are_failures(client, authority):
    async def work(transport):
        async with byte_server(OK, server_context(authority, "127.0.0.1")) as server:
            attempt = await transport.send(request(server.url))
            assert attempt.response is None
            assert attempt.failure.phase is Phase.HEADERS
        async with byte_server(OK) as server:
            url = server.url.replace("http:", "https:")
            attempt = await transport.send(request(url, timeout_seconds=0.5))
            assert ended(attempt)[0] == "tls"

    run(client, work)
