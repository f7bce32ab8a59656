"""nginx and Apache as the gateway: who lets the header through, who asks for which login."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from dataclasses import replace
from hashlib import md5

import pytest
from support.product import Json, Product, Ran

from real.components.apache import NONCE_LIFETIME_SECONDS
from real.components.nginx import Nginx

pytestmark = pytest.mark.real

BEARER = {"key": {"env": "API_KEY"}, "headers": {"Authorization": "Bearer ${key}"}}


def places(base: str, good: str, bad: str, **request: object) -> Json:
    return {
        "request": {"url": base + good, **(request or BEARER)},
        "axes": {"url": {"good": base + good, "bad": base + bad}},
    }


def logins(url: str) -> Json:
    def basic(source: Json) -> Json:
        return {"basic": {"username": "user", "password": source}}

    right, wrong = basic({"env": "PASSWORD"}), basic({"literal": "wrong"})
    return {
        "request": {"url": url, "sign": right},
        "axes": {"sign": {"right": right, "wrong": wrong}},
    }


def answer_to(ran: Ran, variant: str) -> Json:
    exchanges = ran.exchanges()
    return exchanges[ran.variants[variant]["attempts"][-1]["exchange"]]["response"]


def test_a_gateway_that_drops_the_header_is_an_axis_of_the_url(
    nginx_server: Nginx, product: Product
):
    ran = product.run(places(nginx_server.http, "/passed", "/dropped"))
    (finding,) = ran.findings
    assert (ran.outcomes["url=bad"], finding["code"]) == ("denied", "U02")
    # The origin's own challenge, as RFC 6750 has it for a request without a credential.
    challenge = answer_to(ran, "url=bad")["headers"]["WWW-Authenticate"]
    assert challenge == ['Bearer realm="api"']


def test_a_subrequest_decides_in_nginx(nginx_server: Nginx, product: Product):
    url = nginx_server.http + "/asked"
    keys = {"good": {"env": "API_KEY"}, "bad": {"literal": "wrong"}}
    ran = product.run({"request": {"url": url, **BEARER}, "axes": {"key": keys}})
    assert ran.statuses == {"baseline": 200, "key=bad": 401}
    challenge = answer_to(ran, "key=bad")["headers"]["WWW-Authenticate"]
    assert challenge == ['Bearer realm="api", error="invalid_token"']


def test_a_redirect_to_another_host_drops_the_key_and_one_to_another_path_keeps_it(
    nginx_server: Nginx, product: Product
):
    ran = product.run(places(nginx_server.http, "/moved-path", "/moved-host"))
    (finding,) = ran.findings
    assert ran.statuses == {"baseline": 200, "url=bad": 401}
    assert finding["code"] == "R01"


@pytest.mark.parametrize("server", ["nginx", "apache"])
def test_basic_wants_the_right_password(
    server: str, nginx_server: Nginx, apache_url: str, product: Product
):
    url = f"{nginx_server.http}/basic" if server == "nginx" else f"{apache_url}/basic/"
    ran = replace(product, environ={"PASSWORD": "pass"}).run(logins(url))
    assert ran.statuses == {"baseline": 200, "sign=wrong": 401}
    assert [set(finding["flip"]) for finding in ran.findings] == [{"sign"}]
    assert len(answer_to(ran, "sign=wrong")["headers"]["WWW-Authenticate"]) == 1


def test_apache_keeps_the_header_from_cgi_unless_told_otherwise(apache_url: str, product: Product):
    ran = product.run(places(apache_url, "/cgi-passes", "/cgi-drops"))
    (finding,) = ran.findings
    assert (ran.outcomes["url=bad"], finding["code"]) == ("denied", "U02")
    challenge = answer_to(ran, "url=bad")["headers"]["WWW-Authenticate"]
    assert challenge == ['Bearer realm="cgi"']


def test_basic_where_digest_is_wanted_is_denied(apache_url: str, product: Product):
    ran = replace(product, environ={"PASSWORD": "pass"}).run(logins(f"{apache_url}/digest/"))
    assert set(ran.statuses.values()) == {401}
    assert ran.run["verdict"] == "all-denied"


def test_a_digest_with_an_old_nonce_is_denied_as_stale(apache_url: str, product: Product):
    lasting, short = (digest(apache_url, place) for place in ("/digest/", "/digest-short/"))
    time.sleep(NONCE_LIFETIME_SECONDS + 0.1)  # the server's own clock decides
    ran = replace(product, environ={"LASTING": lasting, "SHORT": short}).run(
        {
            "request": {
                "url": f"{apache_url}/digest/",
                "key": {"env": "LASTING"},
                "headers": {"Authorization": "Digest ${key}"},
            },
            "axes": {
                "nonce": {
                    "fresh": {},
                    "old": {"url": f"{apache_url}/digest-short/", "key": {"env": "SHORT"}},
                }
            },
        }
    )
    assert ran.statuses == {"baseline": 200, "nonce=old": 401}
    (challenge,) = answer_to(ran, "nonce=old")["headers"]["WWW-Authenticate"]
    assert challenge.startswith("Digest ")
    assert "stale=true" in challenge


def digest(base: str, path: str) -> str:
    """Answer the server's challenge (RFC 7616), without the scheme's name."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with pytest.raises(urllib.error.HTTPError) as refused:
        direct.open(base + path, timeout=5)
    challenge = refused.value.headers["WWW-Authenticate"]
    refused.value.close()
    nonce = re.search(r'nonce="([^"]+)"', challenge)
    assert nonce is not None

    def hashed(*parts: str) -> str:
        return md5(":".join(parts).encode()).hexdigest()

    count, own = "00000001", "0a4f113b"
    proof = hashed(hashed("user", "api", "pass"), nonce[1], count, own, "auth", hashed("GET", path))
    return (
        f'username="user", realm="api", nonce="{nonce[1]}", uri="{path}", qop=auth, '
        f'nc={count}, cnonce="{own}", response="{proof}", algorithm=MD5'
    )
