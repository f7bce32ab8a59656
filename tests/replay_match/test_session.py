from __future__ import annotations

import json
import random
from time import process_time

import pytest
from support.made_keys import made_key
from support.recordings import API, Recording, live, status_of

from harness.model.exchange import ExchangeKey, Failure, Phase, Step
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.replay_match.difference import Miss
from harness.replay_match.session import CHOOSE, Match, Session

GOOD, BAD = made_key("good"), made_key("bad")
MINE, OTHERS = made_key("mine"), made_key("others")
JSON = ("Content-Type", "application/json")


def two_keys() -> Session:
    recording = Recording()
    recording.bearer(GOOD)
    recording.bearer(BAD, 401)
    recording.add(403)
    return recording.session()


def parts(outcome: Match | Miss) -> list[str]:
    return [one.part for one in outcome.differences]


def test_a_named_key_gets_its_own_answer_in_any_order():
    session = two_keys()
    asked = [("s1", 200), ("s2", 401), (None, 403), ("RDX~s1~", 200), ("s3", None)] * 20
    random.Random(4).shuffle(asked)
    for name, status in asked:
        assert status_of(session.ask(live(session, bearer=name))) == status


def test_keys_of_the_client_stand_for_the_recorded_ones_in_turn():
    session = two_keys()
    for key, status in ((MINE, 200), (OTHERS, 401), (MINE, 200), (made_key("third"), None)):
        assert status_of(session.ask(live(session, bearer=key))) == status
    again = two_keys()
    assert status_of(again.ask(live(again, bearer=OTHERS))) == 200


def test_the_absence_of_a_key_is_an_answer_of_its_own():
    session = two_keys()
    assert status_of(session.ask(live(session))) == 403


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (("Authorization", "bearer s1"), 200),
        (("authorization", "Bearer  s1"), 200),
        (("Authorization", "Token s1"), None),
        (("Authorization", "s1"), None),
        (("X-Api-Key", "s1"), None),
    ],
)
def test_the_place_and_the_scheme_must_fit_their_spelling_need_not(header, status: int | None):
    session = two_keys()
    outcome = session.ask(live(session, headers=[header]))
    assert status_of(outcome) == status
    if status and header[1] != "Bearer s1":
        assert parts(outcome) == ["spelling of header authorization"]


def test_where_both_spellings_were_recorded_each_has_its_own():
    recording = Recording()
    recording.bearer(GOOD)
    recording.add(401, headers=[("Authorization", f"bearer {GOOD}")], keys={"key": GOOD})
    session = recording.session()
    assert status_of(session.ask(live(session, headers=[("authorization", "bearer s1")]))) == 401
    assert status_of(session.ask(live(session, bearer="s1"))) == 200


def test_bodies_decide_between_equal_requests():
    recording = Recording()
    for number, body in enumerate((b'{"a": 1, "b": 2}', b'{"a": 2}', b"text")):
        recording.bearer(GOOD, 200 + number, method="POST", body=body)
    session = recording.session()

    def post(body: bytes) -> Match | Miss:
        return session.ask(live(session, method="POST", bearer="s1", body=body))

    assert status_of(post(b'{"b":2,"a":1}')) == 200
    assert status_of(post(b'{ "a" : 2 }')) == 201
    assert status_of(post(b"text")) == 202
    other = post(b"other")
    assert (status_of(other), parts(other)) == (200, ["body"])


def test_a_body_is_compared_without_the_values_of_its_secrets():
    recording = Recording()
    for number, name in enumerate(("one", "two")):
        body = json.dumps({"token_value": GOOD, "name": name}).encode()
        recording.bearer(GOOD, 200 + number, method="POST", body=body)
    session = recording.session()
    body = json.dumps({"name": "two", "token_value": MINE}).encode()
    outcome = session.ask(live(session, method="POST", bearer=MINE, body=body))
    assert (status_of(outcome), parts(outcome)) == (201, [])
    binary = session.ask(live(session, method="POST", bearer=MINE, body=b"\xff"))
    assert parts(binary) == ["body"] or isinstance(binary, Miss)


