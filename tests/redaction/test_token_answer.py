"""Of a token endpoint's answer in which no token is recognised nothing is shown."""

from __future__ import annotations

import dataclasses

import pytest
from redaction.samples import exchange, made_up

from harness.model.exchange import ExchangeKey, RecordedExchange, Step
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.redaction.token_answer import may_hide_token

KEY = made_up(1)
HIDDEN = "RDX~none.blob.L3.mtext~"


@pytest.mark.parametrize(
    ("step", "status", "secrets", "body", "hides"),
    [
        (Step.AUTH, 200, (), "any", True),
        (Step.AUTH, 204, ("key", "sign.client_id"), "any", True),
        (Step.AUTH, 200, (), '{"error":null,"data":"x"}', True),
        (Step.AUTH, 200, (), '{"error":{"tok":"x"}}', True),
        (Step.AUTH, 200, (), '["error"]', True),
        (Step.AUTH, 200, (), "[" * 100_000, True),
        (Step.AUTH, 200, ("oauth2.token.1",), "any", False),
        (Step.AUTH, 200, (), '{"error":"invalid_client"}', False),
        (Step.AUTH, 401, (), "any", False),
        (Step.MAIN, 200, (), "any", False),
        (Step.PREFLIGHT, 200, (), "any", False),
    ],
)
def test_it_may_hide_a_token(step, status, secrets, body, hides):
    assert may_hide_token(step, status, secrets, body) is hides


def of_step(step: Step, body: bytes, *headers: tuple[str, str]):
    made = exchange(KEY, response_body=body, response_headers=headers)
    attempt = made.attempt
    answered = dataclasses.replace(attempt.response, status=200)
    return dataclasses.replace(
        made,
        key=ExchangeKey("baseline", step=step),
        attempt=dataclasses.replace(attempt, response=answered),
    )


def test_it_is_withheld_live_and_in_a_cassette_of_anybody():
    redactor = Redactor(SecretRegistry())
    made = redactor.redact(of_step(Step.AUTH, b"abc"))
    assert made.response is not None
    assert made.response.body == HIDDEN
    fields = {one.name: getattr(made, one.name) for one in dataclasses.fields(RecordedExchange)}
    for body, shown in ((HIDDEN, HIDDEN), ("abc", HIDDEN), ("", "")):
        answered = dataclasses.replace(made.response, body=body)
        again = redactor.readmit(RecordedExchange(**{**fields, "response": answered}))
        assert again.response is not None
        assert again.response.body == shown


def test_a_form_in_an_answer_is_judged_by_its_names():
    form = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
    redactor = Redactor(SecretRegistry())
    made = redactor.redact(of_step(Step.MAIN, b"sid=plain-word&page=2", form))
    assert made.response is not None
    assert made.response.body.startswith("sid=RDX~")
    assert made.response.body.endswith("~&page=2")
