"""What a token endpoint gives: the token to send, and every secret of the answer."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from support.made_keys import made_key

from harness.errors import SourceError
from harness.model.exchange import Response
from harness.model.signature import OAuth2Sign
from harness.signing.oauth2 import access_token, tokens_in

SIGN = OAuth2Sign(token_url="https://login.test/t", client_id="me")
TOKEN, OTHER = made_key("oauth2 token"), made_key("another token")
JSON = (("Content-Type", "application/json"),)


def answer(body: str | bytes) -> Response:
    return Response(200, "OK", (), body if isinstance(body, bytes) else body.encode())


def found(body: str | bytes) -> set[str]:
    return {secret.reveal() for secret in tokens_in(answer(body), SIGN).values()}


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"access_token": TOKEN, "refresh_token": OTHER}),
        json.dumps({"access_token": {"value": TOKEN}, "data": [{"idToken": OTHER}]}),
        json.dumps({"token": TOKEN, "result": {"session-token": [OTHER]}}),
        json.dumps({"jwt": TOKEN, "client_secret": OTHER}),
        urlencode({"access_token": TOKEN, "token_type": "bearer", "refresh_token": OTHER}),
        f"\n{urlencode({'token': TOKEN, 'id_token': OTHER, 'empty': ''})}\n",
    ],
)
def test_every_token_is_a_secret_wherever_it_stands(body):
    assert found(body) == {TOKEN, OTHER}


@pytest.mark.parametrize(
    "body",
    [
        "",
        b"\xff\xfe",
        json.dumps(TOKEN),
        json.dumps({"access_token": 5, "token_type": "bearer", "expires_in": "3600"}),
        json.dumps({"issued_token_type": "urn:ietf:params:oauth:token-type:jwt"}),
        json.dumps({"access_token": {"type": "Bearer", "expires_in": "3600", "scope": "a b"}}),
        f"<access_token>{TOKEN}</access_token>",
        f"here it is: {TOKEN}",
        "[" * 100_000,
    ],
)
def test_what_is_no_token_or_cannot_be_read_gives_none(body):
    assert found(body) == set()


def test_an_answer_full_of_tokens_gives_none_rather_than_some():
    tokens = [{"token": made_key(number)} for number in range(200)]
    assert found(json.dumps(tokens)) == set()


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"access_token": TOKEN, "token_type": "Bearer"}),
        urlencode({"access_token": TOKEN, "token_type": "bearer"}),
    ],
)
def test_the_token_to_send_stands_at_the_top_in_json_or_in_a_form(body):
    assert access_token(answer(body), SIGN).reveal() == TOKEN


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"access_token": {"value": TOKEN}}),
        json.dumps({"token": TOKEN}),
        urlencode({"access_token": TOKEN, "token_type": "mac"}),
    ],
)
def test_no_other_is_sent(body):
    with pytest.raises(SourceError) as caught:
        access_token(answer(body), SIGN)
    assert TOKEN not in f"{caught.value}{caught.value.hint}"