def test_a_key_in_a_form_is_an_identity():
    recording = Recording()
    form = ("Content-Type", "application/x-www-form-urlencoded")
    for status, key in ((200, GOOD), (401, BAD)):
        body = f"grant_type=client_credentials&client_secret={key}".encode()
        recording.add(status, method="POST", headers=[form], body=body, keys={"k": key})
    session = recording.session()
    for sent, status in (("s2", 401), ("RDX~s1~", 200), (MINE, 200), (OTHERS, 401)):
        body = f"client_secret={sent}&grant_type=client_credentials".encode()
        asked = live(session, method="POST", headers=[form], body=body)
        assert status_of(session.ask(asked)) == status
    third = live(session, method="POST", headers=[form], body=b"client_secret=" + b"K" * 35)
    assert status_of(session.ask(third)) is None


def test_a_key_in_the_query_or_the_path_is_an_identity():
    recording = Recording()
    for status, key in ((200, GOOD), (401, BAD)):
        recording.add(status, url=f"{API}/q?api_key={key}&page=2", keys={"k": key})
        recording.add(status, url=f"{API}/bot{key}/getMe", keys={"k": key})
    session = recording.session()
    for target, status in (
        ("/q?page=2&api_key=s2", 401),
        ("/q?api_key=RDX~s1~&page=2", 200),
        (f"/q?api_key={MINE}&page=2", 200),
        (f"/q?api_key={OTHERS}&page=2", 401),
        ("/q?api_key=s1&page=3", None),
        ("/q?api_key=s1", None),
        ("/botRDX~s2~/getMe", 401),
        (f"/bot{MINE}/getMe", 200),
    ):
        assert status_of(session.ask(live(session, target))) == status, target


def test_headers_decide_between_what_is_left():
    recording = Recording()
    plain, charset = JSON, ("Content-Type", "application/json; charset=utf-8")
    for status, headers in ((200, [plain]), (415, [charset]), (403, [plain, ("X-Flag", "abcdef")])):
        recording.add(status, headers=headers, method="POST")
    session = recording.session()

    def post(*headers: tuple[str, str]) -> Match | Miss:
        return session.ask(live(session, method="POST", headers=headers))

    assert status_of(post(plain)) == 200
    assert status_of(post(("content-type", "application/json;charset=UTF-8"))) == 415
    assert status_of(post(("X-Flag", "ghijkl"), plain)) == 403
    odd = post(("Content-Type", "text/plain"), ("User-Agent", "curl"))
    assert (status_of(odd), parts(odd)) == (200, ["header content-type"])
    assert odd.differences[0].recorded == "application/json"
    assert odd.differences[0].sent == "text/plain"


def test_repeats_come_in_turn_and_the_last_one_stays():
    recording = Recording()
    for repeat, status in enumerate((503, 503, 200), 1):
        recording.bearer(GOOD, status, key=ExchangeKey("baseline", repeat))
    recording.bearer(GOOD, 407, key=ExchangeKey("proxy=b"))
    session = recording.session()
    outcomes = [session.ask(live(session, bearer="s1")) for _ in range(5)]
    assert [status_of(one) for one in outcomes] == [503, 503, 200, 200, 200]
    assert all(isinstance(one, Match) and one.also == ("proxy=b",) for one in outcomes)


def test_of_equal_requests_the_baseline_answers_then_what_had_an_answer():
    failure = Failure(Phase.PROXY, "refused", "no")
    recording = Recording()
    recording.bearer(GOOD, failure=failure, key=ExchangeKey("proxy=gone"))
    recording.bearer(GOOD, 401, key=ExchangeKey("proxy=b"))
    session = recording.session()
    assert status_of(session.ask(live(session, bearer="s1"))) == 401
    recording.bearer(GOOD, key=ExchangeKey("baseline"))
    session = recording.session()
    outcome = session.ask(live(session, bearer="s1"))
    assert isinstance(outcome, Match)
    assert (status_of(outcome), outcome.also) == (200, ("proxy=b", "proxy=gone"))


def test_recordings_without_variants_come_in_turn_altogether():
    recording = Recording()
    for status in (202, 202, 200):
        recording.bearer(GOOD, status)
    session = recording.session(in_turn=True)
    given = [status_of(session.ask(live(session, bearer="s1"))) for _ in range(4)]
    assert given == [202, 202, 200, 200]


def test_a_client_may_name_the_exchange_or_the_variant():
    recording = Recording()
    for hop, status in enumerate((302, 200)):
        recording.bearer(
            GOOD, status, url=f"{API}/{hop}", key=ExchangeKey("proxy=b", 1, Step.MAIN, hop)
        )
    recording.bearer(GOOD, 500, url=f"{API}/token", key=ExchangeKey("x=y", 1, Step.AUTH))
    session = recording.session()

    def choose(name: str, target: str = "/never") -> int | None:
        return status_of(session.ask(live(session, target, headers=[(CHOOSE, name)])))

    assert choose("proxy=b/1/main/0/1") == 302
    assert choose("proxy=b") == 200
    assert choose("proxy=b", "/0") == 302
    assert choose("proxy=b", "/https/api.example/0") == 302
    assert choose(" x=y ") == 500
    assert choose("nobody") is None


