"""A snippet is Python, whatever stands in the cassette."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.reports.pytest_snippet import CLIENTS, SnippetCall, pytest_snippet


@given(
    client=st.sampled_from(CLIENTS),
    texts=st.tuples(st.text(), st.text(), st.text(), st.text()),
    body=st.binary(max_size=400),
)
def test_texts_are_literals(client: str, texts: tuple[str, str, str, str], body: bytes) -> None:
    cassette, name, method, url = texts
    call = SnippetCall(method, url, follows=True, status=401, body=body)
    text = pytest_snippet(client, cassette, name, (call,))
    assert text.isascii()
    tree = ast.parse(text)
    (calls,) = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "CALLS"
    ]
    assert ast.literal_eval(calls) == [(method, url, True, 401, len(body), body[:200])]
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert len([one for one in names if one.startswith("test_")]) == 1


@pytest.mark.parametrize(
    ("name", "test"),
    [
        ("key-dotenv.scheme-lower", "test_key_dotenv_scheme_lower_as_recorded"),
        ("…", "test_variant_as_recorded"),
    ],
)
def test_the_test_is_named_by_the_variant(name: str, test: str) -> None:
    assert f"def {test}():" in pytest_snippet("httpx", "a.yaml", name, ())
