"""Forward proxies written by others, with http and https: what comes back, and who is blamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
import trustme
from support.made_keys import made_key
from support.product import Json, Product, Ran

from real.components.nginx import Nginx
from real.components.process import free_port
from real.components.proxy_py import proxy_py
from real.components.socks import dante, microsocks
from real.components.squid import Squid, squid
from real.components.tinyproxy import tinyproxy

pytestmark = pytest.mark.real

LOGIN = {"username": "user", "password": {"env": "PROXY_PASSWORD"}}
WRONG_LOGIN = {"username": "user", "password": {"literal": "wrong"}}


@contextmanager
def dead() -> Iterator[str]:
    yield f"http://127.0.0.1:{free_port()}"


@contextmanager
def spoken_to_as(scheme: str, server: Callable[[], AbstractContextManager[int]]) -> Iterator[str]:
    with server() as port:
        yield f"{scheme}://127.0.0.1:{port}"


@dataclass(frozen=True)
class Row:
    """A proxy, its login, and what a good key comes to through it with http and with https."""

    start: Callable[[], AbstractContextManager[str]]
    http: tuple[str, int | None]
    https: tuple[str, int | None]
    flip: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    login: Json | None = None


PASS = ("pass", 200)
DENIED = ("denied", 401)
REFUSED = ("proxy-denied", 407)
REFUSED_BY_SOCKS = ("proxy-denied", None)
NOTHING = ("unreachable", None)

TOGETHER = frozenset({"url", "proxy"})
ALONE = frozenset({"proxy"})
TAKEN_AWAY_OR_REPLACED = frozenset({"P02", "P05"})
LOGIN_MISSING = frozenset({"P01"})
NOT_THERE = frozenset({"N02"})
SPEAKS_OTHERWISE = frozenset({"N06"})

squid_login = partial(squid, Squid.LOGIN)
tinyproxy_login = partial(tinyproxy, login=("user", "pass"))
proxy_py_login = partial(proxy_py, login=("user", "pass"))
microsocks_login = partial(microsocks, login=("user", "pass"))

ROWS = {
    "squid": Row(partial(squid, Squid.PLAIN), PASS, PASS),
    "tinyproxy": Row(tinyproxy, PASS, PASS),
    "proxy.py": Row(proxy_py, PASS, PASS),
    "squid strips": Row(
        partial(squid, Squid.STRIP), DENIED, PASS, TOGETHER, TAKEN_AWAY_OR_REPLACED
    ),
    "squid replaces": Row(
        partial(squid, Squid.REPLACE), DENIED, PASS, TOGETHER, TAKEN_AWAY_OR_REPLACED
    ),
    "squid, login given": Row(squid_login, PASS, PASS, login=LOGIN),
    "tinyproxy, login given": Row(tinyproxy_login, PASS, PASS, login=LOGIN),
    "proxy.py, login given": Row(proxy_py_login, PASS, PASS, login=LOGIN),
    "squid, no login": Row(squid_login, REFUSED, REFUSED, ALONE, LOGIN_MISSING),
    "tinyproxy, no login": Row(tinyproxy_login, REFUSED, REFUSED, ALONE, LOGIN_MISSING),
    "proxy.py, no login": Row(proxy_py_login, REFUSED, REFUSED, ALONE, LOGIN_MISSING),
    "squid, wrong login": Row(
        squid_login, REFUSED, REFUSED, ALONE, LOGIN_MISSING, login=WRONG_LOGIN
    ),
    "microsocks": Row(partial(spoken_to_as, "socks5", microsocks), PASS, PASS),
    "microsocks, names asked there": Row(partial(spoken_to_as, "socks5h", microsocks), PASS, PASS),
    "dante": Row(partial(spoken_to_as, "socks5", dante), PASS, PASS),
    "microsocks, login given": Row(
        partial(spoken_to_as, "socks5", microsocks_login), PASS, PASS, login=LOGIN
    ),
    "microsocks, no login": Row(
        partial(spoken_to_as, "socks5", microsocks_login),
        REFUSED_BY_SOCKS,
        REFUSED_BY_SOCKS,
        ALONE,
        LOGIN_MISSING,
    ),
    "microsocks, wrong login": Row(
        partial(spoken_to_as, "socks5h", microsocks_login),
        REFUSED_BY_SOCKS,
        REFUSED_BY_SOCKS,
        ALONE,
        LOGIN_MISSING,
        login=WRONG_LOGIN,
    ),
    "microsocks as http": Row(
        partial(spoken_to_as, "http", microsocks), NOTHING, NOTHING, ALONE, SPEAKS_OTHERWISE
    ),
    "microsocks as https": Row(
        partial(spoken_to_as, "https", microsocks), NOTHING, NOTHING, ALONE, SPEAKS_OTHERWISE
    ),
    "dante as http": Row(
        partial(spoken_to_as, "http", dante), NOTHING, NOTHING, ALONE, SPEAKS_OTHERWISE
    ),
    "dead": Row(dead, NOTHING, NOTHING, ALONE, NOT_THERE),
}


@pytest.fixture
def product(product: Product, nginx_server: Nginx) -> Product:
    more = {
        "SSL_CERT_FILE": str(nginx_server.authority),
        "PROXY_PASSWORD": "pass",
        "WRONG_KEY": made_key("wrong"),
    }
    return replace(product, environ={**product.environ, **more})


def matrix(nginx_server: Nginx, proxy: str | Json, place: str = "/bearer") -> Json:
    return {
        "request": {
            "url": nginx_server.https + place,
            "key": {"env": "API_KEY"},
            "headers": {"Authorization": "Bearer ${key}"},
        },
        "axes": {
            "url": {"https": nginx_server.https + place, "http": nginx_server.http + place},
            "proxy": {"direct": "none", "office": proxy},
        },
    }


def seen(ran: Ran, variant: str) -> tuple[str, int | None]:
    return ran.outcomes[variant], ran.statuses[variant]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_proxy_is_judged_by_what_it_does(row: Row, nginx_server: Nginx, product: Product):
    with row.start() as url:
        proxy = {"url": url, **row.login} if row.login else url
        # The search is content when each level has passed once; the table has every cell.
        options = () if row.flip else ("--strategy", "all")
        ran = product.run(matrix(nginx_server, proxy), *options)
    assert seen(ran, "baseline") == seen(ran, "url=http") == PASS
    assert seen(ran, "proxy=office") == row.https
    assert seen(ran, "url=http,proxy=office") == row.http
    assert [set(finding["flip"]) for finding in ran.findings] == [set(row.flip)] * bool(row.flip)
    for finding in ran.findings:
        assert finding["confidence"] == "proved"
        assert finding["to"] == (row.http if row.http != PASS else row.https)[0]
        assert {finding["code"], *finding["also"]} == row.codes
        assert "key was never" in finding["explanation"] or row.http != REFUSED
    if not row.flip:
        assert set(ran.run["irrelevant"]) == {"url", "proxy"}


@pytest.mark.parametrize(
    "row", [row for row in ROWS.values() if row.https == PASS], ids=lambda row: ""
)
def test_a_bad_key_is_denied_by_the_origin_through_every_proxy_that_lets_it_through(
    row: Row, nginx_server: Nginx, product: Product
):
    with row.start() as url:
        scenario = matrix(nginx_server, {"url": url, **row.login} if row.login else url)
        scenario["axes"]["key"] = {"good": {"env": "API_KEY"}, "bad": {"env": "WRONG_KEY"}}
        ran = product.run(scenario, "--strategy", "all")
    bad = {name: pair for name in ran.variants if "key=bad" in name for pair in [seen(ran, name)]}
    assert bad == dict.fromkeys(bad, DENIED)
    assert len(bad) == 4


def test_a_proxy_that_says_401_to_a_wrong_login_is_blamed_for_it(
    nginx_server: Nginx, product: Product
):
    """Seen in tinyproxy 1.11.1: its 401 looks like the API's."""
    with tinyproxy_login() as url:
        ran = product.run(matrix(nginx_server, {"url": url, **WRONG_LOGIN}))
    assert seen(ran, "proxy=office") == ("unreachable", 401)
    assert seen(ran, "url=http,proxy=office") == DENIED
    (found,) = ran.findings
    assert (set(found["flip"]), found["code"], found["to"]) == ({"proxy"}, "N05", "unreachable")


