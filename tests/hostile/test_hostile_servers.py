"""Every kind of hostile server in one matrix, with healthy ones between them."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

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


def variant(name: str) -> str:
    return f"proxy={name}" if name in PROXIES else f"url={name}"


def run_all(folder: Path) -> Ran:
    authority = folder / "authority.pem"

    async def run() -> Ran:
        async with listening(KINDS | {"origin": ORIGIN}, authority) as ports:
            product = Product(folder, {"API_KEY": KEY, "SSL_CERT_FILE": str(authority)})
            return await asyncio.to_thread(product.run, scenario(ports), within_seconds=50)

    return asyncio.run(run())


def wrong_ends(ran: Ran, records: dict[str, Json]) -> dict[str, object]:
    """What ended otherwise than its kind must: outcome, status, failure and hops, by name."""
    wrong = {}
    for name, kind in KINDS.items():
        item = ran.variants[variant(name)]
        failure = records[item["attempts"][-1]["exchange"]]["harness"].get("failure")
        end = f"{failure['phase']}/{failure['kind']}" if failure else http_kinds.WHOLE
        hops = 1 + max(attempt["hop"] for attempt in item["attempts"])
        seen = (item["outcome"], item["http_status"], hops)
        ends = kind.failures or (http_kinds.WHOLE,)
        if seen != (kind.outcome, kind.status, kind.hops) or end not in ends:
            wrong[name] = (*seen, end)
    return wrong


def test_the_catalogue_is_large_enough():
    assert len(KINDS) - len(HEALTHY) >= 60


def test_every_kind_ends_as_it_must_in_its_time_and_memory_and_stops_nothing(tmp_path: Path):
    """One test, because one run serves all of its questions."""
    ran = run_all(tmp_path)
    records = ran.exchanges()
    assert wrong_ends(ran, records) == {}
    took = {name: item["harness"]["timing"]["total_seconds"] for name, item in records.items()}
    longest = TIMEOUT_SECONDS + SLACK_SECONDS
    assert {name: seconds for name, seconds in took.items() if seconds > longest} == {}
    assert ran.peak_mib < MOST_MEMORY_MIB
    assert set(ran.outcomes) == {"baseline", *map(variant, KINDS)}
    assert (ran.outcomes["baseline"], ran.run["ended"], ran.stderr) == ("pass", "", "")
    assert ran.exit_code == 0, ran.run["unmet"]
    assert KEY.encode() not in (tmp_path / str(ran.run["cassette"])).read_bytes()
