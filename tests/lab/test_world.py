from __future__ import annotations

import asyncio
import gc
import shutil
import socket
import ssl
import time
from collections.abc import Mapping

import aiohttp
import jwt
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from lab.wire import NOON_DATE, ask, connected, get, noon, run

from harness.errors import SourceError, UsageError
from harness.lab.limits import Limits
from harness.lab.world import LabWorld
from harness.model.key_source import EnvSource, KeySource
from harness.model.scenario import (
    LabKey,
    LabKeyKind,
    LabProvider,
    LabProxy,
    LabRedirect,
    LabSettings,
)

SHELL = EnvSource("DEEPSEEK_API_KEY")
CORP = "http://proxy.corp.example:3128"


def world(
    settings: LabSettings | None = None,
    *,
    sources: Mapping[str, KeySource] | None = None,
    proxies: Mapping[str, str] | None = None,
) -> LabWorld:
    return LabWorld(
        settings or LabSettings(),
        sources=sources or {"shell": SHELL},
        proxies=proxies or {},
        seed=1,
        now=noon,
    )


def bearer(lab: LabWorld, source: KeySource = SHELL) -> str:
    return f"Bearer {lab.key_reader.read(source).reveal()}"


class LabResolver(AbstractResolver):
    """Sends every host of a client to where the lab says."""

    def __init__(self, lab: LabWorld) -> None:
        self._lab = lab

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address, real_port = self._lab.route(host, port)
        return [
            ResolveResult(
                hostname=host, host=address, port=real_port, family=family, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        pass


def client(lab: LabWorld) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        resolver=LabResolver(lab), ssl=lab.ssl_context(), use_dns_cache=False
    )
    return aiohttp.ClientSession(connector=connector)


def test_every_host_is_answered_by_the_one_origin() -> None:
    async def steps() -> list[int]:
        async with world() as lab:
            assert lab.route("api.deepseek.com", 443) == lab.origin
            assert lab.route("10.1.2.3", 8443) == lab.origin
            assert lab.allowed == {lab.origin}
            head = f"Authorization: {bearer(lab)}"
            return [
                (await ask(lab.origin, get("/models", host, head), tls=tls, name=host)).status
                for host in ("api.deepseek.com", "other.example")
                for tls in (None, lab.ssl_context())
            ]

    assert run(steps()) == [200] * 4


@pytest.mark.parametrize("address", ["10.1.2.3", "2001:db8::1", "[2001:DB8::2]"])
def test_an_address_that_was_routed_has_a_certificate(address: str) -> None:
    async def steps() -> int:
        async with world() as lab:
            where = lab.route(address, 443)
            bare = address.strip("[]")
            reply = await ask(where, get("/", bare), tls=lab.ssl_context(), name=bare)
            return reply.status

    assert run(steps()) == 401


def test_an_address_that_nobody_asked_for_has_none() -> None:
    async def steps() -> None:
        async with world() as lab:
            with pytest.raises(ssl.SSLCertVerificationError):
                await ask(lab.origin, get(), tls=lab.ssl_context(), name="10.9.9.9")

    run(steps())


def test_each_proxy_of_the_scenario_goes_to_one_of_its_own() -> None:
    settings = LabSettings(proxies={"corp": LabProxy.STRIP_AUTHORIZATION, "gone": LabProxy.DEAD})
    proxies = {
        "corp": CORP,
        "gone": "http://127.0.0.1:9",
        "free": "http://user:pw@Free.example",
        "tls": "https://tls.example",
    }

    async def steps() -> None:
        async with world(settings, proxies=proxies) as lab:
            routes = {
                lab.route("proxy.corp.example", 3128),
                lab.route("PROXY.corp.example", 3128),
                lab.route("127.0.0.1", 9),
                lab.route("free.example", 80),
                lab.route("tls.example", 443),
            }
            assert len(routes) == 4
            assert lab.allowed == routes | {lab.origin}
            assert lab.route("proxy.corp.example", 3129) == lab.origin

    run(steps())


def test_levels_with_one_proxy_address_share_its_behaviour() -> None:
    settings = LabSettings(proxies={"corp-auth": LabProxy.DEMAND_CREDENTIALS})

    async def steps() -> int:
        async with world(settings, proxies={"corp": CORP, "corp-auth": CORP}) as lab:
            assert len(lab.allowed) == 2
            raw = get("http://api.deepseek.com/models")
            return (await ask(lab.route("proxy.corp.example", 3128), raw)).status

    assert run(steps()) == 407


@pytest.mark.parametrize(
    ("settings", "proxies", "message"),
    [
        (LabSettings(proxies={"crop": LabProxy.DEAD}), {"corp": CORP}, "no proxy is called crop"),
        (
            LabSettings(proxies={"a": LabProxy.DEAD, "b": LabProxy.HONEST}),
            {"a": CORP, "b": CORP},
            "a and b disagree",
        ),
        (LabSettings(), {"s": "socks4://127.0.0.1:1080"}, "proxy of s is of no kind"),
        (LabSettings(), {"s": "http://u:secret@[::1"}, "proxy of s is of no kind"),
        (LabSettings(), {"s": "http://:80"}, "proxy of s is of no kind"),
        (LabSettings(keys={"nope": LabKey()}), {}, "no key source is called nope"),
        (LabSettings(wording="old"), {}, "lab.wording"),
        (LabSettings(redirects=(LabRedirect("x", "y"),)), {}, "lab.redirects"),
    ],
)
def test_settings_that_make_no_sense_are_refused_before_anything_starts(
    settings: LabSettings, proxies: Mapping[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        world(settings, proxies=proxies)
    assert "secret" not in caught.value.render()


def test_there_is_no_address_outside_the_block() -> None:
    lab = world()
    with pytest.raises(RuntimeError, match="async with"):
        lab.route("api.deepseek.com", 443)


def test_the_key_reader_reads_no_real_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", "from the real world")
    entries = {"gone": LabKey(LabKeyKind.MISSING)}
    lab = world(LabSettings(keys=entries), sources={"shell": SHELL, "gone": EnvSource("GONE")})
    assert lab.key_reader.read(SHELL).reveal() != "from the real world"
    with pytest.raises(SourceError):
        lab.key_reader.read(EnvSource("GONE"))


def test_a_source_first_read_while_the_lab_runs_is_valid_too() -> None:
    async def steps() -> int:
        async with world() as lab:
            line = f"Authorization: {bearer(lab, EnvSource('LATE'))}"
            return (await ask(lab.origin, get("/models", "a.example", line))).status

    assert run(steps()) == 200


@pytest.mark.parametrize(
    ("provider", "scheme", "status", "challenge"),
    [
        (LabProvider.DEEPSEEK, "Bearer", 200, None),
        (LabProvider.HTTP_BEARER, "Bearer", 200, None),
        (LabProvider.HTTP_BEARER, "Basic", 401, 'Bearer realm="lab"'),
        (LabProvider.HTTP_BASIC, "Bearer", 401, 'Basic realm="lab", charset="UTF-8"'),
        (LabProvider.JWT, "Basic", 401, 'Bearer realm="lab"'),
    ],
)
def test_each_provider_answers_in_its_own_way(
    provider: LabProvider, scheme: str, status: int, challenge: str | None
) -> None:
    async def steps() -> None:
        async with world(LabSettings(provider=provider)) as lab:
            key = lab.key_reader.read(SHELL).reveal()
            line = f"Authorization: {scheme} {key}"
            reply = await ask(lab.origin, get("/models", "a.example", line))
            assert (reply.status, reply.header("WWW-Authenticate")) == (status, challenge)
            assert reply.header("Date") == NOON_DATE

    run(steps())


@pytest.mark.parametrize(("late", "status"), [(100, 200), (130, 401)])
def test_a_token_is_judged_by_the_clock_and_leeway_of_the_lab(late: int, status: int) -> None:
    settings = LabSettings(provider=LabProvider.JWT, leeway_seconds=120)

    async def steps() -> int:
        async with world(settings) as lab:
            secret = lab.key_reader.read(SHELL).to_bytes()
            token = jwt.encode({"exp": noon() - late}, secret, algorithm="HS256")
            line = f"Authorization: Bearer {token}"
            return (await ask(lab.origin, get("/", "a.example", line))).status

    assert run(steps()) == status


def test_a_redirect_leads_from_http_to_https() -> None:
    rule = LabRedirect("http://api.deepseek.com", "https://api.deepseek.com", 308)

    async def steps() -> tuple[list[int], str]:
        async with world(LabSettings(redirects=(rule,))) as lab, client(lab) as session:
            url = "http://api.deepseek.com/models?a=b"
            async with session.get(url, headers={"Authorization": bearer(lab)}) as reply:
                hops = [hop.status for hop in (*reply.history, reply)]
                return hops, str(reply.url)

    # aiohttp drops Authorization when the scheme changes: cause U05 in person.
    assert run(steps()) == ([308, 401], "https://api.deepseek.com/models?a=b")


def test_a_real_client_sees_each_proxy_over_http_and_https() -> None:
    kinds = [kind for kind in LabProxy if kind is not LabProxy.DEAD]
    proxies = {kind.value: f"http://{kind.value}.example:3128" for kind in kinds}
    settings = LabSettings(proxies={kind.value: kind for kind in kinds})

    async def status(session: aiohttp.ClientSession, url: str, proxy: str, value: str) -> int:
        try:
            headers = {"Authorization": value}
            async with session.get(url, proxy=proxy, headers=headers) as reply:
                await reply.read()
                return reply.status
        except aiohttp.ClientHttpProxyError as error:
            return error.status

    async def steps() -> dict[str, tuple[int, int]]:
        async with world(settings, proxies=proxies) as lab, client(lab) as session:
            return {
                name: (
                    await status(session, "http://api.deepseek.com/models", url, bearer(lab)),
                    await status(session, "https://api.deepseek.com/models", url, bearer(lab)),
                )
                for name, url in proxies.items()
            }

    assert run(steps()) == {
        "honest": (200, 200),
        "strip-authorization": (401, 401),
        "replace-authorization": (401, 401),
        "strip-http-only": (401, 200),
        "demand-credentials": (407, 407),
    }


def test_a_hundred_requests_at_once_are_each_answered_on_their_own_merit() -> None:
    entries = {"bad": LabKey(LabKeyKind.UNKNOWN)}
    bad = EnvSource("BAD")

    async def steps() -> list[int]:
        async with world(LabSettings(keys=entries), sources={"shell": SHELL, "bad": bad}) as lab:

            async def one(number: int) -> int:
                value = bearer(lab, bad if number % 3 == 0 else SHELL)
                line = f"Authorization: {value}"
                tls = context if number % 2 else None
                raw = get("/models", "api.deepseek.com", line)
                return (await ask(lab.origin, raw, tls=tls, name="api.deepseek.com")).status

            context = lab.ssl_context()
            return await asyncio.gather(*(one(number) for number in range(100)))

    assert run(steps()) == [401 if number % 3 == 0 else 200 for number in range(100)]


def test_nothing_is_left_when_the_lab_ends_in_the_middle_of_things() -> None:
    async def steps() -> None:
        proxies = {"corp": CORP}
        async with world(proxies=proxies) as lab:
            addresses = list(lab.allowed)
            idle = await asyncio.open_connection(*lab.origin)
            half = await asyncio.open_connection(*lab.origin)
            half[1].write(b"GET / HTTP/1.1\r\nHos")
            tunnel = await asyncio.open_connection(*lab.route("proxy.corp.example", 3128))
            tunnel[1].write(b"CONNECT a.example:443 HTTP/1.1\r\n\r\n")
            await tunnel[0].readuntil(b"\r\n\r\n")
        assert asyncio.all_tasks() == {asyncio.current_task()}
        for _, writer in (idle, half, tunnel):
            writer.close()
        for address in addresses:
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(*address)

    run(steps())


def test_an_error_of_the_run_comes_out_as_it_is() -> None:
    async def steps() -> None:
        async with world():
            raise UsageError("mine")

    with pytest.raises(UsageError, match="mine"):
        run(steps())


def test_a_start_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    real, made = socket.socket.bind, []

    def bind(sock: socket.socket, address: tuple[str, int]) -> None:
        made.append(sock)
        if len(made) == 2:
            raise OSError("no port left")
        real(sock, address)

    async def steps() -> None:
        with pytest.raises(OSError, match="no port left"):
            async with world(proxies={"corp": CORP}):
                pass
        assert asyncio.all_tasks() == {asyncio.current_task()}

    monkeypatch.setattr(socket.socket, "bind", bind)
    run(steps())
    assert [sock.fileno() for sock in made] == [-1, -1]


def test_a_lab_with_every_proxy_and_a_certificate_starts_at_once() -> None:
    kinds = {kind.value: kind for kind in LabProxy}
    proxies = {name: f"http://{name}.example:3128" for name in kinds}

    async def steps() -> float:
        begun = time.perf_counter()
        async with world(LabSettings(proxies=kinds), proxies=proxies) as lab:
            lab.ssl_context()
            return time.perf_counter() - begun

    run(steps())  # loads what is imported late, which a run pays once
    gc.collect()
    assert min(run(steps()) for _ in range(3)) < 0.3


def test_limits_can_be_set() -> None:
    async def steps() -> bytes:
        limits = Limits(idle_seconds=0.02)
        lab = LabWorld(LabSettings(), sources={}, proxies={}, now=noon, limits=limits)
        async with lab, connected(lab.origin) as wire:
            return await wire.rest()

    assert run(steps()) == b""


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_gets_the_same_answers() -> None:
    async def steps() -> list[str]:
        async with world(proxies={"corp": CORP}) as lab:
            proxy = "http://{}:{}".format(*lab.route("proxy.corp.example", 3128))
            origin = ("--connect-to", "::{}:{}".format(*lab.origin))
            header = f"-HAuthorization: {bearer(lab)}"
            asks = [
                [*origin, "http://api.deepseek.com/models"],
                [*origin, header, "http://api.deepseek.com/models"],
                ["-x", proxy, header, "http://api.deepseek.com/models"],
                ["-x", proxy, "-p", header, "http://api.deepseek.com/models"],
            ]
            return [await _curl(*arguments) for arguments in asks]

    assert run(steps()) == ["401", "200", "200", "200"]


async def _curl(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *("curl", "-q", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-m", "5"),
        *("--noproxy", "", *arguments),
        stdout=asyncio.subprocess.PIPE,
        env={},
    )
    output, _ = await process.communicate()
    return output.decode()
