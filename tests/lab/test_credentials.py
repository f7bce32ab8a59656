from __future__ import annotations

import base64

import pytest

from harness.lab.providers.credentials import basic_credentials, bearer_token


@pytest.mark.parametrize("value", ["Bearer k", "bearer k", "BEARER k", "Bearer   k"])
def test_the_scheme_is_read_in_any_case(value: str) -> None:
    assert bearer_token(value) == "k"


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer ", "k", "Token k", "Bearer\tk", "Bearer: k", "Bearer Bearer k"]
)
def test_anything_but_bearer_and_one_word_is_no_token(value: str) -> None:
    assert bearer_token(value) is None


def test_odd_characters_stay_in_the_token() -> None:
    assert bearer_token('Bearer "k\u200b\t') == '"k\u200b\t'


def basic(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("me:k", ("me", "k")), (":k", ("", "k")), ("me:", ("me", "")), ("me:a:b", ("me", "a:b"))],
)
def test_basic_credentials_are_split_at_the_first_colon(
    text: str, expected: tuple[str, str]
) -> None:
    assert basic_credentials(f"bAsIc {basic(text)}") == expected


@pytest.mark.parametrize("value", ["", "Basic", "Basic *", "Basic é", f"Bearer {basic('a:b')}"])
def test_what_is_not_basic_is_none(value: str) -> None:
    assert basic_credentials(value) is None


def test_basic_without_a_colon_is_none() -> None:
    assert basic_credentials(f"Basic {basic('key')}") is None
