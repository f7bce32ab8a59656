"""How a made-up key arrived, read from answers that went through the real redactor."""

from __future__ import annotations

import base64
import json

import pytest
from support.made_keys import made_key

from harness.judge.arrival import arrival_of
from harness.judge.classify import classify
from harness.model.arrival import Arrival, outcome_of_arrival
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
from harness.model.outcome import Outcome, OutcomeRules, Signal
from harness.model.request import RedirectPolicy, SignedRequest
from harness.model.secret import Provenance, Secret
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

CANARY = f"{made_key('canary')[:-4]}9b86"
OTHER = f"{made_key('another')[:-4]}1c0d"
BEARER = f"Bearer {CANARY}"
BASIC = f"Basic {base64.b64encode(f'me:{CANARY}'.encode()).decode()}"
MESSAGE = "Authentication Fails, Your api key: ****{} is invalid"


def exchange(
    body: str = "",
    *,
    sent: str = BEARER,
    name: str = "Authorization",
    headers: tuple[tuple[str, str], ...] = (),
    from_proxy: bool = False,
    failure: Failure | None = None,
) -> RedactedExchange:
    request = SignedRequest(
        method="GET",
        url="https://api.example.com/models",
        headers=((name, sent),),
        body=None,
        proxy=None,
        client="aiohttp",
        redirects=RedirectPolicy(),
        timeout_seconds=3.0,
        credential_headers=frozenset({name.lower()}),
    )
    answer = Response(401, "Unauthorized", headers, body.encode(), from_proxy=from_proxy)
    attempt = Attempt(Timing(0.0, 0.1), request.headers, None if failure else answer, failure)
    secret = Secret(CANARY, Provenance("canary", "made up for this run"))
    raw = Exchange(ExchangeKey("baseline"), 1, request, attempt, {"key": secret})
    return Redactor(SecretRegistry()).redact(raw)


def arrived(body: str, **how) -> Arrival:
    found = exchange(body, **how)
    return arrival_of(found, frozenset({found.secret_ids["key"]}))


def echo(**headers: object) -> str:
    return json.dumps({"args": {}, "headers": {"Host": "api.example.com", **headers}})


@pytest.mark.parametrize(
    ("body", "arrival"),
    [
        # DeepSeek: the last four characters, or words of the layer in front
        (MESSAGE.format(CANARY[-4:]), Arrival.INTACT),
        (json.dumps({"error": {"message": MESSAGE.format(CANARY[-4:])}}), Arrival.INTACT),
        (MESSAGE.format(OTHER[-4:]), Arrival.REPLACED),
        (MESSAGE.format(f'{CANARY[-3:]}"'), Arrival.ALTERED),
        (json.dumps({"m": MESSAGE.format(f'{CANARY[-3:]}"')}), Arrival.ALTERED),
        (MESSAGE.format("null"), Arrival.REPLACED),
        (MESSAGE.format(""), Arrival.ALTERED),
        ("Your api key:  is invalid", Arrival.ALTERED),
        ("Authentication Fails (governor)", Arrival.ABSENT),
        (
            "Authentication Fails (auth header format should be Bearer sk-...)",
            Arrival.ALTERED,
        ),
        ("Authentication Fails (no such user)", Arrival.UNKNOWN),
        # OpenAI: both ends beside a mask
        (f"Incorrect API key provided: {CANARY[:8]}****{CANARY[-4:]}.", Arrival.INTACT),
        (f"Incorrect API key provided: {OTHER[:8]}****{OTHER[-4:]}.", Arrival.REPLACED),
        (f"Incorrect API key provided: {CANARY[:8]}****{OTHER[-4:]}.", Arrival.ALTERED),
        (f"Incorrect API key provided: {OTHER[:8]}****{CANARY[-4:]}.", Arrival.ALTERED),
        (f"Invalid key ...{CANARY[-4:]}", Arrival.INTACT),
        (f"Invalid key sk-...{OTHER[-4:]}", Arrival.REPLACED),
        # LiteLLM
        (f"LiteLLM Virtual Key expected. Received={CANARY}, expected", Arrival.INTACT),
        (f"LiteLLM Virtual Key expected. Received={OTHER}, expected", Arrival.REPLACED),
        (f"Received={CANARY[:4]}****{CANARY[-4:]}, expected", Arrival.INTACT),
        (f"Received={OTHER[:4]}****{OTHER[-4:]}, expected", Arrival.REPLACED),
        (f"Received={CANARY.upper()}, expected", Arrival.ALTERED),
        ("Received=Bearer, expected to start with", Arrival.ALTERED),
        ("Received=None, expected to start with", Arrival.ABSENT),
        ("Authentication Error, No api key passed in.", Arrival.ABSENT),
        # echoes of the request
        (echo(Authorization=BEARER), Arrival.INTACT),
        (echo(authorization=[BEARER]), Arrival.INTACT),
        (echo(), Arrival.ABSENT),
        (echo(Authorization=f"bearer {CANARY}"), Arrival.ALTERED),
        (echo(Authorization=f'Bearer "{CANARY}"'), Arrival.ALTERED),
        (echo(Authorization=f"Bearer {CANARY.upper()}"), Arrival.ALTERED),
        (echo(Authorization=f"Bearer {OTHER}"), Arrival.REPLACED),
        (echo(Authorization="Bearer nothing"), Arrival.REPLACED),
        (echo(Authorization=f"Bearer sk-****{CANARY[-4:]}"), Arrival.INTACT),
        (f"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: {BEARER}\r\n", Arrival.INTACT),
        ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", Arrival.ABSENT),
        (json.dumps({"authenticated": True, "token": CANARY}), Arrival.INTACT),
        (json.dumps({"authenticated": True, "token": OTHER}), Arrival.REPLACED),
        # nothing to tell by
        ("", Arrival.UNKNOWN),
        ("[" * 100_000, Arrival.UNKNOWN),
        (json.dumps({"object": "list", "data": []}), Arrival.UNKNOWN),
        ("<html>401 Unauthorized</html>", Arrival.UNKNOWN),
        ("This is ***important***, read on", Arrival.UNKNOWN),
    ],
)
def test_the_echo_tells_how_the_key_arrived(body, arrival):
    assert arrived(body) is arrival


