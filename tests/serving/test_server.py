"""The server asked by clients that others wrote: what arrives is what was recorded."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import random
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import httpx
import pytest
import requests
from support.key_leaks import leaks
from support.made_keys import made_key
from support.recordings import API, PEPPER, Recording

from harness.cassette_store.reader import read_cassette
from harness.model.exchange import ExchangeKey, Failure, Phase
from harness.replay_match.index import Index
from harness.replay_match.session import CHOOSE, Session
from harness.serving.answer import DIFFERS, EXCHANGE, FAILURE
from harness.serving.server import LONGEST_BODY, Served, serving

SHOWN = Path(__file__).parents[2] / "cassettes" / "shown" / "deepseek-401.lab.yaml"
GOOD, BAD, MINE = made_key("good"), made_key("bad"), made_key("mine")
JSON = ("Content-Type", "application/json")
Fetch = Callable[..., tuple[int, dict[str, str], bytes]]


@dataclass
class Running:
    url: str = ""
    port: int = 0
    told: list[Served] = field(default_factory=list)


@contextmanager
def running(index: Index) -> Iterator[Running]:
    """Serve in a thread of its own until the block is left."""
    state, ready = Running(), threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        session = Session(index, PEPPER)
        async with serving(session, "127.0.0.1", 0, state.told.append) as (host, port):
            state.url, state.port = f"http://{host}:{port}", port
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(10)
        yield state
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


@pytest.fixture(scope="module")
def shown() -> Index:
    cassette = read_cassette(SHOWN)
    return Index([record.exchange for record in cassette.records], in_turn=False)


def by_requests(method: str, url: str, headers: dict[str, str], body: bytes = b""):
    with requests.Session() as client:
        client.trust_env = False
        got = client.request(
            method, url, headers=headers, data=body or None, allow_redirects=False, timeout=10
        )
        return got.status_code, dict(got.headers), got.content


def by_httpx(method: str, url: str, headers: dict[str, str], body: bytes = b""):
    with httpx.Client(trust_env=False) as client:
        got = client.request(method, url, headers=headers, content=body or None)
        return got.status_code, dict(got.headers), got.content


def by_aiohttp(method: str, url: str, headers: dict[str, str], body: bytes = b""):
    async def fetch() -> tuple[int, dict[str, str], bytes]:
        async with (
            aiohttp.ClientSession() as client,
            client.request(
                method,
                url,
                headers=headers,
                data=io.BytesIO(body) if body else None,
                allow_redirects=False,
            ) as got,
        ):
            return got.status, dict(got.headers), await got.read()

    return asyncio.run(fetch())


def by_curl(method: str, url: str, headers: dict[str, str], body: bytes = b""):
    words = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    words += ["--data-binary", "@-"] if body else []
    words += ["-I"] if method == "HEAD" else ["-X", method, "-D", "-"]
    command = [shutil.which("curl") or "", "-sq", "--noproxy", "*", "--path-as-is", *words, url]
    done = subprocess.run(command, input=body, capture_output=True, timeout=20, check=True)
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.1 100"):
        head, _, content = content.partition(b"\r\n\r\n")
    start, *lines = head.decode().split("\r\n")
    found = dict(line.split(": ", 1) for line in lines if line)
    return int(start.split(" ")[1]), found, content


CLIENTS: dict[str, Fetch] = {
    "requests": by_requests,
    "httpx": by_httpx,
    "aiohttp": by_aiohttp,
} | ({"curl": by_curl} if shutil.which("curl") else {})


@pytest.fixture(params=CLIENTS)
def fetch(request: pytest.FixtureRequest) -> Fetch:
    return CLIENTS[request.param]


def test_every_variant_of_the_demo_gets_its_recorded_answer(shown: Index, fetch: Fetch):
    with running(shown) as server:
        for one in shown.by_id.values():
            recorded, target = one.exchange, one.facts.target.spelling
            for short in (True, False):
                headers = dict(recorded.headers)
                if short:
                    scheme, _, key = headers["Authorization"].partition(" ")
                    headers["Authorization"] = f"{scheme} {key[4:6]}"
                status, got, body = fetch(
                    recorded.method, server.url + target, headers, recorded.body.encode()
                )
                assert recorded.response is not None
                assert status == recorded.response.status
                assert body == recorded.response.body.encode()
                assert got[EXCHANGE.lower() if fetch is by_httpx else EXCHANGE] == str(recorded.key)


def test_shuffled_and_concurrent_requests_are_not_mixed_up(shown: Index):
    asked = list(shown.by_id.values()) * 40
    random.Random(401).shuffle(asked)
    with running(shown) as server, httpx.Client(trust_env=False) as client:

        def ask(one):
            recorded = one.exchange
            got = client.request(
                recorded.method,
                server.url + one.facts.target.spelling,
                headers=dict(recorded.headers),
                content=recorded.body,
            )
            expected = (recorded.response.status, str(recorded.key), recorded.response.body)
            return expected == (got.status_code, got.headers[EXCHANGE], got.text)

        with ThreadPoolExecutor(16) as pool:
            assert list(pool.map(ask, asked)).count(False) == 0
    assert len(server.told) == len(asked)
    assert {one.note for one in server.told} == {""}


def test_real_keys_are_told_apart_and_appear_nowhere(fetch: Fetch):
    recording = Recording()
    recording.bearer(GOOD, answer=b"welcome")
    recording.bearer(BAD, 401, answer=f"no: ****{BAD[-4:]}".encode())
    third = made_key("third")
    seen = []
    with running(recording.index()) as server:
        for key, expected in ((MINE, 200), (third, 401), (MINE, 200), (GOOD, 404), (BAD, 404)):
            for target in ("/v1/things", f"/v1/{key}?page={key}&{key}"):
                headers = {"Authorization": f"Bearer {key}"}
                status, got, body = fetch("GET", server.url + target, headers)
                seen.append((f"answer to {expected}", repr((got, body)).encode()))
                assert status == (expected if target == "/v1/things" else 404)
    seen.append(("what is told", repr(server.told).encode()))
    assert not leaks([MINE, third, GOOD, BAD], seen)


@pytest.mark.parametrize("target", ["/a%2Fb", "/a//b", "/a;x=1/b", "/%E4%BD%A0", "/a:b@c", "/~me"])
def test_odd_paths_arrive_as_they_are(target: str):
    recording = Recording()
    recording.add(url=API + target)
    recording.add(404, url=f"{API}/a/b")
    with running(recording.index()) as server:
        for fetch in CLIENTS.values():
            assert fetch("GET", server.url + target, {})[0] == 200


def raw(server: Running, data: bytes) -> bytes:
    """Send bytes and read until the server hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), 10) as client:
        client.sendall(data)
        return b"".join(iter(lambda: client.recv(65536), b""))


