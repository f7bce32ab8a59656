import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.difference.json_members import Member, members, parse_json

SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab/~", max_size=3)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~", max_size=2), inner),
    max_leaves=8,
)


def differing(left: object, right: object) -> list[Member]:
    found = members(left, right)  # type: ignore[arg-type]
    return [one for one in found if one.left != one.right]


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [
        ({"a": 1}, {"a": 2}, [("/a", "1", "2")]),
        ({"a": 1}, {"a": 1.0}, [("/a", "1", "1.0")]),
        ({"a": 1}, {"a": True}, [("/a", "1", "true")]),
        ({"a": None}, {}, [("/a", "null", None)]),
        ({}, {"a/b~c": "x"}, [("/a~1b~0c", None, '"x"')]),
        ({"a": [1, 2]}, {"a": [1, 3, 4]}, [("/a/1", "2", "3"), ("/a/2", None, "4")]),
        ({"a": {}}, {"a": []}, [("/a", "{}", "[]")]),
        ({"a": {"b": 1}}, {"a": "b"}, [("/a", '{"b":1}', '"b"')]),
        ([1], {"a": 1}, [("", "[1]", '{"a":1}')]),
        ({"a": {}}, {"a": {"b": 1}}, [("/a/b", None, "1")]),
        ({"b": 1, "a": 1}, {"a": 2, "b": 2}, [("/b", "1", "2"), ("/a", "1", "2")]),
    ],
)
def test_documents_are_compared_member_by_member(
    left: object, right: object, found: list[tuple[str, str | None, str | None]]
) -> None:
    assert [(one.pointer, one.left, one.right) for one in differing(left, right)] == found


def test_equal_strings_are_told_for_they_may_hold_secrets() -> None:
    assert list(members({"a": "x", "b": 1}, {"a": "x", "b": 1})) == [
        Member("/a", '"x"', '"x"', ("x", "x"))
    ]


@given(DOCUMENTS)
def test_a_document_does_not_differ_from_itself(document: object) -> None:
    assert differing(document, document) == []


@given(DOCUMENTS, DOCUMENTS)
def test_documents_that_differ_do_so_somewhere(left: object, right: object) -> None:
    same = json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)
    assert same is not bool(differing(left, right))


@pytest.mark.parametrize("text", ["", "null", "12", "text", "{", '{"a":1,"a":2}', "[" * 200_000])
def test_what_is_no_document_is_none(text: str) -> None:
    assert parse_json(text) is None


@pytest.mark.parametrize("text", ["{}", ' [1, "a"]', '{"a": NaN}'])
def test_objects_and_lists_are_documents(text: str) -> None:
    assert parse_json(text) is not None


def test_depth_is_no_matter() -> None:
    left: object = 1
    right: object = 2
    for _ in range(5_000):
        left, right = [left], [right]
    (found,) = differing(left, right)
    assert found.pointer == "/0" * 5_000
    (whole,) = differing([left], [{}])
    assert whole.right == "{}"
    assert whole.left in {"(nested too deep to be shown)", "[" * 5_000 + "1" + "]" * 5_000}
