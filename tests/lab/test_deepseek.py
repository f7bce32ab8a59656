from __future__ import annotations

import json
import re
from random import Random

import pytest
from lab.wire import NOON_DATE, noon, request

from harness.errors import UsageError
from harness.lab.http_message import Answer, Request
from harness.lab.providers.deepseek import DeepSeekGateway
from harness.model.scenario import LabKeyKind

GOOD = "-".join(("sk", "0123456789abcdef" * 2))
STANDINGS = {
    GOOD: LabKeyKind.GOOD,
    "revoked": LabKeyKind.REVOKED,
    "poor": LabKeyKind.NO_BALANCE,
    "hasty": LabKeyKind.RATE_LIMITED,
    "barred": LabKeyKind.FORBIDDEN,
}
CHAT = b'{"model": "deepseek-chat", "messages": [{"role": "user", "content": "ping"}]}'


def gateway(wording: str = "current") -> DeepSeekGateway:
    def standing(key: str) -> LabKeyKind:
        return STANDINGS.get(key, LabKeyKind.UNKNOWN)

    return DeepSeekGateway(standing, wording=wording, random=Random(1), now=noon)


def ask(asked: Request, wording: str = "current") -> Answer:
    return gateway(wording)(asked)


def authorized(value: str, target: str = "/models") -> Request:
    return request(target, ("Authorization", value))


def chat(key: str, body: bytes = CHAT, target: str = "/chat/completions") -> Request:
    return request(target, ("Authorization", f"Bearer {key}"), method="POST", body=body)


def error(answer: Answer) -> dict[str, object]:
    document = json.loads(answer.body)
    assert list(document) == ["error"]
    assert list(document["error"]) == ["message", "type", "param", "code"]
    return dict(document["error"])


def masked(answer: Answer) -> bytes:
    raw = answer.to_bytes(method="GET", closes=False)
    raw = re.sub(rb"x-ds-trace-id: [0-9a-f]{32}\r", rb"x-ds-trace-id: <trace>\r", raw)
    return re.sub(rb"EO-LOG-UUID: [0-9]+\r", rb"EO-LOG-UUID: <log>\r", raw)


GOVERNOR = (
    "HTTP/1.1 401 Authorization Required\r\n"
    "Server: openresty\r\n"
    "vary: origin, access-control-request-method, access-control-request-headers\r\n"
    "access-control-allow-credentials: true\r\n"
    "x-ds-trace-id: <trace>\r\n"
    "Strict-Transport-Security: max-age=31536000; includeSubDomains; preload\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Length: {length}\r\n"
    f"Date: {NOON_DATE}\r\n"
    "EO-LOG-UUID: <log>\r\n"
    "EO-Cache-Status: MISS\r\n"
    "\r\n"
    "{body}"
)


@pytest.mark.parametrize("path", ["/", "/models", "/chat/completions", "/anthropic/v1/messages"])
def test_without_a_header_the_answer_is_the_recorded_one_byte_for_byte(path: str) -> None:
    expected = GOVERNOR.format(length=31, body="Authentication Fails (governor)").encode()
    assert masked(ask(request(path))) == expected


@pytest.mark.parametrize("value", ["", "Bearer", "Token k", GOOD, f"Bearer Bearer {GOOD}"])
def test_a_malformed_header_gets_the_65_bytes(value: str) -> None:
    body = "Authentication Fails (auth header format should be Bearer sk-...)"
    assert masked(ask(authorized(value))) == GOVERNOR.format(length=65, body=body).encode()


def test_an_unknown_key_gets_its_last_four_characters_back_and_a_request_id() -> None:
    answer = ask(authorized("Bearer sk-not-known-ab12"))
    assert (answer.status, answer.reason) == (401, "Unauthorized")
    headers = dict(answer.headers)
    assert headers["Content-Type"] == "application/json"
    assert "WWW-Authenticate" not in headers
    text = answer.body.decode()
    uuid4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert re.fullmatch(
        r'\{"error":\{"message":"Authentication Fails, Your api key: \*\*\*\*ab12 is invalid '
        rf'\(request_id: ({uuid4})\)","type":"authentication_error","param":null,'
        r'"code":"invalid_request_error"\}\}',
        text,
    )


def test_before_september_2026_there_was_no_request_id() -> None:
    answer = ask(authorized("Bearer sk-not-known-ab12"), "without-request-id")
    assert answer.body == (
        b'{"error":{"message":"Authentication Fails, Your api key: ****ab12 is invalid",'
        b'"type":"authentication_error","param":null,"code":"invalid_request_error"}}'
    )