def test_it_is_blamed_where_the_api_speaks_http_alone_too(nginx_server: Nginx, product: Product):
    with tinyproxy_login() as url:
        scenario = matrix(nginx_server, {"url": url, **WRONG_LOGIN})
        scenario["request"]["url"] = nginx_server.http + "/bearer"
        del scenario["axes"]["url"]
        ran = product.run(scenario)
    (found,) = ran.findings
    assert (set(found["flip"]), found["code"], found["to"]) == ({"proxy"}, "P01", "denied")


def test_an_api_that_tells_them_apart_shows_whether_the_key_was_taken_away_or_replaced(
    nginx_server: Nginx, product: Product
):
    codes = {}
    for behaviour in (Squid.STRIP, Squid.REPLACE):
        with squid(behaviour) as url:
            scenario = matrix(nginx_server, url, "/telling")
            scenario["axes"]["written"] = {
                "sent": {},
                "left-out": {"headers": {"Authorization": None}},
                "wrong": {"headers": {"Authorization": "Bearer wrong"}},
            }
            scenario["request"]["allow_literals"] = True
            ran = product.run(scenario)
        (finding,) = (item for item in ran.findings if "proxy" in item["flip"])
        assert set(finding["flip"]) == {"url", "proxy"}
        codes[behaviour] = finding["code"]
    assert codes == {Squid.STRIP: "P02", Squid.REPLACE: "P05"}


