from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.redaction.json_strings import DEEPEST, Kind, change_scalars, is_json, scalars_of

FINITE = st.floats(allow_nan=False, allow_infinity=False)
TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


def walk(value, path=()):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*path, name), Kind.NAME, name
            yield from walk(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, (*path, index))
    elif isinstance(value, str):
        yield path, Kind.STRING, value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, Kind.NUMBER, value


@settings(max_examples=200)
@given(st.lists(TREES, max_size=3) | st.dictionaries(st.text(max_size=5), TREES, max_size=4))
def test_every_scalar_is_told_with_its_path(tree):
    for text in (json.dumps(tree), json.dumps(tree, indent=1, ensure_ascii=False)):
        assert is_json(text)
        found = [
            (one.path, one.kind, json.loads(text[one.start : one.end])) for one in scalars_of(text)
        ]
        assert found == list(walk(tree))
        assert change_scalars(text, lambda _scalar, raw: raw) == text


def test_a_change_leaves_everything_else_as_it_stands():
    text = '{ "a" : [1, "x\\n"],\n  "b": {"a": "y"} , "a": "twice"}'
    shown = change_scalars(text, lambda one, raw: '"-"' if one.kind is Kind.STRING else raw)
    assert shown == '{ "a" : [1, "-"],\n  "b": {"a": "-"} , "a": "-"}'


@pytest.mark.parametrize(
    "text",
    ["", "x", '"x"', "12", "{", "[1,", "[" * 100_000, "{'a': 1}", '[-Infinity, "x"]', "[NaN]"],
)
def test_what_is_no_document_is_none(text: str):
    assert not is_json(text)


def test_a_document_is_none_where_it_is_too_deep():
    assert is_json("[" * DEEPEST + "]" * DEEPEST)
    assert not is_json("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1))
    assert is_json(json.dumps(["[" * 100]))


def test_a_scalar_does_not_show_its_path():
    (scalar,) = scalars_of('["x"]')
    assert repr(scalar) == "<Scalar string at 1>"
