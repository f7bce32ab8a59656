from __future__ import annotations

import base64

import pytest
from lab.wire import noon, request

from harness.lab.http_message import Answer
from harness.lab.providers.http_basic import HttpBasic
from harness.model.scenario import LabKeyKind

STANDINGS = {
    "good": LabKeyKind.GOOD,
    "revoked": LabKeyKind.REVOKED,
    "poor": LabKeyKind.NO_BALANCE,
    "hasty": LabKeyKind.RATE_LIMITED,
    "barred": LabKeyKind.FORBIDDEN,
}


def ask(*values: str) -> Answer:
    server = HttpBasic(lambda key: STANDINGS.get(key, LabKeyKind.UNKNOWN), now=noon)
    return server(request("/any", *(("Authorization", value) for value in values)))


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("me:good", 200),
        ("good:", 200),
        ("good:nope", 401),
        ("me:nope", 401),
        ("me:revoked", 401),
        ("me:poor", 402),
        ("me:barred", 403),
        ("me:hasty", 429),
        (":", 401),
        ("good", 401),
    ],
)
def test_the_password_or_failing_that_the_user_name_is_the_key(text: str, status: int) -> None:
    assert ask(basic(text)).status == status


@pytest.mark.parametrize("values", [(), ("Bearer good",), ("Basic !",), (basic("me:nope"),)])
def test_a_refusal_is_a_basic_challenge(values: tuple[str, ...]) -> None:
    answer = ask(*values)
    challenge = dict(answer.headers)["WWW-Authenticate"]
    assert (answer.status, challenge) == (401, 'Basic realm="lab", charset="UTF-8"')
