from __future__ import annotations

import pytest
from support.key_leaks import leaks
from support.made_keys import made_key
from support.recordings import API, Recording, live

from harness.replay_match.difference import Miss
from harness.replay_match.session import Session

GOOD, BAD, MINE = made_key("good"), made_key("bad"), made_key("mine")


def served() -> Session:
    recording = Recording()
    recording.bearer(GOOD)
    recording.bearer(BAD + '"', 401)
    recording.add(url="http://other.example/v2/things?page=1", method="POST", body=b"x")
    return recording.session()


def miss(session: Session, *args: object, **more: object) -> Miss:
    outcome = session.ask(live(session, *args, **more))  # type: ignore[arg-type]
    assert isinstance(outcome, Miss)
    seen = repr(outcome)
    assert not leaks([MINE], [("the miss", seen.encode())])
    return outcome


def told(outcome: Miss) -> dict[str, tuple[str, str]]:
    return {one.part: (one.recorded, one.sent) for one in outcome.differences}


def test_the_nearest_key_is_named_with_its_form():
    outcome = miss(served(), bearer=f"{MINE}x'")
    assert str(outcome.nearest) == "axis=l1/1/main/0/1"
    assert outcome.reason == "no recorded request fits; the nearest differs in header authorization"
    assert told(outcome) == {
        "header authorization": (
            "Bearer <s1: 35 characters, prefix class sk, letters and digits>",
            "Bearer <37 characters, prefix class sk, letters and digits, trailing single quote>",
        )
    }
    quoted = miss(served(), bearer=f'{MINE}x"')
    assert str(quoted.nearest) == "axis=l2/1/main/0/1"


def test_a_key_that_fits_by_form_alone_is_told_so():
    session = served()
    session.ask(live(session, bearer=made_key("first")))
    recorded, sent = told(miss(session, bearer=MINE))["header authorization"]
    assert recorded.endswith("; another key stands for it in this session>")
    assert sent == "Bearer <35 characters, prefix class sk, letters and digits>"


def test_a_key_that_stands_for_another_is_told_by_its_id():
    session = served()
    session.ask(live(session, bearer=MINE))
    sent = told(miss(session, headers=[("X-Api-Key", MINE)]))
    assert sent["header x-api-key"][0] == "absent"
    assert sent["header x-api-key"][1].startswith("<s1: 35 characters")
    assert sent["header authorization"][1] == "absent"


@pytest.mark.parametrize(("name", "words"), [("RDX~s9~", "no key of the cassette"), ("s1", "s1")])
def test_a_named_key_is_told_by_its_name(name: str, words: str):
    recording = Recording()
    recording.bearer(GOOD)
    recording.bearer(BAD, url=f"{API}/elsewhere")
    session = recording.session()
    sent = told(miss(session, "/elsewhere", bearer=name))["header authorization"]
    assert sent == (
        "Bearer <s2: 35 characters, prefix class sk, letters and digits>",
        f"Bearer <{words}>",
    )


def test_method_path_query_and_origin_are_told():
    session = served()
    assert told(miss(session, method="PUT", bearer="s1")) == {"method": ("GET", "PUT")}
    assert told(miss(session, "/v1/thing", bearer="s1")) == {"path": ("/v1/things", "/v1/thing")}
    there = told(miss(session, "http://other.example/v2/things?page=2", method="POST"))
    assert there == {"query page": ("1", "2")}
    extra = told(miss(session, "/v2/things?page=1&more=s1", method="POST"))
    assert list(extra) == ["query more"]
    moved = told(miss(session, "http://never.example/v1/things", bearer="s1"))
    assert moved == {"origin": ("https://api.example", "one that was not recorded")}
    named = told(miss(session, "/http/other.example/v1/things", bearer="s1"))
    assert named == {"origin": ("https://api.example", "http://other.example")}
    hosted = told(miss(session, bearer="RDX~s9~", headers=[("Host", "other.example")]))
    assert hosted["origin"] == ("https://api.example", "http://other.example")


def test_a_form_is_compared_where_it_holds_a_key():
    recording = Recording()
    form = ("Content-Type", "application/x-www-form-urlencoded")
    body = f"client_secret={GOOD}".encode()
    recording.add(method="POST", headers=[form], body=body, keys={"k": GOOD})
    session = recording.session()
    outcome = miss(session, method="POST", headers=[form], body=b"a=b")
    assert list(told(outcome)) == ["body /client_secret"]


def test_what_is_long_is_cut():
    session = served()
    path = told(miss(session, "/v1/" + "word/" * 100, bearer="s1"))["path"][1]
    assert len(path) == 200
    assert path.endswith("…")
    many = miss(session, "/v9?a=1&b=2&c=3&d=4&e=5", method="PUT")
    assert many.reason.endswith(", …")


def test_a_cassette_without_exchanges_says_so():
    outcome = miss(Recording().session())
    assert outcome.nearest is None
    assert outcome.reason == "the cassette holds no exchange"
