"""A proxy that opens TLS takes the header from https too: the proxy alone is to blame."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.product import Json, Product, Ran

from real.components.mitmproxy import Mitm, mitmproxy
from real.components.nginx import Nginx

pytestmark = pytest.mark.mitm

LOWER = """
def request(flow):
    sent = flow.request.headers.get("Authorization", "")
    flow.request.headers["Authorization"] = sent.replace("Bearer", "bearer", 1)
"""


def run(
    product: Product, nginx_server: Nginx, proxy: str, trusted: Path, place: str = "/bearer"
) -> Ran:
    scenario: Json = {
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
    environ = {**product.environ, "SSL_CERT_FILE": str(trusted)}
    return replace(product, environ=environ).run(scenario, "--strategy", "all")


def both(nginx_server: Nginx, authority: Path, tmp_path: Path) -> Path:
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(nginx_server.authority.read_bytes() + authority.read_bytes())
    return trusted


@pytest.mark.parametrize(
    "case",
    [
        ("/bearer", Mitm.STRIP, {"P02", "P05"}),
        ("/bearer", Mitm.REPLACE, {"P02", "P05"}),
        ("/telling", Mitm.REPLACE, {"P05"}),
    ],
    ids=["strip", "replace", "replace, told apart"],
)
def test_it_flips_http_and_https_alike(
    case: tuple[str, Mitm, set[str]], nginx_server: Nginx, product: Product, tmp_path: Path
):
    place, behaviour, codes = case
    with mitmproxy(behaviour, origin_authority=nginx_server.authority) as office:
        trusted = both(nginx_server, office.authority, tmp_path)
        ran = run(product, nginx_server, office.url, trusted, place)
    assert ran.statuses == {
        "baseline": 200,
        "url=http": 200,
        "proxy=office": 401,
        "url=http,proxy=office": 401,
    }
    (finding,) = ran.findings
    assert set(finding["flip"]) == {"proxy"}
    assert finding["confidence"] == "proved"
    assert {finding["code"], *finding["also"]} == codes
    assert ran.run["irrelevant"] == ["url"]


@pytest.mark.parametrize("script", ["", LOWER], ids=["plain", "lower-case"])
def test_it_is_innocent_where_the_origin_takes_what_it_sends(
    script: str, nginx_server: Nginx, product: Product, tmp_path: Path
):
    with mitmproxy(Mitm.PLAIN, origin_authority=nginx_server.authority, script=script) as office:
        trusted = both(nginx_server, office.authority, tmp_path)
        ran = run(product, nginx_server, office.url, trusted)
    assert set(ran.statuses.values()) == {200}
    assert ran.findings == []


def test_without_its_authority_it_is_a_fault_of_tls_not_of_the_key(
    nginx_server: Nginx, product: Product
):
    with mitmproxy(Mitm.STRIP, origin_authority=nginx_server.authority) as office:
        ran = run(product, nginx_server, office.url, nginx_server.authority)
    assert ran.outcomes["proxy=office"] == "unreachable"
    assert ran.outcomes["url=http,proxy=office"] == "denied"
    record = ran.exchanges()[ran.variants["proxy=office"]["attempts"][-1]["exchange"]]
    assert record["harness"]["failure"]["kind"] == "certificate-not-trusted"
    assert "N03" in {finding["code"] for finding in ran.findings} | ran.observed
