from __future__ import annotations

import pytest

from harness.replay_match.body_text import body_key, fields_of

JSON, FORM = "application/json", "application/x-www-form-urlencoded; charset=utf-8"
ONE, OTHER = "RDX~s1.sk.L35.Chex~", "RDX~x1.sk.L40.Chex~"


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ('{"a": 1, "b": [2]}', '{"b":[2],"a":1}', JSON),
        (f'{{"key":"{ONE}"}}', f'{{"key": "{OTHER}"}}', JSON),
        (f"a={ONE}&b=2", f"b=2&a={OTHER}", FORM),
        ("b=%2B&a=x+y", "a=x%20y&b=%2b", FORM),
        ("[1]", "[ 1 ]", ""),
    ],
)
def test_bodies_that_are_equal(left: str, right: str, kind: str):
    assert body_key(left, kind) == body_key(right, kind)


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ('{"a": 1}', '{"a": 2}', JSON),
        ('{"a": 1}', '{"a": "1"}', JSON),
        ("text", "text ", ""),
        ("{broken", "{ broken", JSON),
        (f"a={ONE}", "a=none", FORM),
        ("", "{}", JSON),
    ],
)
def test_bodies_that_are_not(left: str, right: str, kind: str):
    assert body_key(left, kind) != body_key(right, kind)


def test_what_is_nested_without_end_is_text():
    deep = "[" * 100_000
    assert body_key(deep, JSON).startswith("text ")
    assert fields_of(deep, JSON) == ()


def test_the_strings_of_a_document_stand_under_pointers():
    found = dict(fields_of('{"a": {"b": ["x", 1]}, "c": "y"}', JSON))
    assert found == {"/a/b/0": "x", "/c": "y"}


def test_the_fields_of_a_form_are_decoded():
    assert fields_of("client_id=a%20b&&flag", FORM) == (("/client_id", "a b"), ("/flag", ""))


def test_text_has_no_fields():
    assert fields_of("client_secret=x", "text/plain") == ()
