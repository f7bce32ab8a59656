"""Every kind of hostile server in one matrix, with healthy ones between them."""

from __future__ import annotations

import asyncio
import random

import pytest
from hostile import http_kinds, proxy_kinds, redirect_kinds, tls_kinds
from hostile.kind import Certificate, Kind, answered
from hostile.listeners import listening
from hostile.script import answers
from support.made_keys import made_key
from support.product import Json, Product, Ran

TIMEOUT_SECONDS = 3.0
SLACK_SECONDS = 2.0
"""For a machine that is busy; the client's own part is milliseconds."""
MOST_MEMORY_MIB = 300
WELL = answers(http_kinds.OK + http_kinds.EMPTY)
HEALTHY = {f"healthy-{number}": answered(WELL, "pass", 200) for number in range(1, 6)}
ORIGIN = answered(WELL, "pass", 200, certificate=Certificate.GOOD)

SERVERS = http_kinds.KINDS | redirect_kinds.KINDS | tls_kinds.KINDS | HEALTHY
PROXIES = proxy_kinds.KINDS
KINDS: dict[str, Kind] = SERVERS | PROXIES
KEY = made_key("hostile")


def scenario(ports: dict[str, int]) -> Json:
    names = list(SERVERS)
    random.Random(401).shuffle(names)  # healthy ones between the others, the slow ones apart
    urls = {name: f"{SERVERS[name].url_scheme}://127.0.0.1:{ports[name]}/" for name in names}
    origin = f"https://127.0.0.1:{ports['origin']}/"
    return {
        "request": {
            "url": origin,
            "key": {"env": "API_KEY"},
            "headers": {"Authorization": "Bearer ${key}"},
            "timeout": f"{TIMEOUT_SECONDS}s",
        },
        "axes": {
            "url": {"origin": origin, **urls},
            "proxy": {
                "direct": "none",
                **{name: f"http://127.0.0.1:{ports[name]}" for name in PROXIES},
            },
        },
        "expect": [
            {"when": {axis: name}, "outcome": kind.outcome}
            for axis, kinds in (("url", SERVERS), ("proxy", PROXIES))
            for name, kind in kinds.items()
        ],
        "search": {
            "strategy": "one-at-a-time",
            "concurrency": 24,
            "budget": 1000,
            "max_denied": 1000,
            "deadline": "2m",
        },
    }


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("hostile")
    authority = folder / "authority.pem"

    async def run() -> Ran:
        async with listening(KINDS | {"origin": ORIGIN}, authority) as ports:
            product = Product(folder, {"API_KEY": KEY, "SSL_CERT_FILE": str(authority)})
            return await asyncio.to_thread(product.run, scenario(ports), within_seconds=50)

    return asyncio.run(run())


@pytest.fixture(scope="module")
def records(ran: Ran) -> dict[str, Json]:
    return ran.exchanges()


def variant(name: str) -> str:
    return f"proxy={name}" if name in PROXIES else f"url={name}"


def test_the_catalogue_is_large_enough():
    assert len(KINDS) - len(HEALTHY) - 1 >= 60


@pytest.mark.parametrize("name", KINDS)
def test_it_ends_as_it_must(name: str, ran: Ran, records: dict[str, Json]):
    kind, item = KINDS[name], ran.variants[variant(name)]
    record = records[item["attempts"][-1]["exchange"]]
    failure = record["harness"].get("failure")
    seen = f"{failure['phase']}/{failure['kind']}" if failure else http_kinds.WHOLE
    assert (item["outcome"], item["http_status"]) == (kind.outcome, kind.status)
    assert seen in (kind.failures or (http_kinds.WHOLE,))
    assert max(attempt["hop"] for attempt in item["attempts"]) == kind.hops - 1


def test_each_ends_in_its_time(records: dict[str, Json]):
    took = {name: record["harness"]["timing"]["total_seconds"] for name, record in records.items()}
    late = {name: time for name, time in took.items() if time > TIMEOUT_SECONDS + SLACK_SECONDS}
    assert late == {}


def test_memory_stays_under_its_cap(ran: Ran):
    assert ran.peak_mib < MOST_MEMORY_MIB


def test_nothing_stops_the_rest_of_the_matrix(ran: Ran):
    assert set(ran.outcomes) == {"baseline", *map(variant, KINDS)}
    assert {ran.outcomes[variant(name)] for name in HEALTHY} == {"pass"}
    assert ran.outcomes["baseline"] == "pass"
    assert ran.run["ended"] == ""
    assert ran.exit_code == 0, ran.run["unmet"]
    assert ran.stderr == ""


def test_no_key_is_in_the_record(ran: Ran):
    cassette = ran.folder / str(ran.run["cassette"])
    assert KEY.encode() not in cassette.read_bytes()
