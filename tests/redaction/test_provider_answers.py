"""The words that explain a 401 must survive: providers' own texts, byte for byte."""

from __future__ import annotations

import hashlib
import json

import pytest
from redaction.samples import deepseek_body, exchange, made_up

from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

KEY = made_up(1)

# ruff: noqa: E501, RUF001 - answers as they come, one a line
ANSWERS = """
Authentication Fails (governor)
Authentication Fails (auth header format should be Bearer sk-...)
{"error":{"message":"Authentication Fails (no such user)","type":"authentication_error","param":null,"code":"invalid_request_error"}}
{"error":{"message":"You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)","type":"invalid_request_error","code":null}}
{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}
{"type":"error","error":{"type":"authentication_error","message":"Invalid bearer token"},"request_id":"req_011CSHoEeqs5C35K2UUqR7Fy"}
{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription."}}
{"error":{"message":"No auth credentials found","code":401}}
{"detail":"Unauthorized"}
{"error":{"message":"Invalid Authentication","type":"invalid_authentication_error"}}
{"error":{"code":"1001","message":"Header中未收到Authorization参数，无法进行身份验证。"}}
{"error":{"code":"1001","message":"Header\\u4e2d\\u672a\\u6536\\u5230Authorization"}}
{"error":{"code":"AuthenticationError","message":"The API key format is incorrect. Request id: 021762345678901abcdef0123456789abcdef012345678","param":"","type":"Unauthorized"}}
{"code":"InvalidApiKey","message":"Invalid API-key provided.","request_id":"9f2c3b7d-9a40-4f0c-8f0e-0b7a6c1d2e3f"}
{"message":"Bad credentials","documentation_url":"https://docs.github.com/rest"}
{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":null}]}
{"error":"invalid_client","error_description":"Client authentication failed"}
{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential."}}
{"id":"chatcmpl-A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5","object":"chat.completion","usage":{"prompt_tokens":12,"total_tokens":13},"system_fingerprint":"fp_3a5770e1b4","choices":[{"message":{"role":"assistant","content":"pong"},"logprobs":{"content":[{"token":"Hello","logprob":-0.1}]}}]}
{"password":["is too short (minimum is 8 characters)"],"token_type":"bearer"}
"""
UNCHANGED = ANSWERS.strip().splitlines()


@pytest.mark.parametrize("body", UNCHANGED)
def test_an_answer_without_a_secret_is_not_changed(body: str) -> None:
    made = Redactor(SecretRegistry()).redact(exchange(KEY, response_body=body.encode()))
    assert made.response is not None
    assert made.response.body == body


def test_the_answer_of_deepseek_loses_nothing_but_the_tail() -> None:
    body = deepseek_body(KEY[-4:])
    made = Redactor(SecretRegistry()).redact(exchange(KEY, response_body=body))
    assert made.response is not None
    assert made.response.body == body.decode().replace(f"****{KEY[-4:]}", "****RDX~s1.t4~")


def test_the_answers_of_litellm_lose_the_digest_and_the_value_only() -> None:
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    body = {
        "error": {
            "message": f"Authentication Error, Invalid proxy server token passed. Received={KEY},"
            f" hash={digest}. Unable to find token in cache or `LiteLLM_VerificationTokenTable`",
            "type": "token_not_found_in_db",
            "param": "key",
            "code": "401",
        }
    }
    made = Redactor(SecretRegistry()).redact(exchange(KEY, response_body=json.dumps(body).encode()))
    assert made.response is not None
    shown = json.loads(made.response.body)["error"]
    assert shown["message"] == (
        "Authentication Error, Invalid proxy server token passed. Received=RDX~s1.sk.L35.Chex~,"
        " hash=RDX~s1.L64.esum~. Unable to find token in cache or `LiteLLM_VerificationTokenTable`"
    )
    assert (shown["type"], shown["code"]) == ("token_not_found_in_db", "401")


def test_openai_keeps_its_words_around_the_masked_key() -> None:
    body = (
        f"Incorrect API key provided: {KEY[:5]}****{KEY[-4:]}. You can find your API key at"
        " https://platform.openai.com/api-keys."
    )
    made = Redactor(SecretRegistry()).redact(exchange(KEY, response_body=body.encode()))
    assert made.response is not None
    assert made.response.body.startswith("Incorrect API key provided: sk-RDX~")
    assert made.response.body.endswith(
        "****RDX~s1.t4~. You can find your API key at https://platform.openai.com/api-keys."
    )
    assert KEY[3:5] + "*" not in made.response.body
