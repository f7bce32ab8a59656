"""Both clients through https and SOCKS proxies, over real sockets on loopback."""

import asyncio
import base64
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import trustme
from support.http_server import answer, byte_server
from support.made_keys import made_key, made_secret

from harness.lab.socks import accept_socks
from harness.model.exchange import Attempt
from harness.model.request import (
    AutoHeaders,
    ProxyHop,
    RedirectPolicy,
    SignedRequest,
    TlsSettings,
)
from harness.model.secret import Provenance, Secret
from harness.model.wire import SocksAsk
from harness.ports import Transport
from harness.transport.aiohttp_client import AiohttpTransport
from harness.transport.raw_client import RawTransport
from harness.transport.route import ClosedRoute
from harness.transport.tls_in_tls import let_inner_close

KEY = made_key("through proxies")
BOTH = pytest.mark.parametrize("client", ["aiohttp", "raw"])
OK = answer("200 OK", b"fine")
USER = Secret("user", Provenance("scenario", "proxy.username"))


def request(url: str, proxy: ProxyHop, **fields) -> SignedRequest:
    return SignedRequest(
        **{
            "method": "GET",
            "url": url,
            "headers": (("Authorization", f"Bearer {KEY}"),),
            "body": None,
            "proxy": proxy,
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
def authorities(tmp_path_factory) -> tuple[trustme.CA, trustme.CA, str, str]:
    """Return the authority of the origin and the proxy's, with their files."""
    origin, proxy = trustme.CA(), trustme.CA()
    folder = tmp_path_factory.mktemp("authorities")
    origin.cert_pem.write_to_path(str(folder / "origin.pem"))
    proxy.cert_pem.write_to_path(str(folder / "proxy.pem"))
    return origin, proxy, str(folder / "origin.pem"), str(folder / "proxy.pem")


def server_context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*names).configure_cert(context)
    return context


@BOTH
def test_a_request_in_clear_goes_through_tls_to_the_proxy_only(client, authorities):
    _, authority, _, ca = authorities

    async def work(transport):
        async with byte_server(OK, server_context(authority, "127.0.0.1")) as server:
            secret = made_secret("proxy password")
            hop = ProxyHop(f"https://127.0.0.1:{server.port}", USER, secret, TlsSettings(ca=ca))
            attempt = await transport.send(request("http://origin.test/a?b", hop))
            assert ended(attempt) is None
            assert attempt.response.body == b"fine"
            (seen,) = server.received
            assert seen.startswith(b"GET http://origin.test/a?b HTTP/1.1\r\n")
            assert b"Proxy-Authorization: Basic " in seen
            wire = attempt.wire
            assert wire.sent.kept == seen
            assert wire.tls is None
            assert wire.times.tls_seconds is None
            assert "trustme" in wire.proxy_tls.issuer
            assert 0 < wire.times.proxy_seconds < 5

    run(client, work)


@BOTH
@pytest.mark.parametrize("url", ["http://origin.test/", "https://origin.test/"])
@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("us", "\u5bc6\u7801x"),
        ("\u00fcser", "p\u00e4ss: word"),
        ("us", b"\xff\x00".decode("utf-8", "surrogateescape")),
        (None, "alone"),
        ("alone", None),
    ],
)
def test_a_login_at_an_http_proxy_is_sent_in_utf_8_byte_for_byte(client, url, user, password):
    """RFC 7617, section 2.1; a byte that is not UTF-8 is sent as it is."""

    def secret(value: str | None) -> Secret | None:
        return None if value is None else Secret(value, Provenance("env", "P"))

    async def work(transport):
        async with byte_server(answer("407 No", b"")) as proxy:
            hop = ProxyHop(proxy.url, secret(user), secret(password))
            attempt = await transport.send(request(url, hop))
            assert ended(attempt) is None
            assert (attempt.response.status, attempt.response.from_proxy) == (407, True)
            (seen,) = proxy.received
            pair = f"{user or ''}:{password or ''}".encode("utf-8", "surrogateescape")
            token = base64.b64encode(pair)
            assert seen.lower().count(b"proxy-authorization") == 1
            assert b"\r\nProxy-Authorization: Basic " + token + b"\r\n" in seen

    run(client, work)


@BOTH
def test_a_login_is_sent_without_automatic_headers_and_gives_way_to_a_given_one(client):
    async def work(transport):
        async with byte_server(OK) as proxy:
            hop = ProxyHop(proxy.url, USER, made_secret("proxy password"))
            sent = request("http://origin.test/", hop, auto_headers=AutoHeaders.NONE)
            await transport.send(sent)
            own = request("http://o.test/", hop, headers=(("proxy-authorization", "Own x"),))
            await transport.send(own)
            first, second = proxy.received
            assert b"\r\nProxy-Authorization: Basic " in first
            assert second.lower().count(b"proxy-authorization") == 1
            assert b"\r\nproxy-authorization: Own x\r\n" in second

    run(client, work)


