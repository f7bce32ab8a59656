from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable

import pytest
from lab.wire import NOON_DATE, Reply, connected, get, noon, run

from harness.lab.proxy import VIA
from harness.lab.world import LabWorld
from harness.model.key_source import EnvSource
from harness.model.scenario import LabKey, LabKeyKind, LabProxy, LabRedirect, LabSettings

KEY, PASSWORD, REVOKED = EnvSource("KEY"), EnvSource("PASSWORD"), EnvSource("REVOKED")
PROXY_URL = "http://proxy.corp.example:3128"
HOST = "api.deepseek.com"
GOVERNOR = b"Authentication Fails (governor)"


def world(kind: LabProxy, url: str = PROXY_URL) -> LabWorld:
    settings = LabSettings(
        keys={"revoked": LabKey(LabKeyKind.REVOKED)},
        proxies={"corp": kind},
        redirects=(LabRedirect("http://moved.example", "https://api.deepseek.com"),),
    )
    return LabWorld(
        settings,
        sources={"key": KEY, "revoked": REVOKED},
        proxies={"corp": url},
        seed=1,
        now=noon,
    )


def bearer(lab: LabWorld) -> str:
    return f"Authorization: Bearer {lab.key_reader.read(KEY).reveal()}"


def basic(username: str, password: str) -> str:
    value = base64.b64encode(f"{username}:{password}".encode()).decode()
    return f"Proxy-Authorization: Basic {value}"


def absolute(*lines: str, host: str = HOST, scheme: str = "http") -> str:
    return get(f"{scheme}://{host}/models", host, *lines)


def connect(*lines: str, authority: str = f"{HOST}:443") -> str:
    return "\r\n".join([f"CONNECT {authority} HTTP/1.1", f"Host: {authority}", *lines, "", ""])


async def over_http(lab: LabWorld, *lines: str) -> Reply:
    async with connected(lab.route("proxy.corp.example", 3128)) as wire:
        return await wire.ask(absolute(*lines))


async def over_https(lab: LabWorld, *lines: str, host: str = HOST) -> Reply:
    async with connected(lab.route("proxy.corp.example", 3128)) as wire:
        granted = await wire.ask(connect(authority=f"{host}:443"))
        assert granted.status_line == "HTTP/1.1 200 Connection established"
        await wire.start_tls(lab.ssl_context(), host)
        return await wire.ask(get("/models", host, *lines))


async def over_tunnel_in_clear(lab: LabWorld, *lines: str) -> Reply:
    async with connected(lab.route("proxy.corp.example", 3128)) as wire:
        await wire.ask(connect(authority=f"{HOST}:80"))
        return await wire.ask(get("/models", HOST, *lines))


Way = Callable[..., Awaitable[Reply]]


@pytest.mark.parametrize(
    ("kind", "way", "status"),
    [
        (LabProxy.HONEST, over_http, 200),
        (LabProxy.HONEST, over_https, 200),
        (LabProxy.HONEST, over_tunnel_in_clear, 200),
        (LabProxy.STRIP_AUTHORIZATION, over_http, 401),
        (LabProxy.STRIP_AUTHORIZATION, over_https, 401),
        (LabProxy.STRIP_AUTHORIZATION, over_tunnel_in_clear, 401),
        (LabProxy.REPLACE_AUTHORIZATION, over_http, 401),
        (LabProxy.REPLACE_AUTHORIZATION, over_https, 401),
        (LabProxy.REPLACE_AUTHORIZATION, over_tunnel_in_clear, 401),
        (LabProxy.STRIP_HTTP_ONLY, over_http, 401),
        (LabProxy.STRIP_HTTP_ONLY, over_https, 200),
        (LabProxy.STRIP_HTTP_ONLY, over_tunnel_in_clear, 200),
    ],
)
def test_each_proxy_does_to_a_good_key_what_its_name_says(
    kind: LabProxy, way: Way, status: int
) -> None:
    async def steps() -> Reply:
        async with world(kind) as lab:
            return await way(lab, bearer(lab))

    assert run(steps()).status == status