def test_a_proxy_client_and_odd_targets_are_understood():
    recording = Recording()
    recording.add(url="http://one.example/x")
    recording.add(201, url="http://two.example/x")
    recording.add(202, url="http://one.example/a/../b")
    with running(recording.index()) as server:
        head = b"HTTP/1.1\r\nHost: two.example\r\nConnection: close\r\n\r\n"
        assert b" 201 " in raw(server, b"GET http://two.example/x " + head)[:20]
        assert b" 201 " in raw(server, b"GET /x " + head)[:20]
        assert b" 202 " in raw(server, b"GET http://one.example/a/../b " + head)[:20]
        assert b" 404 " in raw(server, b"OPTIONS * " + head)[:20]
        assert b" 404 " in raw(server, b"CONNECT one.example:443 " + head)[:20]


def test_a_broken_request_is_refused_and_not_repeated():
    with running(Recording().index()) as server:
        line = f"Authorization Bearer {MINE}".encode()
        got = raw(server, b"GET / HTTP/1.1\r\n" + line + b"\r\n\r\n")
        long = raw(server, b"GET /" + MINE.encode() * 3_000 + b" HTTP/1.1\r\n\r\n")
    assert b" 400 " in got[:20]
    assert b" 400 " in long[:20]
    assert EXCHANGE.encode() + b": none" in got
    texts = [("answers", got + long), ("told", repr(server.told).encode())]
    assert not leaks([MINE], texts)
    assert len(server.told) == 2


def test_an_error_of_our_own_is_a_500_without_its_text():
    class Broken(Session):
        def ask(self, live):
            raise RuntimeError(f"the key is {dict(live.headers)}")

    told: list[Served] = []

    async def ask() -> tuple[int, str]:
        session = Broken(Recording().index(), PEPPER)
        async with (
            serving(session, "127.0.0.1", 0, told.append) as (host, port),
            aiohttp.ClientSession() as client,
            client.get(f"http://{host}:{port}/", headers={"X-Key": MINE}) as got,
        ):
            return got.status, await got.text()

    status, text = asyncio.run(ask())
    assert status == 500
    assert not leaks([MINE], [("all", (text + repr(told)).encode())])
    assert told[0].note.startswith("RuntimeError at ")


