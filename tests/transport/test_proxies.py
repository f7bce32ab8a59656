"""Both clients through https and SOCKS proxies, over real sockets on loopback."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import trustme
from support.http_server import answer, byte_server
from support.made_keys import made_key, made_secret

from harness.lab.socks import accept_socks
from harness.model.exchange import Attempt
from harness.model.request import ProxyHop, RedirectPolicy, SignedRequest, TlsSettings
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