@pytest.mark.parametrize("way", [over_http, over_https])
def test_a_stripped_header_is_answered_like_a_missing_one(way: Way) -> None:
    async def steps() -> Reply:
        async with world(LabProxy.STRIP_AUTHORIZATION) as lab:
            return await way(lab, bearer(lab))

    assert run(steps()).body == GOVERNOR


@pytest.mark.parametrize("way", [over_http, over_https])
def test_a_replaced_header_is_answered_like_another_key(way: Way) -> None:
    async def steps() -> tuple[bytes, str]:
        async with world(LabProxy.REPLACE_AUTHORIZATION) as lab:
            reply = await way(lab, bearer(lab))
            return reply.body, lab.key_reader.read(KEY).reveal()[-4:]

    body, tail = run(steps())
    assert b"Your api key: ****" in body
    assert f"****{tail}".encode() not in body


@pytest.mark.parametrize("way", [over_http, over_https])
def test_a_header_that_is_not_there_is_not_replaced(way: Way) -> None:
    async def steps() -> Reply:
        async with world(LabProxy.REPLACE_AUTHORIZATION) as lab:
            return await way(lab)

    assert run(steps()).body == GOVERNOR


def test_via_shows_on_http_only_as_behind_squid() -> None:
    async def steps() -> tuple[str | None, str | None, str | None]:
        async with world(LabProxy.HONEST) as lab:
            ways = (over_http, over_https, over_tunnel_in_clear)
            plain, secure, tunnel = [(await way(lab)).header("Via") for way in ways]
            return plain, secure, tunnel

    assert run(steps()) == (VIA, None, None)


def test_behind_an_honest_proxy_the_answer_is_the_same_to_the_byte() -> None:
    async def steps() -> tuple[Reply, Reply]:
        async with world(LabProxy.HONEST) as lab:
            async with connected(lab.route(HOST, 80)) as wire:
                direct = await wire.ask(get("/models", HOST))
            return direct, await over_tunnel_in_clear(lab)

    def known(reply: Reply) -> list[tuple[str, str]]:
        once = {"x-ds-trace-id", "EO-LOG-UUID"}
        return [pair for pair in reply.headers if pair[0] not in once]

    direct, through = run(steps())
    assert known(direct) == known(through)
    assert (direct.status_line, direct.body) == (through.status_line, through.body)


def test_several_requests_share_one_connection_to_a_proxy() -> None:
    async def steps() -> list[int]:
        async with (
            world(LabProxy.HONEST) as lab,
            connected(lab.route("proxy.corp.example", 3128)) as wire,
        ):
            asked = [absolute(bearer(lab)), absolute(), absolute(bearer(lab))]
            return [(await wire.ask(raw)).status for raw in asked]

    assert run(steps()) == [200, 401, 200]


def test_what_is_meant_for_the_proxy_stays_with_the_proxy() -> None:
    async def steps() -> Reply:
        async with world(LabProxy.HONEST) as lab:
            # Two of these would be a 400 at the origin if they were passed on as Authorization.
            return await over_http(lab, bearer(lab), basic("a", "b"), "Proxy-Connection: close")

    assert run(steps()).status == 200


def test_a_redirect_goes_through_a_proxy_too() -> None:
    async def steps() -> str | None:
        async with (
            world(LabProxy.HONEST) as lab,
            connected(lab.route("proxy.corp.example", 3128)) as wire,
        ):
            return (await wire.ask(absolute(host="moved.example"))).header("Location")

    assert run(steps()) == "https://api.deepseek.com/models"


def test_an_https_target_in_absolute_form_arrives_as_https() -> None:
    async def steps() -> str | None:
        async with (
            world(LabProxy.HONEST) as lab,
            connected(lab.route("proxy.corp.example", 3128)) as wire,
        ):
            raw = absolute(host="moved.example", scheme="https")
            return (await wire.ask(raw)).header("Location")

    assert run(steps()) is None


@pytest.mark.parametrize("kind", [LabProxy.HONEST, LabProxy.STRIP_AUTHORIZATION])
@pytest.mark.parametrize("host", ["10.1.2.3", "xn--mller-kva.example"])
def test_a_tunnel_shows_the_leaf_of_the_host_it_leads_to(kind: LabProxy, host: str) -> None:
    async def steps() -> int:
        async with world(kind) as lab:
            return (await over_https(lab, host=host)).status

    assert run(steps()) == 401