def test_a_body_beyond_the_limit_is_refused():
    recording = Recording()
    recording.add(method="POST")
    with running(recording.index()) as server:
        for fetch in CLIENTS.values():
            status, _, body = fetch("POST", server.url + "/v1/things", {}, b"x" * LONGEST_BODY)
            assert (status, body) == (200, b"{}")
        bomb = gzip.compress(b"\0" * (LONGEST_BODY + 1))
        told = {"Content-Encoding": "gzip"}
        got = requests.post(server.url + "/v1/things", data=bomb, headers=told, timeout=10)
        assert got.status_code == 413
        head = f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {LONGEST_BODY + 1}\r\n\r\n"
        assert b" 413 " in raw(server, head.encode())[:20]


def test_large_answers_arrive_whole(fetch: Fetch):
    answer = "".join(f"line {number} é\n" for number in range(60_000)).encode()
    recording = Recording()
    recording.add(answer=answer, answer_headers=(("Content-Length", "3"), ("X-A", "1")))
    with running(recording.index()) as server:
        _, headers, body = fetch("GET", server.url + "/v1/things", {})
    assert body == answer
    assert {name.lower(): value for name, value in headers.items()}["content-length"] == str(
        len(answer)
    )


def test_connections_are_kept_and_duplicates_too():
    recording = Recording()
    cookies = (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    recording.add(answer_headers=cookies)
    with running(recording.index()) as server:
        head = b"GET /v1/things HTTP/1.1\r\nHost: a\r\n"
        both = raw(server, head + b"\r\n" + head + b"Connection: close\r\n\r\n")
    assert both.count(b"HTTP/1.1 200 Said\r\n") == 2
    assert both.count(b"Set-Cookie: ") == 4


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body_have_none(status: int, fetch: Fetch):
    recording = Recording()
    recording.add(status, answer=b"")
    with running(recording.index()) as server:
        assert fetch("GET", server.url + "/v1/things", {})[::2] == (status, b"")


def test_head_states_the_length(fetch: Fetch):
    recording = Recording()
    recording.add(answer=b"four")
    with running(recording.index()) as server:
        status, headers, body = fetch("HEAD", server.url + "/v1/things", {})
    assert (status, body) == (200, b"")
    assert {name.lower(): value for name, value in headers.items()}["content-length"] == "4"


def test_clients_follow_redirects_here_across_origins():
    recording = Recording()
    hops = [ExchangeKey("baseline", hop=hop) for hop in range(3)]
    first = (("Location", "https://new.example/b"),)
    second = (("Location", "c?page=1"),)
    recording.bearer(GOOD, 307, url="http://old.example/a", key=hops[0], answer_headers=first)
    recording.add(308, url="https://new.example/b", key=hops[1], answer_headers=second)
    recording.add(200, url="https://new.example/c?page=1", key=hops[2], answer=b"here")
    with running(recording.index()) as server:
        headers = {"Authorization": "Bearer s1"}
        by_requests = requests.get(server.url + "/a", headers=headers, timeout=10)
        with httpx.Client(trust_env=False, follow_redirects=True) as client:
            by_httpx = client.get(server.url + "/http/old.example/a", headers=headers)
        assert (by_requests.status_code, by_requests.content) == (200, b"here")
        assert (by_httpx.status_code, by_httpx.content) == (200, b"here")
        assert by_httpx.headers[DIFFERS] == "header authorization"
        assert [one.exchange for one in server.told] == [str(key) for key in hops] * 2


def test_failures_and_choices(fetch: Fetch):
    recording = Recording()
    failure = Failure(Phase.BODY, "reset", "the connection was reset")
    recording.add(failure=failure, key=ExchangeKey("proxy=dead"))
    recording.add(200, key=ExchangeKey("proxy=other"), url=f"{API}/other")
    with running(recording.index()) as server:
        status, headers, body = fetch("GET", server.url + "/v1/things", {})
        chosen = fetch("GET", server.url + "/", {CHOOSE: "proxy=other"})
    assert (status, chosen[0]) == (504, 200)
    assert {name.lower(): value for name, value in headers.items()}[FAILURE.lower()] == "body/reset"
    assert json.loads(body)["error"]["kind"] == "reset"
    assert server.told[0].note == ""


def test_other_variants_with_the_same_request_are_told():
    recording = Recording()
    for variant in ("baseline", "proxy=a", "proxy=b"):
        recording.add(key=ExchangeKey(variant))
    with running(recording.index()) as server:
        by_requests("POST", server.url + "/v1/things", {"X-A": "1"})
        by_requests("GET", server.url + "/v1/things", {"X-A": "1"})
    assert server.told[1].note == "differs in header x-a; as in proxy=a, proxy=b"
