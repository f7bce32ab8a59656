"""Reading the answer of a token endpoint."""

import json

import pytest

from harness.signing.token_answer import MOST_TOKENS, token_document, token_values


@pytest.mark.parametrize(
    ("body", "document"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"a=1&b=x%20y", {"a": "1", "b": "x y"}),
        (b"  a=1\n", {"a": "1"}),
        (b"a=1 b", None),
        (b"<a b='c'/>", None),
        (b"<a>=</a>", None),
        (b"text", None),
        (b"", None),
        (b"a=\xff", None),
    ],
)
def test_json_and_forms_are_read(body, document):
    assert token_document(body) == document


def test_a_name_tells_of_all_below_it_but_of_its_kind_and_times():
    document = {
        "accessToken": {"value": "a", "parts": ["b", 1, None], "type": "bearer", "scope": "x"},
        "client-secret": "c",
        "token_type": "bearer",
        "message": "here it is",
        "again": {"id_token": "a"},
    }
    assert token_values(document) == ("a", "b", "c")


@pytest.mark.parametrize(("count", "found"), [(MOST_TOKENS, MOST_TOKENS), (MOST_TOKENS + 1, 0)])
def test_too_many_are_none(count, found):
    document = json.loads(json.dumps([{"token": f"t{number}"} for number in range(count)]))
    assert len(token_values(document)) == found
