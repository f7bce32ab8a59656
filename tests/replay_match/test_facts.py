from __future__ import annotations

from dataclasses import replace

import pytest
from support.made_keys import made_key
from support.recordings import API, Recording

from harness.model.wire import RedactedMessage, RedactedWire
from harness.replay_match.facts import Fact, is_telling, recorded_facts, weight_of

KEY = made_key("facts")


def test_a_fact_is_cut_at_its_secrets():
    fact = Fact.of("header authorization", "Bearer  RDX~s1.sk.L35.Chex~ v2")
    assert fact.texts == ("Bearer  ", " v2")
    assert [one.id for one in fact.held] == ["s1"]
    assert fact.form == ("header authorization", ("bearer ", " v0"))
    assert Fact.of("query Page", "A  2").form == ("query Page", ("A  2",))


def test_the_query_is_sorted_decoded_and_without_times():
    recorded = Recording().add(url=f"{API}/x?b=2&a=x%2Fy&timestamp=5&flag&page=1")
    places = [fact.place for fact in recorded_facts(recorded).query]
    assert places == ["query a", "query b", "query flag", "query page"]


def test_what_left_goes_before_what_was_meant():
    recorded = Recording().bearer(KEY, url=f"{API}/a/../b#c")
    sent = (*recorded.headers, ("User-Agent", "me"))
    wire = RedactedWire(sent=RedactedMessage(("GET /b HTTP/1.1",), 10))
    facts = recorded_facts(replace(recorded, headers_sent=sent, wire=wire))
    assert facts.target.spelling == "/b"
    assert facts.headers == sent
    nothing = recorded_facts(replace(recorded, headers_sent=(), wire=RedactedWire()))
    assert nothing.target.spelling == "/a/../b"
    assert nothing.headers == recorded.headers
    odd = RedactedWire(sent=RedactedMessage(("GET * HTTP/1.1",), 10))
    assert recorded_facts(replace(recorded, wire=odd)).target.spelling == "/a/../b"


def test_credentials_stand_where_names_or_known_keys_say():
    headers = (
        ("X-Custom", KEY),
        ("X-Api-Key", "another"),
        ("Proxy-Authorization", "Basic bWU6cHc="),
        ("Content-Type", "application/json"),
    )
    body = f'{{"inner": {{"it": "{KEY}"}}, "password": "hunter2", "model": "m"}}'.encode()
    recorded = Recording().add(headers=headers, body=body, keys={"key": KEY})
    facts = recorded_facts(recorded)
    places = facts.own_places()
    assert places == {"header x-custom", "body /inner/it", "body /password"}
    found = [fact.place for fact in facts.credentials(places)]
    assert found == ["body /inner/it", "body /password", "header x-api-key", "header x-custom"]
    assert [fact.place for fact in facts.credentials(frozenset())] == ["header x-api-key"]


def test_cookies_count_where_they_were_recorded():
    facts = recorded_facts(Recording().add(headers=[("Cookie", "a=b")]))
    assert facts.own_places() == {"header cookie"}
    assert facts.credentials(frozenset()) == ()
    assert [one.place for one in facts.credentials(facts.own_places())] == ["header cookie"]
    assert [place for place, _ in facts.rest(frozenset())] == ["target"]
    assert "spelling of header cookie" in dict(facts.rest(facts.own_places()))


def test_the_rest_leaves_out_what_belongs_to_one_hop():
    headers = [
        ("Host", "a"),
        ("Content-Length", "1"),
        ("Sec-Fetch-Mode", "cors"),
        ("Content-Type", "Application/JSON; charset=utf-8"),
        ("Authorization", f"bearer  {KEY}"),
        ("User-Agent", "me"),
        ("X-Flag", "yes"),
    ]
    told = dict(recorded_facts(Recording().add(headers=headers, keys={"k": KEY})).rest(frozenset()))
    assert set(told) == {
        "header content-type",
        "header user-agent",
        "header x-flag",
        "spelling of header authorization",
        "target",
    }
    assert told["header content-type"] == "application/json;charset=utf-8"
    assert told["spelling of header authorization"].startswith("bearer  \0")


@pytest.mark.parametrize(
    ("place", "telling"),
    [
        ("spelling of header authorization", True),
        ("header content-type", True),
        ("header x-flag", True),
        ("header user-agent", False),
        ("target", False),
    ],
)
def test_small_differences_are_not_told(place: str, telling: bool):  # noqa: FBT001 - a table
    assert is_telling(place) is telling
    assert weight_of(place) >= 1


def test_the_representation_names_the_method_only():
    assert repr(recorded_facts(Recording().bearer(KEY))) == "<RequestFacts GET>"