def test_a_key_that_is_carried_along_to_another_origin_does_no_harm():
    recording = Recording()
    hops = [ExchangeKey("baseline", hop=hop) for hop in (0, 1)]
    recording.bearer(GOOD, 302, url="http://old.example/a?x=1", key=hops[0])
    recording.add(200, url="https://new.example/b?x=1", key=hops[1])
    recording.add(403, url="https://new.example/c", key=hops[0])
    session = recording.session()
    outcome = session.ask(live(session, "/https/new.example/b?x=1", bearer="s1"))
    assert (status_of(outcome), parts(outcome)) == (200, ["header authorization"])
    assert status_of(session.ask(live(session, "/https/new.example/c", bearer="s1"))) is None


def test_head_is_answered_as_get_was():
    recording = Recording()
    recording.bearer(GOOD, 204)
    session = recording.session()
    assert status_of(session.ask(live(session, method="HEAD", bearer="s1"))) == 204
    recording.bearer(GOOD, 405, method="HEAD")
    session = recording.session()
    assert status_of(session.ask(live(session, method="HEAD", bearer="s1"))) == 405
    assert status_of(session.ask(live(session, method="POST", bearer="s1"))) is None


def test_origins_are_told_apart():
    recording = Recording()
    recording.bearer(GOOD, 200, url="http://one.example/x")
    recording.bearer(GOOD, 201, url="http://two.example:8080/x")
    recording.bearer(BAD, 202, url="http://two.example:8080/x")
    session = recording.session()

    def ask(target: str, key: str = "s1", **headers: str) -> int | None:
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        return status_of(session.ask(live(session, target, bearer=key, headers=named)))

    assert ask("/x") == 200
    assert ask("/x", "s2") == 202
    assert ask("/http/two.example:8080/x") == 201
    assert ask("http://two.example:8080/x") == 201
    assert ask("/x", Host="two.example:8080") == 201
    assert ask("/x", Host="127.0.0.1:1", X_Forwarded_Host="two.example:8080") == 201
    assert ask("/http/one.example/x", "s2") is None
    assert ask("http://three.example/x") is None


def test_a_session_client_that_sends_cookies_back_is_understood():
    session = two_keys()
    outcome = session.ask(live(session, bearer="s1", headers=[("Cookie", "a=RDX~s9.cookie~")]))
    assert (status_of(outcome), parts(outcome)) == (200, [])


def test_a_session_keeps_no_key():
    session = two_keys()
    session.ask(live(session, bearer=MINE))
    seen = repr([session.__dict__, session.keys.__dict__, session.index.__dict__])
    assert MINE not in seen
    assert MINE[-4:] not in seen


def test_lookup_does_not_grow_with_the_recording():
    def seconds(number: int) -> float:
        recording = Recording()
        one = recording.bearer(GOOD, method="POST", body=b'{"n": 0}')
        many = [one]
        for place in range(1, number):
            body, key = f'{{"n": {place}}}', ExchangeKey(f"axis=l{place}")
            many.append(type(one)(**{**fields_of(one), "body": body, "key": key}))
        recording.exchanges[:] = many
        session = recording.session()
        last = live(session, method="POST", bearer="s1", body=b'{"n":%d}' % (number - 1))
        started = process_time()
        for _ in range(30):
            outcome = session.ask(last)
        assert isinstance(outcome, Match)
        assert outcome.differences == ()
        return process_time() - started

    def fields_of(one: object) -> dict[str, object]:
        return {name: getattr(one, name) for name in one.__dataclass_fields__}  # type: ignore[attr-defined]

    small, large = seconds(20), seconds(2_000)
    assert large < small * 4


def test_ids_that_were_found_in_a_strangers_file_are_names_too():
    recording = Recording(redactor=Redactor(SecretRegistry("x")))
    recording.bearer(GOOD)
    recording.bearer(BAD, 401)
    session = recording.session(in_turn=True)
    for key, status in (("x2", 401), ("x1", 200), (MINE, 200), (OTHERS, 401), ("x2", 401)):
        assert status_of(session.ask(live(session, bearer=key))) == status