def test_a_challenge_header_tells_too():
    challenge = (("WWW-Authenticate", f'Bearer error_description="bad key ****{OTHER[-4:]}"'),)
    assert arrived("", headers=challenge) is Arrival.REPLACED


def test_the_password_of_basic_is_known_in_its_encoding():
    assert arrived(echo(Authorization=BASIC), sent=BASIC) is Arrival.INTACT
    assert arrived(json.dumps({"got": BASIC}), sent=BASIC) is Arrival.INTACT
    assert arrived(echo(Authorization=f"Bearer {CANARY}"), sent=BASIC) is Arrival.ALTERED


def test_a_complaint_about_the_form_says_nothing_of_a_form_that_was_sent_so():
    complaint = "Authentication Fails (auth header format should be Bearer sk-...)"
    assert arrived(complaint, sent=CANARY) is Arrival.UNKNOWN


def test_an_echo_without_the_header_that_carried_it_is_an_absence():
    assert arrived(echo(Authorization=BEARER), name="X-Api-Key", sent=CANARY) is Arrival.ABSENT


def test_no_answer_and_a_proxys_own_answer_tell_nothing():
    assert arrived(MESSAGE.format(CANARY[-4:]), from_proxy=True) is Arrival.UNKNOWN
    failure = Failure(Phase.CONNECT, "refused", "refused")
    assert arrived("", failure=failure) is Arrival.UNKNOWN


def test_an_arrival_is_searched_as_an_outcome():
    assert {one: outcome_of_arrival(one) for one in Arrival} == {
        Arrival.INTACT: Outcome.PASS,
        Arrival.ABSENT: Outcome.DENIED,
        Arrival.ALTERED: Outcome.DENIED,
        Arrival.REPLACED: Outcome.DENIED,
        Arrival.UNKNOWN: Outcome.OTHER,
    }


def test_with_the_signal_arrival_the_rules_of_outcome_are_not_looked_at():
    rules = OutcomeRules(signal=Signal.ARRIVAL)
    assert classify(exchange(MESSAGE.format(CANARY[-4:])), rules) is Outcome.PASS
    assert classify(exchange("Authentication Fails (governor)"), rules) is Outcome.DENIED
    assert classify(exchange("?"), rules) is Outcome.OTHER
    failure = Failure(Phase.NOT_SENT, "no-key", "no key")
    assert classify(exchange(failure=failure), rules) is Outcome.NOT_SENT
