"""What became of an exchange, by the scenario's rules."""

from __future__ import annotations

import json

import pytest

from harness.judge.classify import classify, resolve_pointer
from harness.model.exchange import (
    Attempt,
    Exchange,
    ExchangeKey,
    Failure,
    Phase,
    RedactedExchange,
    Response,
    Timing,
)
from harness.model.outcome import (
    Matcher,
    MatchKind,
    Outcome,
    OutcomeRule,
    OutcomeRules,
    StatusRange,
)
from harness.model.request import RedirectPolicy, SignedRequest
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

BODY = {"error": {"type": "authentication_error", "code": 401, "a/b": 1, "m~n": 2, "ok": True}}
JSON_TRUE = json.loads("true")
REQUEST = SignedRequest(
    method="GET",
    url="https://api.example.com/",
    headers=(),
    body=None,
    proxy=None,
    client="aiohttp",
    redirects=RedirectPolicy(),
    timeout_seconds=1.0,
)


def exchange(
    status: int = 200,
    *,
    body: object = BODY,
    headers: tuple[tuple[str, str], ...] = (("Via", "no key"), ("via", "at all")),
    from_proxy: bool = False,
    failure: Phase | None = None,
) -> RedactedExchange:
    text = body if isinstance(body, str) else json.dumps(body)
    response = Response(status, "", headers, text.encode(), from_proxy=from_proxy)
    failed = Failure(failure, "kind", "words") if failure else None
    attempt = Attempt(Timing(0.0, 0.0), (), None if failed else response, failed)
    made = Exchange(ExchangeKey("baseline"), 1, REQUEST, attempt)
    return Redactor(SecretRegistry()).redact(made)


def denied_by(**rule: object) -> OutcomeRules:
    return OutcomeRules(denied=(OutcomeRule(**rule),))  # type: ignore[arg-type]


def equals(value: object) -> Matcher:
    return Matcher(MatchKind.EQUALS, value)  # type: ignore[arg-type]


def contains(value: str) -> Matcher:
    return Matcher(MatchKind.CONTAINS, value)


PRESENT, ABSENT = Matcher(MatchKind.PRESENT, value=True), Matcher(MatchKind.PRESENT, value=False)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.PASS),
        (299, Outcome.PASS),
        (300, Outcome.OTHER),
        (401, Outcome.DENIED),
        (403, Outcome.OTHER),
        (429, Outcome.OTHER),
        (503, Outcome.OTHER),
    ],
)
def test_by_default_2xx_passes_and_401_is_denied(status: int, outcome: Outcome):
    assert classify(exchange(status), OutcomeRules()) is outcome


@pytest.mark.parametrize("phase", list(Phase))
def test_without_an_answer_it_is_unreachable_or_not_sent(phase: Phase):
    expected = Outcome.NOT_SENT if phase is Phase.NOT_SENT else Outcome.UNREACHABLE
    assert classify(exchange(failure=phase), OutcomeRules()) is expected


def test_a_407_of_the_proxy_is_proxy_denied_before_any_rule():
    rules = OutcomeRules(
        passing=(OutcomeRule(statuses=(StatusRange(400, 499),)),),
        denied=(OutcomeRule(statuses=(StatusRange(407, 407),)),),
    )
    assert classify(exchange(407, from_proxy=True), rules) is Outcome.PROXY_DENIED
    assert classify(exchange(407), rules) is Outcome.DENIED


def test_another_answer_of_the_proxy_did_not_reach_the_origin():
    assert classify(exchange(503, from_proxy=True), OutcomeRules()) is Outcome.UNREACHABLE


def test_denied_is_tried_before_pass():
    rules = denied_by(statuses=(StatusRange(200, 200),), json=(("/error", PRESENT),))
    assert classify(exchange(200), rules) is Outcome.DENIED
    assert classify(exchange(200, body={}), rules) is Outcome.PASS