@BOTH
@pytest.mark.parametrize("said", [b"", b"\x05\xff", b"SSH-2.0-x\r\n", b"HTTP/1.1 9\r\n\r\n"])
def test_a_forwarding_proxy_that_speaks_no_http_is_named_and_not_the_origin(client, said):
    async def work(transport):
        async with byte_server(said) as proxy:
            attempt = await transport.send(request("http://o.test/", ProxyHop(proxy.url)))
            assert attempt.response is None
            assert ended(attempt) == ("proxy", "not-http" if said else "disconnected")
            assert "the proxy" in attempt.failure.message
            assert "o.test" not in attempt.failure.message

    run(client, work)


@BOTH
def test_a_forwarding_proxy_that_breaks_off_is_named_and_one_that_waits_is_not(client):
    """It may wait for the origin, and who is slow cannot be told."""

    async def silent(_head, writer):
        await asyncio.sleep(5)

    async def resets(_head, writer):
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    async def work(transport):
        cases = (
            (silent, ("headers", "timeout"), "o.test:80"),
            (resets, ("proxy", "broken"), "the proxy"),
        )
        for script, how, whom in cases:
            async with byte_server(script) as proxy:
                hop = ProxyHop(proxy.url)
                sent = request("http://o.test/", hop, timeout_seconds=0.3)
                attempt = await transport.send(sent)
                assert ended(attempt) == how
                assert whom in attempt.failure.message

    run(client, work)


@BOTH
def test_a_body_that_breaks_off_behind_a_forwarding_proxy_is_the_bodys(client):
    """Who cut it, the proxy or the origin, cannot be told: the head came."""

    async def work(transport):
        async with byte_server(b"HTTP/1.1 401 No\r\nContent-Length: 9\r\n\r\nab") as proxy:
            attempt = await transport.send(request("http://o.test/", ProxyHop(proxy.url)))
            assert attempt.response.status == 401
            assert ended(attempt) == ("body", "bad-body")

    run(client, work)


@BOTH
@pytest.mark.parametrize("scheme", ["http", "socks5h"])
def test_a_proxy_that_takes_no_connection_in_time_is_named(client, scheme):
    """A full backlog lets nobody in, and says nothing."""

    async def work(transport):
        with socket.socket() as full, contextlib.ExitStack() as others:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            place = full.getsockname()
            for _ in range(3):
                one = others.enter_context(socket.socket())
                one.setblocking(False)  # noqa: FBT003 - the standard library's signature
                one.connect_ex(place)
            hop = ProxyHop(f"{scheme}://127.0.0.1:{place[1]}")
            sent = request("http://origin.test/", hop, timeout_seconds=0.3)
            attempt = await transport.send(sent)
            assert ended(attempt) == ("proxy", "timeout")
            assert attempt.failure.message == "no answer from the proxy within the time limit"

    run(client, work)


NOWHERE = "no-such-host.invalid"


@BOTH
@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
@pytest.mark.parametrize("origin", ["http://127.0.0.1:1/", "https://127.0.0.1:1/"])
def test_a_proxy_whose_name_is_not_resolved_is_the_one_named(client, scheme, origin):
    async def work(transport):
        hop = ProxyHop(f"{scheme}://{NOWHERE}:3128")
        attempt = await transport.send(request(origin, hop))
        assert ended(attempt) == ("proxy", "name-not-resolved")
        assert attempt.failure.message == "the name of the proxy cannot be resolved"

    run(client, work)


@BOTH
@pytest.mark.parametrize("proxied", [False, True])
def test_an_origin_whose_name_is_not_resolved_here_is_the_one_named(client, proxied):
    """`socks5` resolves the origin's name on this side."""

    async def work(transport):
        hop = ProxyHop("socks5://127.0.0.1:1") if proxied else None
        attempt = await transport.send(request(f"http://{NOWHERE}/", hop))
        assert ended(attempt) == ("dns", "name-not-resolved")
        assert attempt.failure.message == f"the name of {NOWHERE}:80 cannot be resolved"

    run(client, work)


