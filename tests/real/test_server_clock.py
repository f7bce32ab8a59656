"""APIs whose clocks are wrong: the same token, good or over, and how far the clock is off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from support.product import Json, Product, Ran

from real.components.jwt_api import TOKEN_LIFE_SECONDS, fresh_token, jwt_api

pytestmark = pytest.mark.real

CLOCKS = {"exact": ("", 0), "ahead-110": ("+110s", 110), "ahead-125": ("+125s", 125)}
CLOCKS |= {"behind-300": ("-5m", -300)}


@pytest.fixture(scope="module")
def apis(issuer_url: str) -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(jwt_api(issuer_url, clock=clock))
            for name, (clock, _) in CLOCKS.items()
        }


@pytest.fixture
def product(product: Product, issuer_url: str) -> Product:
    return replace(product, environ={"API_KEY": fresh_token(issuer_url)})


def asked(product: Product, url: str, **more: Json) -> Ran:
    request = {
        "url": f"{url}/api",
        "key": {"env": "API_KEY"},
        "headers": {"Authorization": "Bearer ${key}"},
    }
    return product.run({"request": request, **more})


def test_a_token_of_two_minutes_is_over_at_125_seconds_and_good_at_110(
    apis: dict[str, str], product: Product
):
    assert TOKEN_LIFE_SECONDS == 120
    urls = {name: f"{url}/api" for name, url in apis.items()}
    ran = asked(product, apis["exact"], axes={"url": urls})
    assert ran.outcomes == {
        "baseline": "pass",
        "url=ahead-110": "pass",
        "url=ahead-125": "denied",
        "url=behind-300": "pass",
    }
    (finding,) = ran.findings
    assert finding["flip"] == {"url": ["exact", "ahead-125"]}
    assert "'exp' claim" in finding["explanation"]


@pytest.mark.parametrize("name", CLOCKS)
def test_the_clock_of_the_server_is_measured(name: str, apis: dict[str, str], product: Product):
    ran = asked(product, apis[name])
    low, high = ran.run["clock_skew_seconds"]
    ours = -CLOCKS[name][1]  # the skew is said of this machine's clock
    assert low - 1 <= ours <= high + 1
    assert high - low <= 3
    assert ("C06" in ran.observed) is (name != "exact")


def test_two_challenges_in_one_header_are_recorded_as_they_came(
    apis: dict[str, str], product: Product
):
    ran = asked(product, apis["ahead-125"])
    (record,) = ran.exchanges().values()
    (challenge,) = record["response"]["headers"]["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="api", error="invalid_token"')
    assert ", DPoP algs=" in challenge
