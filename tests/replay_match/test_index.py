from __future__ import annotations

from support.made_keys import made_key
from support.recordings import API, Recording

from harness.model.exchange import ExchangeKey
from harness.replay_match.facts import recorded_facts
from harness.replay_match.index import Line, Recorded, Route, variants_of
from harness.replay_match.origin import Origin

KEYS = [made_key(("index", number)) for number in range(3)]
HERE = Origin("https", "api.example", 443)
THERE = Origin("http", "other.example", 8080)


def test_a_route_is_origin_method_and_path():
    recording = Recording()
    recording.bearer(KEYS[0])
    recording.bearer(KEYS[1])
    recording.bearer(KEYS[0], method="POST")
    recording.bearer(KEYS[0], url="http://other.example:8080/v1/things")
    index = recording.index()
    assert list(index.origins) == [HERE, THERE]
    assert [(route.origin, route.method) for route in index.routes.values()] == [
        (HERE, "GET"),
        (HERE, "POST"),
        (THERE, "GET"),
    ]
    route = next(iter(index.routes.values()))
    (group,) = route.groups.values()
    assert list(group.pools) == [("s1",), ("s2",)]
    (row,) = group.rows.values()
    assert row.ids == [("s1",), ("s2",)]


def test_a_target_names_its_origin_or_none():
    recording = Recording()
    recording.bearer(KEYS[0])
    index = recording.index()
    assert index.target_of("/https/api.example/v1/things").origin == HERE
    assert index.target_of("https://api.example/v1/things").origin == HERE
    plain = index.target_of("/https/never.example/x")
    assert (plain.origin, plain.path) == (None, "/https/never.example/x")


def test_a_plain_path_means_every_origin_those_named_first():
    recording = Recording()
    recording.bearer(KEYS[0])
    recording.bearer(KEYS[0], url="http://other.example:8080/v1/things")
    index = recording.index()
    facts = recorded_facts(Recording().bearer(KEYS[0], url="/v1/things"))
    plain = index.routes_of(facts, "GET", frozenset())
    assert [route.origin for route in plain] == [HERE, THERE]
    named = index.routes_of(facts, "GET", frozenset({THERE}))
    assert [route.origin for route in named] == [THERE, HERE]
    whole = recorded_facts(recording.exchanges[1])
    assert [route.origin for route in index.routes_of(whole, "GET", frozenset())] == [THERE]
    assert index.routes_of(whole, "PUT", frozenset()) == []


def test_a_secret_in_the_path_is_no_part_of_the_route():
    recording = Recording()
    for key in KEYS:
        recording.add(url=f"{API}/bot{key}/getMe", keys={"key": key})
    assert len(recording.index().routes) == 1


def test_a_line_is_one_variant_unless_all_take_turns():
    recording = Recording()
    for repeat in (1, 2):
        recording.bearer(KEYS[0], key=ExchangeKey("baseline", repeat))
    recording.bearer(KEYS[0], key=ExchangeKey("proxy=b"))

    def lengths(*, in_turn: bool) -> list[int]:
        (route,) = recording.index(in_turn=in_turn).routes.values()
        (group,) = route.groups.values()
        (pool,) = group.pools.values()
        (lines,) = pool.any_body.lines.values()
        return [len(line.exchanges) for line in lines.values()]

    assert lengths(in_turn=False) == [2, 1]
    assert lengths(in_turn=True) == [3]


def test_a_route_asks_bodies_where_one_holds_a_key():
    assert Route(HERE, "GET", frozenset({"body /secret"})).asks_bodies
    assert not Route(HERE, "GET", frozenset({"header x-body"})).asks_bodies


def test_what_is_shown_names_the_exchange_only():
    exchange = Recording().bearer(KEYS[0])
    one = Recorded(exchange, recorded_facts(exchange))
    assert repr(one) == "<Recorded axis=l1/1/main/0/1>"
    assert variants_of([Line(1, [one])]) == ("axis=l1",)


def test_an_empty_cassette_has_an_index():
    index = Recording().index()
    assert (index.routes, index.places) == ({}, frozenset())
