"""Which proxy the environment means, by the table and by what the real clients do."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import aiohttp
import httpx
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.matrix.system_proxy import Habits, ProxyChoice, choose_proxy, habits_of

A, R, X, C = Habits.AIOHTTP, Habits.REQUESTS, Habits.HTTPX, Habits.CURL
ALL = (A, R, X, C)
HTTP = "http://api.lab.test:{origin}/x"
HTTPS = "https://api.lab.test:{origin}/x"
IP = "http://127.0.0.1:{origin}/x"
P = "http://127.0.0.1:{proxy}"


@dataclass(frozen=True)
class Case:
    """An environment and a URL; the clients that go through the proxy (the others do not)."""

    url: str
    environ: dict[str, str]
    proxied: tuple[Habits, ...]


CASES = {
    "nothing set": Case(HTTP, {}, ()),
    "lower case": Case(HTTP, {"http_proxy": P}, ALL),
    "upper case, http": Case(HTTP, {"HTTP_PROXY": P}, (A, R, X)),
    "upper case, https": Case(HTTPS, {"HTTPS_PROXY": P}, ALL),
    "mixed case": Case(HTTP, {"Http_Proxy": P}, (A, R, X)),
    "the other scheme's": Case(HTTPS, {"http_proxy": P}, ()),
    "all": Case(HTTP, {"ALL_PROXY": P}, (R, X, C)),
    "all in lower case": Case(HTTPS, {"all_proxy": P}, (R, X, C)),
    "lower case wins": Case(HTTP, {"http_proxy": P, "HTTP_PROXY": "http://127.0.0.1:1"}, ALL),
    "empty lower case": Case(HTTPS, {"https_proxy": "", "HTTPS_PROXY": P}, (C,)),
    "an empty variable": Case(HTTP, {"http_proxy": ""}, ()),
    "no scheme": Case(HTTP, {"http_proxy": "127.0.0.1:{proxy}"}, (R, X, C)),
    "https proxy": Case(HTTP, {"http_proxy": "https://127.0.0.1:{proxy}"}, (R, X, C)),
    "CGI, upper": Case(HTTP, {"HTTP_PROXY": P, "REQUEST_METHOD": "GET"}, ()),
    "CGI, lower": Case(HTTP, {"http_proxy": P, "REQUEST_METHOD": "GET"}, ALL),
    "no_proxy, other host": Case(HTTP, {"http_proxy": P, "NO_PROXY": "b.test"}, ALL),
    "no_proxy, exact": Case(HTTP, {"http_proxy": P, "NO_PROXY": "api.lab.test"}, ()),
    "no_proxy, suffix": Case(HTTP, {"http_proxy": P, "NO_PROXY": "lab.test"}, ()),
    "no_proxy, dot suffix": Case(HTTP, {"http_proxy": P, "NO_PROXY": ".lab.test"}, ()),
    "no_proxy, dot and exact": Case(HTTP, {"http_proxy": P, "NO_PROXY": ".api.lab.test"}, (X,)),
    "no_proxy, part of a name": Case(HTTP, {"http_proxy": P, "NO_PROXY": "pi.lab.test"}, ALL),
    "no_proxy, capitals": Case(HTTP, {"http_proxy": P, "NO_PROXY": "API.LAB.TEST"}, ()),
    "no_proxy, spaces": Case(HTTP, {"http_proxy": P, "NO_PROXY": "b.test , lab.test"}, ()),
    "no_proxy, lower wins": Case(
        HTTP, {"http_proxy": P, "no_proxy": "b.test", "NO_PROXY": "lab.test"}, ALL
    ),
    "no_proxy, star": Case(HTTP, {"http_proxy": P, "NO_PROXY": "*"}, ()),
    "no_proxy, star in a list": Case(HTTP, {"http_proxy": P, "NO_PROXY": "b.test,*"}, (A, R, C)),
    "no_proxy, star and dot": Case(HTTP, {"http_proxy": P, "NO_PROXY": "*.lab.test"}, ALL),
    "no_proxy, right port": Case(
        HTTP, {"http_proxy": P, "NO_PROXY": "api.lab.test:{origin}"}, (A, C)
    ),
    "no_proxy, suffix and port": Case(
        HTTP, {"http_proxy": P, "NO_PROXY": "lab.test:{origin}"}, (A, C)
    ),
    "no_proxy, other port": Case(HTTP, {"http_proxy": P, "NO_PROXY": "api.lab.test:1"}, ALL),
    "no_proxy, address": Case(IP, {"http_proxy": P, "NO_PROXY": "127.0.0.1"}, ()),
    "no_proxy, address and port": Case(
        IP, {"http_proxy": P, "NO_PROXY": "127.0.0.1:{origin}"}, (A, R, C)
    ),
    "no_proxy, network": Case(IP, {"http_proxy": P, "NO_PROXY": "127.0.0.0/8"}, (A, X)),
    "no_proxy, other network": Case(IP, {"http_proxy": P, "NO_PROXY": "10.0.0.0/8"}, ALL),
    "no_proxy, bad network": Case(IP, {"http_proxy": P, "NO_PROXY": "127.0.0.0/x"}, ALL),
    "no_proxy, trailing dot": Case(HTTP, {"http_proxy": P, "NO_PROXY": "lab.test."}, (A, R, X)),
    "no_proxy, only commas": Case(HTTP, {"http_proxy": P, "NO_PROXY": ",,"}, ALL),
    "no_proxy, with a scheme": Case(
        HTTP, {"http_proxy": P, "NO_PROXY": "http://api.lab.test"}, (A, R, C)
    ),
    "no_proxy, with the other scheme": Case(
        HTTP, {"http_proxy": P, "NO_PROXY": "https://api.lab.test"}, ALL
    ),
    "no_proxy empty, lower": Case(
        HTTP, {"http_proxy": P, "no_proxy": "", "NO_PROXY": "lab.test"}, (A, X)
    ),
    "not a URL": Case(HTTP, {"http_proxy": "http://"}, ()),
}


@dataclass
class Ports:
    """Two listening sockets that note who was connected to, and hang up."""

    origin: int = 0
    proxy: int = 0
    seen: list[str] = field(default_factory=list)

    def fill(self, text: str) -> str:
        return text.replace("{origin}", str(self.origin)).replace("{proxy}", str(self.proxy))


@pytest.fixture(scope="module")
def ports() -> Iterator[Ports]:
    found = Ports()
    listeners = []
    for name in ("origin", "proxy"):
        listener = socket.create_server(("127.0.0.1", 0))
        setattr(found, name, listener.getsockname()[1])
        listeners.append(listener)
        threading.Thread(target=_note, args=(listener, name, found), daemon=True).start()
    yield found
    for listener in listeners:
        listener.close()


def _note(listener: socket.socket, name: str, found: Ports) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            found.seen.append(name)
            with connection:
                connection.settimeout(2)
                with contextlib.suppress(OSError):
                    connection.recv(4096)


def ask_requests(url: str) -> None:
    requests.get(url, timeout=2)


def ask_httpx(url: str) -> None:
    with httpx.Client(timeout=2) as client:
        client.get(url)


def ask_aiohttp(url: str) -> None:
    async def ask() -> None:
        connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver(), force_close=True)
        async with aiohttp.ClientSession(trust_env=True, connector=connector) as session:
            await session.get(url)

    asyncio.run(ask())


CLIENTS: dict[Habits, Callable[[str], None]] = {A: ask_aiohttp, R: ask_requests, X: ask_httpx}
FAILURES = (requests.RequestException, httpx.HTTPError, aiohttp.ClientError, OSError, ValueError)


def what_happens(habits: Habits, case: Case, ports: Ports, monkeypatch) -> str:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name == "REQUEST_METHOD":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", "/nonexistent")
    for name, value in case.environ.items():
        monkeypatch.setenv(name, ports.fill(value))
    real = socket.getaddrinfo

    def resolve(_host, port, *rest, **how):
        return real("127.0.0.1", port, *rest, **how)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    ports.seen.clear()
    url = ports.fill(case.url)
    if habits is C:
        resolved = f"api.lab.test:{ports.origin}:127.0.0.1"
        argv = ["curl", "-sk", "--max-time", "2", "--resolve", resolved, url]
        subprocess.run(argv, check=False, capture_output=True)
    else:
        with contextlib.suppress(*FAILURES):
            CLIENTS[habits](url)
    return ports.seen[0] if ports.seen else "nothing"


def expected(choice: ProxyChoice, ports: Ports) -> str:
    if choice.refusal:
        return "nothing"
    if choice.url is None:
        return "origin"
    assert choice.url.endswith(f"127.0.0.1:{ports.proxy}")
    return "proxy"


@pytest.mark.parametrize("habits", ALL)
@pytest.mark.parametrize("name", CASES)
def test_the_table_says_who_takes_the_proxy(name, habits, ports):
    case = CASES[name]
    environ = {key: ports.fill(value) for key, value in case.environ.items()}
    choice = choose_proxy(environ, habits, ports.fill(case.url))
    assert (choice.url is not None) is (habits in case.proxied)
    assert choice.why


@pytest.mark.parametrize("habits", ALL)
@pytest.mark.parametrize("name", CASES)
def test_the_real_client_does_the_same(name, habits, ports, monkeypatch):
    if habits is C and shutil.which("curl") is None:
        pytest.skip("curl is not installed: apt-get install curl")
    case = CASES[name]
    environ = {key: ports.fill(value) for key, value in case.environ.items()}
    choice = choose_proxy(environ, habits, ports.fill(case.url))
    assert what_happens(habits, case, ports, monkeypatch) == expected(choice, ports)


def choice(value: str, habits: Habits, url: str = "http://api.lab.test/x") -> ProxyChoice:
    return choose_proxy({"http_proxy": value, "https_proxy": value}, habits, url)


def test_userinfo_is_taken_out_of_the_url_and_shown_nowhere():
    found = choice("http://me:p%40ss@proxy.test:3128/", R)
    assert found.url == "http://proxy.test:3128"
    assert (found.username, found.password) == ("me", "p@ss")
    assert repr(found) == "<ProxyChoice http_proxy, read as requests does>"
    assert choice("http://me@proxy.test", R).password is None


def test_a_port_that_is_left_out_is_the_clients_own_default():
    assert choice("http://proxy.test", C).url == "http://proxy.test:1080"
    assert choice("proxy.test", C).url == "http://proxy.test:1080"
    assert choice("https://proxy.test", C).url == "https://proxy.test"
    assert choice("http://proxy.test", R).url == "http://proxy.test"
    assert choice("http://[::1]:3128", X).url == "http://[::1]:3128"


def test_aiohttp_speaks_http_to_a_socks_proxy():
    found = choice("socks5://proxy.test:1080", A)
    assert found.url == "http://proxy.test:1080"
    assert found.why.endswith("aiohttp speaks plain HTTP to a socks5:// proxy")
    assert choice("socks5h://proxy.test:1080", R).url == "socks5h://proxy.test:1080"


def test_names_are_looked_up_where_the_client_has_it_done():
    urls = {habits: choice("socks5://proxy.test:1080", habits).url for habits in (R, C, X)}
    here, there = "socks5://proxy.test:1080", "socks5h://proxy.test:1080"
    assert urls == {R: here, C: here, X: there}


def test_what_is_ignored_is_said():
    found = choose_proxy({"ALL_PROXY": "http://p.test"}, A, "http://a.test")
    assert found.why == "no HTTP_PROXY for aiohttp, which has ALL_PROXY and ignores it"
    found = choose_proxy({"HTTP_PROXY": "http://p.test"}, C, "http://a.test")
    assert found.why == "no proxy variable for curl; curl ignores HTTP_PROXY in capitals"
    assert choice("https://p.test", A).why == "http_proxy: aiohttp ignores https:// proxies"
    found = choose_proxy({"http_proxy": "http://p.test", "NO_PROXY": "a.test"}, R, "http://a.test")
    assert found.why == "NO_PROXY has a.test"


@pytest.mark.parametrize("habits", [R, X, C])
def test_a_value_that_is_no_url_sends_nothing(habits):
    assert choice("http://proxy.test:port", habits).refusal == "http_proxy holds no URL of a proxy"
    assert choice("p.test", A).refusal == "aiohttp refuses http_proxy, which has no http://"


@pytest.mark.parametrize(
    ("entry", "url", "direct"),
    [
        ("::1", "http://[::1]/", (A, R, X, C)),
        ("[::1]", "http://[::1]/", (X, C)),
        ("::/64", "http://[::1]/", (X, C)),
        ("http://", "http://api.test/", (X,)),
        ("https://", "http://api.test/", ()),
        ("localhost", "http://localhost/", (A, R, X, C)),
        ("localhost", "http://a.localhost/", (A, R, C)),
        ("api.test:80", "http://api.test:80/", (R,)),
        ("all://api.test", "http://api.test/", (X,)),
        ("http://api.test:80", "http://api.test/", (X,)),
        ("https://api.test:443", "http://api.test/", ()),
        ("10.0.0.0/8,api.test", "http://10.1.2.3/", (R, C)),
        ("api.test", "http://api.test./", (C,)),
    ],
)
def test_no_proxy_beyond_what_can_be_tried_here(entry, url, direct):
    environ = {"http_proxy": "http://p.test", "no_proxy": entry}
    assert tuple(h for h in ALL if choose_proxy(environ, h, url).url is None) == direct


def test_an_entry_on_which_httpx_gives_up_sends_nothing():
    environ = {"http_proxy": "http://p.test", "no_proxy": "[::1]"}
    assert choose_proxy(environ, X, "http://a.test/").refusal == "httpx refuses [::1] in NO_PROXY"


def test_a_client_without_habits_reads_as_aiohttp_does():
    assert [habits_of(name) for name in ("curl", "raw", "aiohttp")] == [C, A, A]


VALUES = st.text(alphabet=":/@.,*[]-apx019 %#?\u00e9", max_size=24)


@settings(max_examples=200, deadline=None)
@given(VALUES, VALUES, st.sampled_from(ALL))
def test_no_value_of_a_variable_breaks_the_choice(value, no_proxy, habits):
    environ = {"http_proxy": value, "NO_PROXY": no_proxy}
    found = choose_proxy(environ, habits, "http://api.lab.test:8080/x")
    assert found.why
    assert not (found.refusal and found.url)
    assert "@" not in (found.url or "")
