import pytest

from harness.difference.json_members import Member
from harness.difference.volatile import (
    header_reason,
    is_issued_by,
    member_reason,
    without_changing,
    without_lab_names,
)


@pytest.mark.parametrize(
    "name",
    [
        "Date",
        "x-ds-trace-id",
        "CF-RAY",
        "traceparent",
        "Age",
        " Date ",
        "X-RateLimit-Remaining",
        "x-ratelimit-reset-requests",
        "anthropic-ratelimit-tokens-remaining",
        "RateLimit-Reset",
        "x-served-by",
        "server-timing",
    ],
)
def test_headers_that_change_with_each_exchange_have_a_reason(name: str) -> None:
    assert header_reason(name)


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "WWW-Authenticate",
        "Server",
        "Content-Type",
        "Retry-After",
        "Location",
        "x-ratelimit-limit-requests",
        "x-cache",
        "eo-cache-status",
        "Via",
        "Set-Cookie",
        "X-Sig",
    ],
)
def test_headers_that_may_tell_of_a_cause_have_none(name: str) -> None:
    assert header_reason(name) == ""


def test_cookies_are_issued_by_answers() -> None:
    assert is_issued_by("set-cookie")
    assert not is_issued_by("cookie")


COMPLETION = {"id": "a", "created": 1, "choices": []}
MESSAGE = {"id": "a", "type": "message"}
USER = {"id": "a", "name": "b"}


@pytest.mark.parametrize(
    ("pointer", "document", "is_volatile"),
    [
        ("/id", COMPLETION, True),
        ("/created", COMPLETION, True),
        ("/model", COMPLETION, False),
        ("/id", MESSAGE, True),
        ("/id", USER, False),
        ("/id", ["a"], False),
        ("/choices/0/id", COMPLETION, False),
        ("/error/request_id", USER, True),
        ("/RequestId", USER, True),
        ("/Response/RequestId", USER, True),
        ("/meta/traceId", USER, True),
    ],
)
def test_members_that_change_with_each_answer_have_a_reason(
    pointer: str,
    document: object,
    is_volatile: bool,  # noqa: FBT001
) -> None:
    reason = member_reason(Member(pointer, "1", "2"), document, document)  # type: ignore[arg-type]
    assert bool(reason) is is_volatile


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (
            "is invalid (request_id: f8b2d654-ea6d-4179-ace9-e03555d3cf66)",
            "is invalid (request_id: 6bc4595d-b2e6-496c-b158-d8f66e573ca9)",
        ),
        ("at 2026-11-25T02:28:16Z", "at 2026-11-25T02:28:17.25+01:00"),
        ("trace 6f4eac5b4e24d4da001d6e8e08ad2fff", "trace 70ec6f6dfaa75fe0ee44d24fd8249fde"),
        ("request id: 20261125abcXYZ", "request id: 20261126defUVW"),
        ("(req_011CSu)", "(req_9xYz)"),
    ],
)
def test_ids_and_times_inside_a_text_are_one_sign(left: str, right: str) -> None:
    assert without_changing(left) == without_changing(right)


@pytest.mark.parametrize("text", ["Authentication Fails", "deadbeefdeadbeef", "12 of 15 tokens"])
def test_words_and_small_numbers_stay(text: str) -> None:
    assert without_changing(text) == text


def test_the_names_that_the_lab_makes_up_are_one() -> None:
    left, right = (f"OU=Testing CA #{made},O=trustme v1.2.1" for made in ("6Whao2e2", "d-X_9"))
    assert without_lab_names(left) == without_lab_names(right)
    assert without_lab_names("CN=Corporate Inspection") == "CN=Corporate Inspection"
