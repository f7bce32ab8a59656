from __future__ import annotations

import pytest

from harness.scenario_file.credential_names import is_credential_field, is_credential_header


@pytest.mark.parametrize(
    "name",
    [
        *("Authorization", "proxy-authorization", "X-Api-Key", "api-key", "x-goog-api-key"),
        *("Cookie", "X-Auth-Token", "X-ApiKey", "Ocp-Apim-Subscription-Key", "x-functions-key"),
        *("PRIVATE-TOKEN", "X-Amz-Security-Token", "api_key", "xApiKey", "X-Signature"),
    ],
)
def test_a_header_that_carries_a_credential_is_known_by_name(name: str) -> None:
    assert is_credential_header(name)


@pytest.mark.parametrize(
    "name", ["Accept", "Idempotency-Key", "X-Keyboard", "X-Tokenizer", "Author", "X-Author-Id"]
)
def test_other_headers_are_not(name: str) -> None:
    assert not is_credential_header(name)


@pytest.mark.parametrize("name", ["key", "api_key", "token", "access_token", "sig", "password"])
def test_a_query_field_that_carries_a_credential_is_known_by_name(name: str) -> None:
    assert is_credential_field(name)


@pytest.mark.parametrize("name", ["page", "max_tokens", "sort_key", "signed"])
def test_other_query_fields_are_not(name: str) -> None:
    assert not is_credential_field(name)
