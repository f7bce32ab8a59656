"""What is recorded is what a byte-logging server received, and what was asked is what left."""

import asyncio
import ssl

import pytest
import trustme
from support.byte_origin import TUNNEL_OPEN, byte_origin
from transport.request_shapes import Shape, shapes

from harness.model.request import AutoHeaders, ProxyHop, RedirectPolicy, SignedRequest
from harness.transport.aiohttp_client import AiohttpTransport
from harness.transport.raw_client import RawTransport

SHAPES = shapes()
DIRECT = {"plain", "tls"}
FORWARDED = {"proxy", "secure-proxy"}
TUNNELLED = {"connect", "secure-connect"}
SOCKS = {"socks", "socks-tls"}
ROUTES = (*sorted(DIRECT), *sorted(FORWARDED), *sorted(TUNNELLED), *sorted(SOCKS))
ENCRYPTED = {"tls", "socks-tls", *TUNNELLED}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def asked_of(shape: Shape, client: str, route: str, port: int) -> SignedRequest:
    """Through a proxy the origin has a name that nobody resolves: the proxy answers for it."""
    scheme = "https" if route in ENCRYPTED else "http"
    host = f"127.0.0.1:{port}" if route in DIRECT else "origin.test:8000"
    kind = "socks5h" if route in SOCKS else "https" if "secure" in route else "http"
    proxy = None if route in DIRECT else ProxyHop(f"{kind}://127.0.0.1:{port}")
    return SignedRequest(
        method=shape.method,
        url=f"{scheme}://{host}{shape.target}",
        headers=shape.headers,
        body=shape.body,
        proxy=proxy,
        client=client,
        redirects=RedirectPolicy(),
        timeout_seconds=5.0,
        http=shape.http,
    )


def expected_lines(shape: Shape, host: str) -> list[bytes]:
    """The start of the head that must leave, worked out here by other means."""
    pairs = [*shape.headers]
    if not any(name.strip().lower() == "host" for name, _ in pairs):
        pairs.insert(0, ("Host", host))
    return [
        name.encode("utf-8", "surrogateescape") + b": " + value.encode("utf-8", "surrogateescape")
        for name, value in pairs
    ]


def expected_target(shape: Shape, route: str) -> str:
    path = shape.target.partition("#")[0]
    path = path if path.startswith("/") else f"/{path}"
    return f"http://origin.test:8000{path}" if route in FORWARDED else path


async def compare(shape: Shape, client: str, route: str, origin, transport) -> str:
    """Return what differs, nothing when all is as it should be."""
    origin.ending = b"\r\n\r\n" + (shape.body or b"")
    origin.logs.clear()
    origin.ended.clear()
    request = asked_of(shape, client, route, origin.port)
    attempt = await transport.send(request)
    async with asyncio.timeout(5):
        await origin.ended.wait()
    (log,) = origin.logs
    wire = attempt.wire
    found = []
    if bytes(log.received) != wire.sent.kept or wire.sent.total != len(log.received):
        found.append(f"sent {wire.sent.kept[:300]!r} but arrived {bytes(log.received)[:300]!r}")
    answered = origin.answer
    if wire.received.kept != answered:
        found.append(f"received {wire.received.kept!r}")
    start = f"{shape.method} {expected_target(shape, route)} HTTP/{shape.http}".encode()
    host = f"127.0.0.1:{origin.port}" if route in DIRECT else "origin.test:8000"
    wanted = b"\r\n".join([start, *expected_lines(shape, host)]) + b"\r\n"
    if not wire.sent.kept.startswith(wanted):
        found.append(f"wanted {wanted[:300]!r} but sent {wire.sent.kept[:300]!r}")
    if wire.sent.body_bytes != (shape.body or b""):
        found.append("the body differs")
    if attempt.response is None or attempt.response.status != 401:
        found.append(f"ended as {attempt.failure}")
    if (wire.tunnel is not None) != (route in TUNNELLED):
        found.append("the tunnel is not told")
    if wire.tunnel and (wire.tunnel.sent.kept, wire.tunnel.received.kept) != (
        log.connect,
        TUNNEL_OPEN,
    ):
        found.append(f"CONNECT sent {wire.tunnel.sent.kept!r}, arrived {log.connect!r}")
    if any(
        value and value.encode("utf-8", "replace") in log.connect
        for _, value in shape.headers
        if len(value) > 8
    ):
        found.append("CONNECT carries a header of the request")
    return f"{shape.name}: {'; '.join(found)}" if found else ""


@pytest.mark.parametrize("client", ["aiohttp", "raw"])
@pytest.mark.parametrize("route", ROUTES)
def test_the_recorded_bytes_are_those_that_a_server_logged(route, client, authority):
    certificate = authority.issue_cert("127.0.0.1", "origin.test")

    def trusting() -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        authority.configure_trust(context)
        return context

    asked = [shape for shape in SHAPES if client == "raw" or not shape.refused]

    async def main() -> list[str]:
        made = (
            AiohttpTransport("test/1", tls=trusting)
            if client == "aiohttp"
            else RawTransport(tls=trusting)
        )
        async with byte_origin(certificate, tls=route == "tls" or "secure" in route) as origin:
            origin.tls_behind_socks = route == "socks-tls"
            differing = [await compare(shape, client, route, origin, made) for shape in asked]
        await made.close()
        return [text for text in differing if text]

    assert asyncio.run(main()) == []
    assert len(asked) >= 150


def test_the_table_has_no_shape_twice():
    assert len({shape.name for shape in SHAPES}) == len(SHAPES) >= 150


@pytest.mark.parametrize("client", ["aiohttp", "raw"])
@pytest.mark.parametrize("body", [None, b"", b"abc"])
def test_no_header_is_added_on_demand_but_host_and_a_length(client, body, authority):
    certificate = authority.issue_cert("127.0.0.1")

    async def main() -> None:
        transport = AiohttpTransport("test/1") if client == "aiohttp" else RawTransport()
        async with byte_origin(certificate, tls=False) as origin:
            shape = Shape("bare", "POST", headers=(("A", "1"),), body=body)
            request = asked_of(shape, client, "plain", origin.port)
            origin.ending = b"\r\n\r\n" + (body or b"")
            import dataclasses

            bare = dataclasses.replace(request, auto_headers=AutoHeaders.NONE)
            attempt = await transport.send(bare)
            length = (("Content-Length", str(len(body))),) if body is not None else ()
            host = ("Host", f"127.0.0.1:{origin.port}")
            assert attempt.headers_sent == (host, ("A", "1"), *length)
        await transport.close()

    asyncio.run(main())