@BOTH
def test_tls_with_the_origin_runs_inside_tls_with_the_proxy(client, authorities):
    origin, authority, origin_ca, proxy_ca = authorities
    inner = server_context(origin, "origin.test")

    async def tunnel(_head, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await writer.drain()
        await writer.start_tls(inner)
        writer.write(OK)

    async def work(transport):
        async with byte_server(tunnel, server_context(authority, "proxy.test")) as server:
            hop = ProxyHop(
                f"https://127.0.0.1:{server.port}",
                tls=TlsSettings(ca=proxy_ca, sni="proxy.test"),
            )
            tls = TlsSettings(ca=origin_ca)
            attempt = await transport.send(request("https://origin.test/", hop, tls=tls))
            assert ended(attempt) is None
            assert attempt.response.body == b"fine"
            wire = attempt.wire
            assert (wire.proxy_tls.sni, wire.tls.sni) == ("proxy.test", "origin.test")
            assert wire.tunnel.sent.kept == server.received[0]
            assert KEY.encode() not in server.received[0]
            assert min(wire.times.proxy_seconds, wire.times.tls_seconds) > 0

    run(client, work)


@BOTH
def test_the_certificates_of_proxy_and_origin_are_not_confused(client, authorities):
    origin, authority, origin_ca, proxy_ca = authorities
    inner = server_context(origin, "origin.test")
    served = asyncio.Event()

    async def tunnel(_head, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await writer.drain()
        outer = writer.transport
        let_inner_close(outer)
        # The client trusts it not and hangs up; inside TLS the server is not told.
        with contextlib.suppress(OSError):
            await writer.start_tls(inner, ssl_handshake_timeout=0.3)
        outer.abort()
        served.set()

    async def work(transport):
        async with byte_server(tunnel, server_context(authority, "127.0.0.1")) as server:
            url = f"https://127.0.0.1:{server.port}"
            untrusted = ProxyHop(url, tls=TlsSettings(ca=origin_ca))
            tls = TlsSettings(ca=origin_ca)
            attempt = await transport.send(request("https://origin.test/", untrusted, tls=tls))
            assert ended(attempt) == ("proxy", "certificate-not-trusted")
            assert "shown for the proxy" in attempt.failure.message
            trusted = ProxyHop(url, tls=TlsSettings(ca=proxy_ca))
            tls = TlsSettings(ca=proxy_ca)
            attempt = await transport.send(request("https://origin.test/", trusted, tls=tls))
            assert ended(attempt) == ("tls", "certificate-not-trusted")
            assert "origin.test:443" in attempt.failure.message
            await served.wait()

    run(client, work)


@asynccontextmanager
async def saying(answered: bytes, *, after: int = 1) -> AsyncIterator[int]:
    """Say something after so many reads, and hang up; yields the port."""
    ended: set[asyncio.Task[None]] = set()

    async def handle(reader, writer) -> None:
        task = asyncio.current_task()
        ended.add(task)
        with contextlib.suppress(OSError):
            for _ in range(after):
                await reader.read(1000)
            writer.write(answered)
            await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    listener = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with listener:
        yield listener.sockets[0].getsockname()[1]
    await asyncio.gather(*ended)


@BOTH
@pytest.mark.parametrize("url", ["http://origin.test/", "https://origin.test/"])
def test_a_proxy_in_clear_is_no_https_proxy(client, url):
    async def work(transport):
        async with saying(answer("400 Bad Request", b"")) as port:
            attempt = await transport.send(request(url, ProxyHop(f"https://127.0.0.1:{port}")))
            assert ended(attempt) == ("proxy", "tls-failed")
            assert attempt.response is None

    run(client, work)


@BOTH
def test_a_certificate_file_that_cannot_be_used_names_its_field(client):
    async def work(transport):
        hop = ProxyHop("https://127.0.0.1:1", tls=TlsSettings(ca="/no/such/file"))
        attempt = await transport.send(request("http://origin.test/", hop))
        assert ended(attempt) == ("not-sent", "bad-tls")
        assert attempt.failure.message.startswith("proxy.tls.ca cannot be read")

    run(client, work)


class Socks:
    """A SOCKS5 server that leads every client to one port of this machine."""

    def __init__(self, behind: int, password: str | None = None) -> None:
        self.behind = behind
        self.password = password
        self.hosts: list[str] = []
        self.port = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Socks"]:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.setblocking(False)  # noqa: FBT003 - the standard library's signature
        self.port = listener.getsockname()[1]
        tasks = [asyncio.create_task(self._accept(listener))]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            listener.close()

    async def _accept(self, listener) -> None:
        loop = asyncio.get_running_loop()
        while True:
            client, _ = await loop.sock_accept(listener)
            client.setblocking(False)  # noqa: FBT003 - the standard library's signature
            try:
                is_good = None if self.password is None else self.password.__eq__
                self.hosts.append(await accept_socks(client, is_good))
            except OSError:
                client.close()
                continue
            near, to_near = await asyncio.open_connection(sock=client)
            far, to_far = await asyncio.open_connection("127.0.0.1", self.behind)
            try:
                await asyncio.gather(pump(near, to_far), pump(far, to_near))
            finally:
                for writer in (to_near, to_far):
                    writer.transport.abort()


async def pump(reader, writer) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
        writer.write_eof()


@BOTH
@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("password", [None, made_key("socks password")])
def test_socks_leads_to_the_origin_with_and_without_tls(client, scheme, tls, password, authorities):
    origin, _, origin_ca, _ = authorities
    context = server_context(origin, "origin.test") if tls else None

    async def work(transport):
        async with (
            byte_server(OK, context) as server,
            Socks(server.port, password).running() as socks,
        ):
            secret = None if password is None else Secret(password, Provenance("test", "password"))
            hop = ProxyHop(f"{scheme}://127.0.0.1:{socks.port}", USER if password else None, secret)
            sent = request(
                f"http{'s' if tls else ''}://origin.test/a",
                hop,
                tls=TlsSettings(ca=origin_ca if tls else None),
                resolve=(("origin.test:80", "127.0.0.7:80"), ("origin.test:443", "127.0.0.8:443")),
            )
            attempt = await transport.send(sent)
            assert ended(attempt) is None
            assert attempt.response.body == b"fine"
            (seen,) = server.received
            assert seen.startswith(b"GET /a HTTP/1.1\r\nHost: origin.test\r\n")
            assert b"Proxy-" not in seen
            here = "127.0.0.8" if tls else "127.0.0.7"
            assert socks.hosts == ["origin.test" if scheme == "socks5h" else here]
            wire = attempt.wire
            assert wire.sent.kept == seen
            assert wire.peer == f"127.0.0.1:{socks.port}"
            assert wire.tunnel is None
            asked = SocksAsk.NAME if scheme == "socks5h" else SocksAsk.ADDRESS
            assert (wire.socks.asked, wire.socks.reply) == (asked, 0)
            assert wire.socks.login == (None if password is None else 0)
            assert (wire.tls is not None) is tls
            assert 0 < wire.times.proxy_seconds < 5

    run(client, work)


@BOTH
def test_a_407_behind_socks_is_the_origins(client):
    async def work(transport):
        async with (
            byte_server(answer("407 Odd", b"")) as server,
            Socks(server.port).running() as socks,
        ):
            hop = ProxyHop(f"socks5h://127.0.0.1:{socks.port}")
            attempt = await transport.send(request("http://origin.test/", hop))
            assert (attempt.response.status, attempt.response.from_proxy) == (407, False)

    run(client, work)


@BOTH
def test_a_refused_login_shows_who_refused_and_no_password(client):
    async def work(transport):
        async with Socks(1, made_key("the right one")).running() as socks:
            hop = ProxyHop(f"socks5://127.0.0.1:{socks.port}", USER, made_secret("a wrong one"))
            attempt = await transport.send(request("http://127.0.0.1:1/", hop))
            assert ended(attempt) == ("proxy", "proxy-login")
            assert attempt.wire.peer == f"127.0.0.1:{socks.port}"
            assert attempt.wire.socks.login == 1
            assert attempt.headers_sent == ()

    run(client, work)


@BOTH
@pytest.mark.parametrize(
    ("said", "how"), [(b"", "disconnected"), (answer("400 Bad Request"), "not-socks")]
)
def test_a_server_that_speaks_no_socks_is_named(client, said, how):
    async def work(transport):
        async with saying(said) as port:
            hop = ProxyHop(f"socks5h://127.0.0.1:{port}")
            attempt = await transport.send(request("http://origin.test/", hop))
            assert ended(attempt) == ("proxy", how)
            assert attempt.response is None

    run(client, work)


@BOTH
def test_a_silent_socks_proxy_ends_with_the_deadline(client):
    async def work(transport):
        async with saying(b"", after=2) as port:
            hop = ProxyHop(f"socks5h://127.0.0.1:{port}")
            sent = request("http://origin.test/", hop, timeout_seconds=0.2)
            attempt = await transport.send(sent)
            assert ended(attempt) == ("proxy", "timeout")
            assert "the proxy" in attempt.failure.message

    run(client, work)


@BOTH
def test_a_socks_proxy_that_is_not_there_is_unreachable(client):
    async def work(transport):
        attempt = await transport.send(
            request("http://origin.test/", ProxyHop("socks5h://127.0.0.1:1"))
        )
        assert ended(attempt) == ("proxy", "proxy-unreachable")

    run(client, work)


@BOTH
def test_a_closed_route_holds_for_socks_too(client):
    async def work(transport):
        attempt = await transport.send(
            request("http://origin.test/", ProxyHop("socks5h://127.0.0.1:1"))
        )
        assert ended(attempt) == ("proxy", "proxy-unreachable")

    run(client, work, route=ClosedRoute(lambda host, port: (host, port), frozenset()))