def test_a_socks_server_never_lends_its_noise_a_status(nginx_server: Nginx, product: Product):
    for server in (microsocks, dante):
        with spoken_to_as("http", server) as url:
            ran = product.run(matrix(nginx_server, url))
        for name, exchange in ran.exchanges().items():
            if "proxy=office" in name:
                assert exchange["response"] is None
                assert exchange["harness"]["failure"]["kind"] in {"not-http", "disconnected"}


def test_no_login_of_a_proxy_and_no_key_is_in_the_record(
    nginx_server: Nginx, product: Product, tmp_path: Path
):
    with squid_login() as url:
        ran = product.run(matrix(nginx_server, {"url": url, **LOGIN}))
    text = (tmp_path / str(ran.run["cassette"])).read_text()
    assert product.environ["API_KEY"] not in text
    assert "dXNlcjpwYXNz" not in text


@pytest.mark.parametrize("login", [None, ("user", "pass")])
def test_a_proxy_behind_tls_is_trusted_by_a_certificate_of_its_own(
    login: tuple[str, str] | None, nginx_server: Nginx, product: Product, tmp_path: Path
):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "proxy-ca.pem"))
    with proxy_py(login=login, authority=authority) as url:
        proxy = {"url": url, "tls": {"ca": "proxy-ca.pem"}, **(LOGIN if login else {})}
        ran = product.run(matrix(nginx_server, proxy), "--strategy", "all")
        assert {seen(ran, name) for name in ran.variants} == {PASS}
        for name, exchange in ran.exchanges().items():
            wire = exchange["harness"]["wire"]
            assert ("proxy_tls" in wire) is ("proxy=office" in name)
            assert ("tls" in wire) is ("url=http" not in name)
        ran = product.run(matrix(nginx_server, url))
    (found,) = ran.findings
    assert (set(found["flip"]), found["code"]) == ({"proxy"}, "N06")
    assert "certificate" in found["explanation"]


def test_a_host_that_only_the_socks_proxy_could_resolve_is_asked_of_it(
    nginx_server: Nginx, product: Product
):
    """The name is a made-up one: what fails is the proxy's look-up, not this machine's."""
    with microsocks() as port:
        scenario = matrix(nginx_server, f"socks5h://127.0.0.1:{port}")
        scenario["axes"]["url"] = {"there": nginx_server.https + "/bearer"}
        scenario["axes"]["proxy"]["here"] = f"socks5://127.0.0.1:{port}"
        scenario["request"]["url"] = scenario["axes"]["url"]["there"]
        scenario["axes"]["url"]["unknown"] = "https://no-such-host.invalid/bearer"
        ran = product.run(scenario, "--strategy", "all")
    failures = {
        name: exchange["harness"]["failure"]
        for name, exchange in ran.exchanges().items()
        if "url=unknown" in name
    }
    asked = failures["url=unknown,proxy=office/1/main/0/1"]
    assert (asked["phase"], asked["kind"]) == ("proxy", "proxy-refused")
    alone = failures["url=unknown,proxy=here/1/main/0/1"]
    assert (alone["phase"], alone["kind"]) == ("dns", "name-not-resolved")
