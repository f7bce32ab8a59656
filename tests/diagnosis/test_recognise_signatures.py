"""Causes in what is signed: S02, S04, T01, T03, C01, C05."""

from dataclasses import replace

import pytest
from diagnosis.flips import answer, exchange, failing, flip, passing, plan

from harness.diagnosis.credential_form import Carrier, credential_forms
from harness.diagnosis.recognise import diagnose
from harness.model.exchange import ExchangeKey, RedactedExchange, Step
from harness.model.outcome import Outcome
from harness.model.signature import (
    DigestSign,
    HmacSign,
    HttpSignature,
    Message,
    OAuth2Sign,
    SigV4Sign,
    Tc3Sign,
)

HMAC = HmacSign(message=Message(("x",)))
AWS = SigV4Sign(access_key="id", region="r", service="s")
TENCENT = Tc3Sign(secret_id="id", service="s", action="a", version="v")
HTTP = HttpSignature(key_id="k")
OAUTH2 = OAuth2Sign(token_url="https://l.test/t", client_id="me")


def signed(sign, clock: float = 0.0):
    return plan(headers=(), sign=sign, clock_seconds=clock)


def found(good, bad, body: str = '{"message":"no"}', **fields):
    return diagnose(
        flip(failing(signed(bad), body=body, **fields), passing(signed(good)), axis="sign")
    )


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [
        (AWS, replace(AWS, region="q"), "S04"),
        (AWS, replace(AWS, service="q"), "S04"),
        (TENCENT, replace(TENCENT, service="q"), "S04"),
        (AWS, replace(AWS, signed_headers=("host",)), "S02"),
        (HTTP, replace(HTTP, components=("@path",)), "S02"),
        (HMAC, replace(HMAC, timestamp_format="ms"), "C05"),
        (OAUTH2, replace(OAUTH2, audience="b"), "T01"),
        (OAUTH2, replace(OAUTH2, scope="b"), "T01"),
        (TENCENT, replace(TENCENT, action="b"), "X01"),
    ],
)
def test_what_differs_in_the_signature_names_the_cause(good, bad, code):
    assert found(good, bad).code == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Credential should be scoped to a valid region, not 'q'.", "S04"),
        ("There were headers present in the request which were not signed", "S02"),
        ("<Code>HeadersNotSigned</Code>", "S02"),
        ("'Host' must be a 'SignedHeader'", "S02"),
    ],
)
def test_the_servers_words_name_the_cause_too(words, code):
    assert found(AWS, AWS, words, status=403).code == code


def test_a_request_that_is_not_denied_is_no_fault_of_the_signature():
    bad = replace(AWS, region="q")
    assert found(AWS, bad, status=500, outcome=Outcome.OTHER).code == "V07"


def test_units_are_said_in_words():
    words = found(HMAC, replace(HMAC, timestamp_format="ms")).explanation
    assert "the times are in milliseconds, with sign=good in seconds" in words


@pytest.mark.parametrize("sign", [HMAC, AWS, TENCENT])
@pytest.mark.parametrize("clock", [-600.0, 600.0])
def test_a_clock_that_flips_a_signature_is_c01(sign, clock):
    context = flip(failing(signed(sign, clock)), passing(signed(sign)), axis="clock")
    diagnosis = diagnose(context)
    assert (diagnosis.code, diagnosis.also) == ("C01", ())


def test_of_an_http_signature_the_window_may_be_c06_too():
    diagnosis = diagnose(flip(failing(signed(HTTP, 600.0)), passing(signed(HTTP)), axis="clock"))
    assert (diagnosis.code, diagnosis.also) == ("C01", ("C06",))


def test_a_refused_client_is_t03_and_says_so():
    at_api = exchange("axis=bad", response=answer(400, '{"error":"invalid_client"}'))
    fields = {name: getattr(at_api, name) for name in RedactedExchange.__dataclass_fields__}
    key = ExchangeKey("axis=bad", step=Step.AUTH)
    at_endpoint = RedactedExchange(**(fields | {"key": key}))
    bad = failing(signed(OAUTH2), exchanges=(at_endpoint,))
    diagnosis = diagnose(flip(bad, passing(signed(OAUTH2)), axis="key", field="key"))
    assert diagnosis.code == "T03"
    assert 'answered 400 and said "invalid_client"' in diagnosis.explanation


@pytest.mark.parametrize(
    ("sign", "shown"),
    [
        (HMAC, "`X-Signature: <key>`"),
        (HTTP, "`Signature: <key>`"),
        (AWS, "`Authorization: AWS4-HMAC-SHA256 <key>`"),
        (TENCENT, "`Authorization: TC3-HMAC-SHA256 <key>`"),
        (OAUTH2, "`Authorization: Bearer <key>`"),
        (DigestSign(username="me"), "`Authorization: Digest <key>`"),
    ],
)
def test_the_form_of_each_kind(sign, shown):
    (form,) = credential_forms(signed(sign))
    assert (form.carrier, str(form)) == (Carrier.HEADER, shown)