def test_a_tunnel_to_an_address_of_the_sixth_version_works() -> None:
    async def steps() -> int:
        async with (
            world(LabProxy.HONEST) as lab,
            connected(lab.route("proxy.corp.example", 3128)) as wire,
        ):
            await wire.ask(connect(authority="[2001:db8::1]:443"))
            await wire.start_tls(lab.ssl_context(), "2001:db8::1")
            return (await wire.ask(get("/models", "[2001:db8::1]"))).status

    assert run(steps()) == 401


@pytest.mark.parametrize(
    "raw",
    [
        get("/models", HOST),
        get("ftp://a.example/", "a.example"),
        get("http://", "a.example"),
        connect(authority=HOST),
        connect(authority="a b:443"),
        connect(authority=":443"),
        connect(authority="a.example:https"),
        "nonsense\r\n\r\n",
    ],
)
def test_a_request_that_is_none_for_a_proxy_is_a_bad_request(raw: str) -> None:
    async def steps() -> Reply:
        async with (
            world(LabProxy.HONEST) as lab,
            connected(lab.route("proxy.corp.example", 3128)) as wire,
        ):
            return await wire.ask(raw)

    reply = run(steps())
    assert (reply.status, reply.header("Server")) == (400, "flip401-lab-proxy")


@pytest.mark.parametrize("raw", [absolute(), connect()])
def test_credentials_are_demanded_in_both_shapes(raw: str) -> None:
    async def steps() -> Reply:
        async with (
            world(LabProxy.DEMAND_CREDENTIALS) as lab,
            connected(lab.route("proxy.corp.example", 3128)) as wire,
        ):
            return await wire.ask(raw)

    reply = run(steps())
    assert reply.status_line == "HTTP/1.1 407 Proxy Authentication Required"
    assert reply.headers == (
        ("Server", "flip401-lab-proxy"),
        ("Date", NOON_DATE),
        ("Content-Type", "text/html"),
        ("Content-Length", str(len(reply.body))),
        ("Proxy-Authenticate", 'Basic realm="lab"'),
    )


def test_a_password_that_is_a_good_key_opens_the_proxy() -> None:
    async def steps() -> tuple[int, int]:
        async with world(LabProxy.DEMAND_CREDENTIALS) as lab:
            credentials = basic("me", lab.key_reader.read(PASSWORD).reveal())
            plain = await over_http(lab, bearer(lab), credentials)
            async with connected(lab.route("proxy.corp.example", 3128)) as wire:
                await wire.ask(connect(credentials))
                await wire.start_tls(lab.ssl_context(), HOST)
                secure = await wire.ask(get("/models", HOST, bearer(lab)))
            return plain.status, secure.status

    assert run(steps()) == (200, 200)


def test_any_other_password_does_not() -> None:
    async def steps() -> list[int]:
        async with world(LabProxy.DEMAND_CREDENTIALS) as lab:
            revoked = lab.key_reader.read(REVOKED).reveal()
            good = lab.key_reader.read(KEY).reveal()
            wrong = [basic("me", ""), basic("me", "x"), basic("me", revoked), basic(good, "")]
            wrong += ["Proxy-Authorization: Basic", f"Proxy-Authorization: Bearer {good}"]
            return [(await over_http(lab, line)).status for line in wrong]

    assert run(steps()) == [407] * 6


def test_a_dead_proxy_refuses() -> None:
    async def steps() -> None:
        async with world(LabProxy.DEAD) as lab:
            address = lab.route("proxy.corp.example", 3128)
            assert address in lab.allowed
            with pytest.raises(ConnectionRefusedError):
                async with connected(address):
                    pass

    run(steps())


def test_a_proxy_can_be_spoken_to_over_tls() -> None:
    async def steps() -> int:
        async with (
            world(LabProxy.HONEST, "https://proxy.corp.example:3128") as lab,
            connected(
                lab.route("proxy.corp.example", 3128),
                tls=lab.ssl_context(),
                name="proxy.corp.example",
            ) as wire,
        ):
            return (await wire.ask(absolute(bearer(lab)))).status

    assert run(steps()) == 200
