"""Each server's column of the table of header variants, through the product."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.product import Json, Product, Ran

from real.components.jwt_api import fresh_token
from real.components.nginx import Nginx
from real.variants import VARIANTS, Client, Headers

pytestmark = pytest.mark.real

LET_IN = 200


def scenario(url: str) -> Json:
    return {
        "request": {
            "url": url,
            "key": {"env": "API_KEY"},
            "keys.wrong": {"env": "WRONG_KEY"},
            "keys.cased": {"env": "CASED_KEY"},
            "keys.short": {"env": "SHORT_KEY"},
            "keys.login": {"env": "LOGIN"},
            "headers": {"Authorization": "Bearer ${key}"},
            "allow_literals": True,
        },
        "axes": {"variant": {name: level(name) for name in VARIANTS}},
        "search": {"strategy": "one-at-a-time", "max_denied": 500, "budget": 500},
    }


def level(name: str) -> Json:
    row = VARIANTS[name]
    patch: Json = {"headers": row.headers} if row.headers else {}
    if row.client is not Client.RAW:
        return patch
    return {"client": "raw", "headers": exact(row.headers)}


def exact(headers: Headers) -> list[list[str]]:
    """Write fields as pairs: a mapping is refused what only the raw client can send."""
    if isinstance(headers, list):
        return headers
    return [[name, value] for name, value in headers.items() if value is not None]


def run(product: Product, url: str, key: str) -> Ran:
    keys = {
        "API_KEY": key,
        "WRONG_KEY": "wrong-" + key[::-1],
        "CASED_KEY": key.swapcase(),
        "SHORT_KEY": key[:-1],
        "LOGIN": f"{key}:",
    }
    product = replace(product, environ={**product.environ, **keys})
    return product.run(scenario(url))


def seen(ran: Ran) -> dict[str, int | None]:
    first = next(iter(VARIANTS))
    statuses = {name.removeprefix("variant="): status for name, status in ran.statuses.items()}
    return {first: statuses.pop("baseline"), **statuses}


def column(server: str) -> dict[str, int]:
    return {name: row.status(server) for name, row in VARIANTS.items()}


def misjudged(ran: Ran, server: str) -> dict[str, object]:
    """Every variant that is not let in needs the one finding of its cause, proved."""
    found = {finding["flip"]["variant"][1]: finding for finding in ran.findings}
    wanted = {
        name: VARIANTS[name].code for name in VARIANTS if VARIANTS[name].status(server) != LET_IN
    }
    seen = {
        name: finding["code"] if finding["confidence"] == "proved" else "not proved"
        for name, finding in found.items()
    }
    return {
        name: (seen.get(name), wanted.get(name))
        for name in {*seen, *wanted}
        if seen.get(name) != wanted.get(name)
    }


def test_nginx(nginx_server: Nginx, product: Product):
    ran = run(product, nginx_server.http + "/bearer", product.environ["API_KEY"])
    assert seen(ran) == column("nginx")
    assert misjudged(ran, "nginx") == {}


def test_express(issuer_url: str, jwt_api_url: str, product: Product):
    ran = run(product, jwt_api_url + "/api", fresh_token(issuer_url))
    assert seen(ran) == column("express")
    assert misjudged(ran, "express") == {}


def test_httpbin(httpbin_url: str, product: Product):
    ran = run(product, httpbin_url + "/bearer", product.environ["API_KEY"])
    assert seen(ran) == column("httpbin")
    assert misjudged(ran, "httpbin") == {}


def test_the_table_is_whole():
    assert len(VARIANTS) == 35