def test_in_early_2025_there_was_no_such_user() -> None:
    answer = ask(authorized("Bearer sk-not-known-ab12"), "legacy")
    assert answer.body == (
        b'{"error":{"message":"Authentication Fails (no such user)",'
        b'"type":"authentication_error","param":null,"code":"invalid_request_error"}}'
    )


@pytest.mark.parametrize(
    ("key", "tail"),
    [
        ("revoked", "oked"),
        (GOOD + '"', 'def"'),
        ("${DEEPSEEK}", "EEK}"),
        ("undefined", "ined"),
        ("abc", "abc"),
        ("sk-\u200bé\udcff", "\u200bé?"),
        (GOOD.upper(), "CDEF"),
    ],
)
def test_the_tail_of_any_key_that_is_not_valid_is_echoed(key: str, tail: str) -> None:
    message = error(ask(authorized(f"Bearer {key}"), "without-request-id"))["message"]
    expected = f"Authentication Fails, Your api key: ****{tail} is invalid"
    assert str(message).replace("****-\u200b", "****\u200b") == expected


def test_a_good_key_is_taken_whatever_the_case_of_the_scheme() -> None:
    assert [ask(authorized(f"{word} {GOOD}")).status for word in ("Bearer", "bearer")] == [200, 200]


@pytest.mark.parametrize(
    "target", ["/chat/completions", "/v1/chat/completions", "/beta/chat/completions?x=y"]
)
def test_every_base_completes_a_chat(target: str) -> None:
    answer = ask(chat(GOOD, target=target))
    assert (answer.status, answer.reason) == (200, "OK")
    document = json.loads(answer.body)
    assert document["object"] == "chat.completion"
    assert document["created"] == int(noon())


def test_an_account_without_balance_gets_402() -> None:
    answer = ask(chat("poor"))
    assert (answer.status, answer.reason) == (402, "Payment Required")
    assert answer.body == (
        b'{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,'
        b'"code":"invalid_request_error"}}'
    )


def test_a_rate_limited_account_gets_429() -> None:
    answer = ask(chat("hasty"))
    assert (answer.status, answer.reason) == (429, "Too Many Requests")
    assert error(answer)["message"] == "Rate limit reached"


@pytest.mark.parametrize("target", ["/models", "/no-such-path"])
def test_a_barred_key_gets_a_403_page_everywhere(target: str) -> None:
    answer = ask(authorized("Bearer barred", target))
    assert (answer.status, dict(answer.headers)["Content-Type"]) == (403, "text/html")


@pytest.mark.parametrize("key", ["poor", "hasty"])
def test_what_costs_nothing_needs_no_balance(key: str) -> None:
    assert ask(authorized(f"Bearer {key}")).status == 200


def test_a_good_key_at_a_wrong_path_gets_404_and_a_bad_one_401() -> None:
    wrong = "/v1/v1/chat/completions"
    assert [ask(chat(key, target=wrong)).status for key in (GOOD, "x")] == [404, 401]


def test_the_anthropic_base_takes_x_api_key() -> None:
    message = request("/anthropic/v1/messages", ("X-Api-Key", GOOD), method="POST", body=CHAT)
    assert ask(message).status == 200


def test_an_unknown_x_api_key_gets_the_same_body_without_the_anthropic_wrapper() -> None:
    answer = ask(request("/anthropic/v1/messages", ("x-api-key", "nope1234"), method="POST"))
    assert answer.status == 401
    assert "****1234" in str(error(answer)["message"])


def test_an_empty_x_api_key_is_malformed() -> None:
    answer = ask(request("/anthropic/v1/messages", ("x-api-key", "")))
    assert len(answer.body) == 65


def test_x_api_key_counts_for_nothing_elsewhere() -> None:
    answer = ask(request("/chat/completions", ("x-api-key", GOOD)))
    assert answer.body == b"Authentication Fails (governor)"


def test_authorization_wins_over_x_api_key() -> None:
    headers = (("x-api-key", GOOD), ("Authorization", "Bearer nope"))
    assert ask(request("/anthropic/v1/models", *headers)).status == 401


def test_trace_ids_differ_from_answer_to_answer() -> None:
    gate = gateway()
    first, second = (dict(gate(request()).headers)["x-ds-trace-id"] for _ in range(2))
    assert first != second


def test_an_unknown_wording_is_refused() -> None:
    with pytest.raises(UsageError, match="'old' is not known"):
        gateway("old")