def test_a_rule_without_parts_holds_always():
    assert classify(exchange(500), OutcomeRules(passing=(OutcomeRule(),))) is Outcome.PASS


def test_every_part_of_a_rule_must_hold_and_one_of_the_rules():
    both = OutcomeRule(statuses=(StatusRange(500, 500),), text=(contains("auth"), contains("x")))
    one = OutcomeRule(statuses=(StatusRange(500, 500),), text=(contains("auth"),))
    assert classify(exchange(500), OutcomeRules(denied=(both,))) is Outcome.OTHER
    assert classify(exchange(500), OutcomeRules(denied=(both, one))) is Outcome.DENIED


@pytest.mark.parametrize(
    ("matcher", "holds"),
    [
        (equals("no key"), True),
        (equals("at all"), True),
        (equals("no"), False),
        (contains("key"), True),
        (contains("KEY"), False),
        (PRESENT, True),
        (ABSENT, False),
    ],
)
def test_headers_match_by_any_of_their_values(matcher: Matcher, holds):
    found = classify(exchange(500), denied_by(headers=(("via", matcher),)))
    assert (found is Outcome.DENIED) is holds


@pytest.mark.parametrize(
    ("matcher", "holds"),
    [(ABSENT, True), (PRESENT, False), (equals(""), False), (contains(""), False)],
)
def test_a_header_that_is_not_there_matches_absence_only(matcher: Matcher, holds):
    found = classify(exchange(500), denied_by(headers=(("x-none", matcher),)))
    assert (found is Outcome.DENIED) is holds


@pytest.mark.parametrize(
    ("pointer", "matcher", "holds"),
    [
        ("/error/type", equals("authentication_error"), True),
        ("/error/type", contains("auth"), True),
        ("/error/type", contains("401"), False),
        ("/error/code", equals(401), True),
        ("/error/code", equals(401.0), True),
        ("/error/code", equals("401"), False),
        ("/error/code", contains("40"), False),
        ("/error/ok", equals(JSON_TRUE), True),
        ("/error/ok", equals(1), False),
        ("/error/a~1b", equals(1), True),
        ("/error/m~0n", equals(2), True),
        ("/error/a~1b", equals(JSON_TRUE), False),
        ("/error/none", PRESENT, False),
        ("/error/none", ABSENT, True),
        ("/error/none", equals(None), False),
        ("/error/none", contains("x"), False),
        ("", PRESENT, True),
    ],
)
def test_json_matches_by_pointer(pointer: str, matcher: Matcher, holds):
    found = classify(exchange(500), denied_by(json=((pointer, matcher),)))
    assert (found is Outcome.DENIED) is holds


@pytest.mark.parametrize("body", ["", "<html>", "[" * 100_000, '{"error": '])
def test_a_body_that_is_no_json_matches_no_pointer_not_even_absence(body: str):
    rules = denied_by(json=(("/error", ABSENT),))
    assert classify(exchange(500, body=body), rules) is Outcome.OTHER


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("/0", "a"),
        ("/1/x", 2),
        ("/1", {"x": 2}),
        ("/2", None),
        ("/01", None),
        ("/-1", None),
        ("/-", None),
        ("/\u0661", None),
        ("/0/x", None),
    ],
)
def test_pointers_go_into_lists(pointer: str, found: object):
    document = ["a", {"x": 2}]
    result = resolve_pointer(document, pointer)
    if found is None:
        assert result not in (document[0], document[1])
    else:
        assert result == found


def test_text_matches_the_body_as_it_stands():
    assert classify(exchange(500, body="No Key"), denied_by(text=(equals("No Key"),))) is (
        Outcome.DENIED
    )
    assert classify(exchange(500, body="No Key."), denied_by(text=(equals("No Key"),))) is (
        Outcome.OTHER
    )
    assert classify(exchange(500, body=""), denied_by(text=(PRESENT,))) is Outcome.DENIED
