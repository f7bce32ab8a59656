"""What a name or a form of a body gives away, also where nobody knew of the secret."""

from __future__ import annotations

import base64
import json

import pytest
from redaction.samples import BASE62, exchange, made_up

from harness.redaction.allowed_names import header_may_stay
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

VALUE = made_up(5, 24, BASE62, "")


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(SecretRegistry())


def _answer(redactor: Redactor, body: str | bytes) -> str:
    octets = body if isinstance(body, bytes) else body.encode()
    made = redactor.redact(exchange(response_body=octets))
    assert made.response is not None
    return made.response.body


@pytest.mark.parametrize(
    "text",
    [
        f"password: {VALUE}",
        f"API_TOKEN={VALUE}",
        f"{{'client_secret': '{VALUE}'}}",
        f'<input name="csrf_token" value="{VALUE}">',
        f"<wsse:Password Type='x'>{VALUE}</wsse:Password>",
        f"aws_secret_access_key = {VALUE}",
        f"session_id={VALUE}",
        json.dumps({"kty": "oct", "k": VALUE}),
        json.dumps({"kind": "Secret", "data": {"any": VALUE}}),
        json.dumps({"a": base64.b64encode(f'{{"apiKey": "{VALUE}"}}'.encode()).decode()}),
    ],
)
def test_a_value_with_a_telling_name_goes_from_every_text(redactor: Redactor, text: str) -> None:
    assert VALUE not in _answer(redactor, text)
    assert redactor.text(f"no session {VALUE} here").startswith("no session RDX~s")


@pytest.mark.parametrize(
    "text",
    [
        "password: must be at least 8 characters",
        "the token has expired",
        "set OPENAI_API_KEY=your-key-here",
        '{"kind": "Status", "data": {"any": "value of some kind"}}',
        '{"max_tokens": 4096, "token_type": "bearer", "next": "token"}',
        "<password>too short</password>",
        "use api_key=os.environ and so on",
    ],
)
def test_words_about_secrets_stay(redactor: Redactor, text: str) -> None:
    assert _answer(redactor, text) == text


@pytest.mark.parametrize("value", [VALUE, "abcdefghijklmnopqrstuvwx", "k9#x8!Q7w2"])
def test_a_token_in_an_unlisted_header_goes_from_every_text(redactor: Redactor, value: str) -> None:
    redactor.redact(exchange(headers=(("X-Zzz", value),)))
    assert value not in redactor.text(f"got {value}, sorry")


@pytest.mark.parametrize(
    "value", ["2026-11-22", "v1.2.3", "api.example.com", "text/plain", "step-12", "my own words"]
)
def test_a_plain_value_of_an_unlisted_header_goes_there_only(
    redactor: Redactor, value: str
) -> None:
    made = redactor.redact(exchange(headers=(("X-Zzz", value),)))
    assert value not in made.headers[0][1]
    assert redactor.text(f"got {value}, sorry") == f"got {value}, sorry"


def test_addresses_and_nonces_in_a_listed_header_are_decided_by_name(redactor: Redactor) -> None:
    report = "https://u:pw123456@h.test/r?k=odd&page=2 /x?k=odd"
    policy = f"script-src 'nonce-a1b2c3d4e5'; report-uri {report}"
    made = redactor.redact(exchange(response_headers=(("Content-Security-Policy", policy),)))
    assert made.response is not None
    shown = made.response.headers[0][1]
    assert not [one for one in ("a1b2c3d4e5", "pw123456", "=odd") if one in shown]
    assert shown.startswith("script-src 'nonce-RDX~")
    assert shown.endswith("&page=2 /x?k=RDX~s3.L1-3.Cb62~")


def test_no_listed_name_is_half_a_name() -> None:
    for name in ("cache-control", "EO-Cache-Status", "x-amzn-trace-id", "X-Any-Request-Id"):
        assert header_may_stay(name)
    for name in ("control", "status", "x-amzn-", "cache-", "x-api-key", "cookie"):
        assert not header_may_stay(name)


def test_a_few_odd_bytes_in_a_text_are_shown_as_escapes(redactor: Redactor) -> None:
    words = "words " * 9
    assert _answer(redactor, b"cl\xe9: " + words.encode()) == f"cl\\xe9: {words}"
    assert _answer(redactor, b"\xe9\xe8\xff\xfe\x01") == "RDX~none.blob.L5.Cbytes.mbinary~"


def test_what_a_withheld_body_holds_is_known_from_then_on(redactor: Redactor) -> None:
    body = json.dumps({"access_token": VALUE}).encode("utf-16")
    assert _answer(redactor, body) == f"RDX~none.blob.L{len(body)}.Cbytes.mutf16~"
    assert VALUE not in redactor.text(f"got {VALUE}")


def test_an_exchange_is_brought_up_to_date_when_a_secret_was_met_since(redactor: Redactor) -> None:
    made = redactor.redact(exchange(response_body=f"no session {VALUE}".encode()))
    assert redactor.up_to_date(made) is made
    redactor.redact(
        exchange(variant="other", response_headers=(("Set-Cookie", f"sid={VALUE}; Path=/"),))
    )
    later = redactor.up_to_date(made)
    assert later.response is not None
    assert later.response.body == "no session RDX~s1.cookie.L24.Cb62~"
    assert redactor.up_to_date(later) is later


def test_a_key_cut_over_the_events_of_a_stream_goes_and_the_events_stay(
    redactor: Redactor,
) -> None:
    key = made_up(1)
    pieces = [key[at : at + 4] for at in range(0, len(key), 4)]
    events = "".join(f'data: {{"n": 1, "content": "{piece}"}}\n\n' for piece in pieces)
    made = redactor.redact(exchange(key, response_body=events.encode()))
    assert made.response is not None
    lines = made.response.body.split("\n\n")[:-1]
    assert [set(json.loads(line.removeprefix("data: "))) for line in lines] == [
        {"n", "content"} for _ in pieces
    ]
    assert not [piece for piece in pieces if f'"{piece}"' in made.response.body]


def test_too_many_codings_of_codings_are_withheld(redactor: Redactor) -> None:
    text = f"the key is {made_up(1)} "
    for _ in range(9):
        text = base64.b64encode(text.encode()).decode()
    shown = redactor.redact(exchange(made_up(1), response_body=text.encode()))
    assert shown.response is not None
    assert text[:40] not in shown.response.body
