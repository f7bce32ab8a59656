from __future__ import annotations

import json
import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.cassette_format.flow_json import dump_flow, load_flow
from harness.errors import CassetteError, Place

HERE = Place("a.yaml", 3, 3)
TRAPS = "\x7f\x80\x85\x9f\u2028\u2029\ufeff\ufffe\uffff\x00\x1b\t\r\n\"'\\/é中😀\U0010ffff &*!|>%@`"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(DOCUMENTS)
def test_what_is_written_is_read_back(document: object) -> None:
    assert load_flow(dump_flow(document), HERE) == document


@settings(deadline=None)
@given(DOCUMENTS)
def test_yaml_reads_the_same(document: object) -> None:
    assert yaml.safe_load("- " + dump_flow([document])) == [[document]]


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
def test_yaml_reads_every_trap_exactly(loader: type) -> None:
    line = dump_flow({"a": TRAPS, TRAPS: 1})
    assert line.isascii()
    assert line.isprintable()
    assert yaml.load(line, Loader=loader) == {"a": TRAPS, TRAPS: 1}


def test_what_lies_beyond_the_basic_plane_is_one_escape() -> None:
    assert dump_flow("😀\\U") == '"\\U0001f600\\\\U"'


@pytest.mark.parametrize("lone", ["\ud800", "a\udce9b", "\ud83dx", "\ude00\ud83d"])
def test_a_lone_surrogate_becomes_the_replacement_character(lone: str) -> None:
    expected = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in lone)
    assert load_flow(dump_flow(lone), HERE) == expected
    assert yaml.safe_load(dump_flow(lone)) == expected


def test_a_backslash_before_a_u_is_no_escape() -> None:
    for text in ("\\ud83d", "\\\\U0001f600", "\\U0001f600", "\\" * 3 + "udc00"):
        assert load_flow(dump_flow(text), HERE) == text
        assert yaml.safe_load(dump_flow(text)) == text


def test_numbers_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump_flow(float("nan"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": }', "a.yaml:3:9: not a line of a cassette: expecting value"),
        ('{"a": 1', "a.yaml:3:10: not a line of a cassette: expecting ',' delimiter"),
        ('{"a": 1, "a": 2}', "a.yaml:3:3: not a line of a cassette: a name stands twice"),
        ('{"a": NaN}', "NaN is no number"),
        ('"\\U00110000"', "a.yaml:3:4: not a line of a cassette: invalid \\\\escape"),
        ('"\\U0000d800"', "invalid \\\\escape"),
        ("[" * 100_000, "nested too deeply"),
        ("1" * 5000, "not a line of a cassette"),
        ("", "a.yaml:3:3: not a line"),
    ],
)
def test_what_cannot_be_read_is_named_by_line_and_column(text: str, message: str) -> None:
    with pytest.raises(CassetteError, match=re.escape(message.replace("\\\\", "\\"))):
        load_flow(text, HERE)


@given(st.text(max_size=60))
def test_no_text_does_more_than_fail(text: str) -> None:
    try:
        document = load_flow(text, HERE)
    except CassetteError:
        return
    assert document is None or json.dumps(document)
