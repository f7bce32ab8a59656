from __future__ import annotations

import json

import jwt
import pytest
from lab.wire import NOON, noon, request

from harness.lab.http_message import Answer
from harness.lab.providers.jwt_verifier import JwtVerifier
from harness.model.scenario import LabKeyKind

GOOD, SECOND, REVOKED, POOR, UNKNOWN = (letter * 64 for letter in "abcde")
REGISTERED = (
    (REVOKED, LabKeyKind.REVOKED),
    (GOOD, LabKeyKind.GOOD),
    (SECOND, LabKeyKind.GOOD),
    (POOR, LabKeyKind.NO_BALANCE),
)


def ask(value: str | None, registered: tuple[tuple[str, LabKeyKind], ...] = REGISTERED) -> Answer:
    server = JwtVerifier(lambda: registered, leeway_seconds=60, now=noon)
    headers = () if value is None else (("Authorization", value),)
    return server(request("/any", *headers))


def token(secret: str = GOOD, algorithm: str = "HS256", **claims: object) -> str:
    return "Bearer " + jwt.encode(claims, secret, algorithm=algorithm)


def description(answer: Answer) -> str:
    challenge = dict(answer.headers)["WWW-Authenticate"]
    start = 'Bearer realm="lab", error="invalid_token", error_description="'
    assert (answer.status, challenge[: len(start)], challenge[-1]) == (401, start, '"')
    return challenge[len(start) : -1]


@pytest.mark.parametrize("secret", [GOOD, SECOND])
def test_any_good_secret_may_sign(secret: str) -> None:
    answer = ask(token(secret, iat=NOON, nbf=NOON, exp=NOON + 300))
    assert (answer.status, json.loads(answer.body)) == (200, {"authenticated": True})


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize(("seconds", "inside"), [(59, True), (61, False), (3600, False)])
def test_a_clock_may_be_wrong_by_the_leeway_and_the_claim_is_named(
    name: str, seconds: int, *, inside: bool
) -> None:
    moment = NOON - seconds if name == "exp" else NOON + seconds
    answer = ask(token(**{name: moment}))
    if inside:
        assert answer.status == 200
    else:
        assert description(answer) == f"'{name}' claim timestamp check failed"


def test_exp_is_over_at_the_leeway_itself_and_nbf_begins_there() -> None:
    assert ask(token(exp=NOON - 60)).status == 401
    assert ask(token(nbf=NOON + 60)).status == 200


def test_a_clock_behind_shows_in_exp_and_one_ahead_in_nbf() -> None:
    def issued(at: float) -> str:
        return token(iat=at, nbf=at, exp=at + 300)

    assert description(ask(issued(NOON - 3600))).startswith("'exp'")
    assert description(ask(issued(NOON + 3600))).startswith("'nbf'")


def test_milliseconds_are_a_date_far_ahead() -> None:
    assert description(ask(token(iat=NOON * 1000))).startswith("'iat'")


def test_a_claim_that_is_no_number_is_named() -> None:
    assert description(ask(token(exp="soon"))) == "'exp' claim must be a number"
    assert description(ask(token(nbf=True))) == "'nbf' claim must be a number"


def test_claims_that_are_not_there_are_not_checked() -> None:
    assert ask(token(aud="x", sub=7)).status == 200


def test_a_signature_by_another_secret_fails() -> None:
    assert description(ask(token(UNKNOWN, exp=NOON + 9))) == "signature verification failed"
    assert description(ask(token(GOOD), ())) == "signature verification failed"


def test_a_revoked_secret_is_told_from_an_unknown_one() -> None:
    assert description(ask(token(REVOKED))) == "the key is revoked"


def test_an_account_in_trouble_is_not_an_auth_failure() -> None:
    assert ask(token(POOR)).status == 402


def test_another_algorithm_is_named() -> None:
    assert ask(token(GOOD, "HS512")).status == 200
    unsigned = "Bearer " + jwt.encode({}, None, algorithm="none")
    assert description(ask(unsigned)) == "the algorithm is none that such a key signs with"


@pytest.mark.parametrize("value", ["Bearer x", "Bearer a.b.c", "Bearer é.é.é", "Bearer \udcff.b.c"])
def test_what_is_no_token_is_malformed(value: str) -> None:
    assert description(ask(value)) == "the token is malformed"


@pytest.mark.parametrize("value", [None, "", "Basic x"])
def test_without_a_token_the_challenge_has_no_error(value: str | None) -> None:
    answer = ask(value)
    assert (answer.status, dict(answer.headers)["WWW-Authenticate"]) == (401, 'Bearer realm="lab"')


def test_an_empty_token_is_an_invalid_request() -> None:
    assert ask("Bearer").status == 400
