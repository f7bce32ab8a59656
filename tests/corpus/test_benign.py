"""False redaction: what holds no secret stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from corpus.benign import Benign, benign_exchanges

from harness.model.exchange import (
    Attempt,
    Exchange,
    ExchangeKey,
    RedactedExchange,
    Response,
    Timing,
)
from harness.model.request import RedirectPolicy, SignedRequest
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

MOST_CHANGED = 0.02
MUST_STAY = frozenset(
    {"code", "type", "message", "Message", "Code", "error", "error_description", "__type", "msg"}
)
CHALLENGES = frozenset({"www-authenticate", "proxy-authenticate"})
BENIGN = benign_exchanges()


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for one, inside in value.items():
            yield from _leaves(inside, one)
    elif isinstance(value, list):
        for inside in value:
            yield from _leaves(inside, name)
    else:
        yield name, json.dumps(value)


def _redacted(exchange: Benign) -> RedactedExchange:
    """Each is a run of its own: as it is with one exchange."""
    request = SignedRequest(
        method="GET",
        url=exchange.url,
        headers=(("Accept", "*/*"), ("User-Agent", "flip401/0.1.0")),
        body=None,
        proxy=None,
        client="aiohttp",
        redirects=RedirectPolicy(),
        timeout_seconds=3.0,
    )
    response = Response(exchange.status, exchange.reason, exchange.headers, exchange.body.encode())
    attempt = Attempt(Timing(0.0, 0.1), request.headers, response)
    made = Redactor(SecretRegistry()).redact(Exchange(ExchangeKey("baseline"), 1, request, attempt))
    assert made.response is not None
    return made


def _pairs(exchange: Benign, made: RedactedExchange) -> Iterator[tuple[str, str, str]]:
    """Yield every field: its name, what it was, what is shown."""
    response = made.response
    assert response is not None
    yield "url", exchange.url, made.url
    yield "reason", exchange.reason, response.reason
    for (name, value), (_, shown) in zip(exchange.headers, response.headers, strict=True):
        yield f"header {name}", value, shown
    before, after = (_leaves(json.loads(text)) for text in (exchange.body, response.body))
    for (name, value), (_, shown) in zip(before, after, strict=True):
        yield name, value, shown


@pytest.fixture(scope="module")
def fields() -> list[tuple[str, str, str, str]]:
    return [
        (exchange.name, *field)
        for exchange in BENIGN
        for field in _pairs(exchange, _redacted(exchange))
    ]


def test_there_are_two_hundred() -> None:
    assert len({exchange.name for exchange in BENIGN}) == len(BENIGN) == 200


def test_at_most_two_in_a_hundred_fields_change(fields: list[tuple[str, str, str, str]]) -> None:
    changed = [field for field in fields if field[2] != field[3]]
    assert len(changed) <= MOST_CHANGED * len(fields), changed


def test_no_error_text_status_or_challenge_changes(
    fields: list[tuple[str, str, str, str]],
) -> None:
    kept = [
        field
        for field in fields
        if field[1] in MUST_STAY
        or field[1] == "reason"
        or field[1].removeprefix("header ").lower() in CHALLENGES
    ]
    assert len(kept) > 400
    assert [field for field in kept if field[2] != field[3]] == []


def test_no_header_name_and_no_status_changes() -> None:
    for exchange in BENIGN:
        response = _redacted(exchange).response
        assert response is not None
        assert response.status == exchange.status
        assert [name for name, _ in response.headers] == [name for name, _ in exchange.headers]


def test_a_member_of_json_is_the_same_document(fields: list[tuple[str, str, str, str]]) -> None:
    """Every body is JSON still, with as many members: `zip(strict=True)` holds that."""
    assert len(fields) > 2000
