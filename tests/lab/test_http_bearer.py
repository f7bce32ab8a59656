from __future__ import annotations

import pytest
from lab.wire import NOON_DATE, noon, request

from harness.lab.http_message import Answer
from harness.lab.providers.http_bearer import HttpBearer
from harness.model.scenario import LabKeyKind

STANDINGS = {
    "good": LabKeyKind.GOOD,
    "revoked": LabKeyKind.REVOKED,
    "poor": LabKeyKind.NO_BALANCE,
    "hasty": LabKeyKind.RATE_LIMITED,
    "barred": LabKeyKind.FORBIDDEN,
}


def ask(*values: str) -> Answer:
    server = HttpBearer(lambda key: STANDINGS.get(key, LabKeyKind.UNKNOWN), now=noon)
    return server(request("/any", *(("Authorization", value) for value in values)))


def challenge(answer: Answer) -> str | None:
    return dict(answer.headers).get("WWW-Authenticate")


@pytest.mark.parametrize("values", [(), ("",), ("Basic eDp5",), ("good",)])
def test_without_a_bearer_credential_the_challenge_has_no_error(values: tuple[str, ...]) -> None:
    answer = ask(*values)
    assert (answer.status, challenge(answer)) == (401, 'Bearer realm="lab"')


@pytest.mark.parametrize("value", ["Bearer", "Bearer a b"])
def test_a_malformed_credential_is_an_invalid_request(value: str) -> None:
    answer = ask(value)
    expected = 'Bearer realm="lab", error="invalid_request"'
    assert (answer.status, challenge(answer)) == (400, expected)


@pytest.mark.parametrize(
    ("key", "text"), [("nope", "token is not known"), ("revoked", "token is revoked")]
)
def test_a_bad_token_is_invalid(key: str, text: str) -> None:
    answer = ask(f"Bearer {key}")
    expected = f'Bearer realm="lab", error="invalid_token", error_description="{text}"'
    assert (answer.status, challenge(answer)) == (401, expected)


@pytest.mark.parametrize(
    ("key", "status"), [("good", 200), ("poor", 402), ("hasty", 429), ("barred", 403)]
)
def test_a_token_that_is_known_gets_what_its_account_is_worth(key: str, status: int) -> None:
    answer = ask(f"bearer {key}")
    assert (answer.status, challenge(answer)) == (status, None)


def test_an_answer_has_date_type_and_length() -> None:
    answer = ask("Bearer good")
    assert answer.headers == (
        ("Server", "flip401-lab"),
        ("Date", NOON_DATE),
        ("Content-Type", "application/json"),
        ("Content-Length", "22"),
    )
    assert answer.body == b'{"authenticated":true}'
