from __future__ import annotations

import json

import pytest
from support.made_keys import made_key
from support.recordings import API, Recording

from harness.model.exchange import ExchangeKey, Failure, Phase, RedactedExchange
from harness.replay_match.difference import Difference, Miss
from harness.replay_match.facts import recorded_facts
from harness.replay_match.session import Match
from harness.serving.answer import (
    DIFFERS,
    EXCHANGE,
    FAILURE,
    Answer,
    answer_of,
    miss_answer,
    refused,
    too_large,
)

KEY = made_key("answers")


def answered(
    exchange: RedactedExchange,
    *others: RedactedExchange,
    prefixed: bool = False,
    head: bool = False,
    differences: tuple[Difference, ...] = (),
) -> Answer:
    recording = Recording([exchange, *others])
    match = Match(recorded_facts(exchange), exchange, differences)
    return answer_of(match, recording.index(), prefixed=prefixed, head=head)


def header(answer: Answer, name: str) -> list[str]:
    return [value for one, value in answer.headers if one.lower() == name.lower()]


def test_the_answer_is_the_recorded_one_without_what_frames_it():
    told = (
        ("Content-Type", "text/plain"),
        ("Content-Encoding", "gzip"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "5"),
        ("Connection", "close"),
        ("Set-Cookie", "a=1; Path=/"),
        ("Set-Cookie", "b=2"),
    )
    answer = answered(
        Recording().bearer(KEY, answer="é".encode(), answer_headers=told, reason="Ok")
    )
    assert (answer.status, answer.reason, answer.body) == (200, "Ok", "é".encode())
    assert [name for name, _ in answer.headers] == [
        "Content-Type",
        "Set-Cookie",
        "Set-Cookie",
        EXCHANGE,
    ]
    assert header(answer, EXCHANGE) == ["axis=l1/1/main/0/1"]


def test_what_no_header_line_can_hold_is_replaced():
    told = (("X-A", "a\rb\udcff"), ("X B", "gone"), ("Vary", "a\tb"))
    answer = answered(Recording().add(answer_headers=told, reason="No\nway"))
    assert header(answer, "vary") == ["a\tb"]
    assert not header(answer, "x b")
    assert answer.reason == "No?way"
    assert all("\r" not in value for _, value in answer.headers)


def test_what_differs_is_named():
    differences = (Difference("body", "x", "y"), Difference("header a", "x", "y"))
    answer = answered(Recording().add(), differences=differences)
    assert header(answer, DIFFERS) == ["body, header a"]


def test_a_failure_is_a_504_that_explains():
    failure = Failure(Phase.TIMEOUT, "timeout", "no answer in 3 s")
    answer = answered(Recording().add(failure=failure))
    assert answer.status == 504
    assert header(answer, FAILURE) == ["timeout/timeout"]
    assert header(answer, EXCHANGE) == ["axis=l1/1/main/0/1"]
    assert json.loads(answer.body)["error"] == {
        "type": "flip401_recorded_failure",
        "message": "the recorded attempt got no answer: no answer in 3 s",
        "phase": "timeout",
        "kind": "timeout",
    }


def test_a_status_that_is_not_final_is_told():
    answer = answered(Recording().add(101))
    assert answer.status == 504
    assert header(answer, FAILURE) == ["no-answer"]
    assert "status 101" in json.loads(answer.body)["error"]["message"]


@pytest.mark.parametrize(
    ("location", "prefixed", "others", "there"),
    [
        (f"{API}/v2?page=%2F#top", False, (), "/v2?page=%2F#top"),
        (f"{API}/v2", True, (), "/https/api.example/v2"),
        (f"{API}/v2", False, ("http://o.example/",), "/https/api.example/v2"),
        ("http://o.example:80/x", False, ("http://o.example/",), "/http/o.example/x"),
        ("/v2", False, (), "/v2"),
        ("v2", False, (), "/v1/v2"),
        ("/v2", True, (), "/https/api.example/v2"),
        ("https://never.example/x", False, (), "https://never.example/x"),
        ("mailto:me", False, (), "mailto:me"),
        ("http://[broken/", False, (), "http://[broken/"),
    ],
)
def test_a_redirect_leads_back_to_the_server(
    location: str,
    prefixed: bool,  # noqa: FBT001 - a table
    others: tuple[str, ...],
    there: str,
):
    recording = Recording()
    recorded = recording.bearer(KEY, 302, answer_headers=(("Location", location),))
    more = [recording.bearer(KEY, url=url, key=ExchangeKey("other")) for url in others]
    answer = answered(recorded, *more, prefixed=prefixed)
    assert header(answer, "location") == [there]


def test_head_states_the_length_and_sends_no_body():
    get = answered(Recording().add(answer=b"four"), head=True)
    assert (get.body, get.length) == (b"", 4)
    told = (("Content-Length", "99"),)
    recorded = Recording().add(method="HEAD", answer=b"", answer_headers=told)
    assert answered(recorded, head=True).length == 99
    odd = Recording().add(method="HEAD", answer=b"", answer_headers=(("Content-Length", "x"),))
    assert answered(odd, head=True).length == 0
    assert answered(Recording().add()).length is None


def test_a_miss_is_a_404_with_the_nearest():
    facts = recorded_facts(Recording().add())
    miss = Miss(facts, "no", ExchangeKey("baseline"), (Difference("path", "/a", "/b"),))
    answer = miss_answer(miss)
    error = json.loads(answer.body)["error"]
    assert (answer.status, header(answer, EXCHANGE)) == (404, ["none"])
    assert error["nearest"] == "baseline/1/main/0/1"
    assert error["differences"] == [{"part": "path", "recorded": "/a", "sent": "/b"}]
    assert EXCHANGE in error["advice"]
    nothing = json.loads(miss_answer(Miss(facts, "no", None, ())).body)["error"]
    assert nothing["nearest"] is None


def test_refusals_repeat_nothing():
    assert (too_large(7).status, b"7 bytes" in too_large(7).body) == (413, True)
    assert (refused(400).status, refused(400).reason) == (400, "Bad Request")
    assert b"internal error" in refused(500).body
