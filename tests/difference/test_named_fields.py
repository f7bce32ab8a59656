from collections import Counter

import pytest
from difference.samples import ONE, aside, mirrored, plain, told
from hypothesis import given
from hypothesis import strategies as st

from harness.difference.difference import Difference, Kind, Part
from harness.difference.named_fields import FieldRules, NamedField, align, compare_fields

Pairs = list[tuple[str, str]]


def fields(pairs: Pairs) -> list[NamedField]:
    return [NamedField(name, value, f"{name}: {value}") for name, value in pairs]


def compared(left: Pairs, right: Pairs) -> list[Difference]:
    rules = FieldRules(
        part=Part.HEADERS,
        order_place="order",
        part_of=lambda _one, _other: Part.HEADERS,
        reason_of=lambda one, _other: "moves" if one.name.lower() == "date" else "",
        key_of=str.lower,
    )
    return list(compare_fields(fields(left), fields(right), rules, ONE))


@pytest.mark.parametrize(
    ("left", "right", "differences"),
    [
        ([], [], []),
        ([("A", "1")], [("A", "2")], [("A", "A: 1", "A: 2", "")]),
        ([("A", "1")], [], [("A", "A: 1", None, "")]),
        ([], [("B", "1")], [("B", None, "B: 1", "")]),
        ([("A", "1")], [("a", "1")], [("A", "A: 1", "a: 1", "the name is written otherwise")]),
        ([("A", "1")], [("a", "2")], [("A", "A: 1", "a: 2", "")]),
        ([("A", "1"), ("A", "1")], [("A", "1")], [("A (2)", "A: 1", None, "")]),
        ([("A", "1"), ("A", "2")], [("A", "2")], [("A (1)", "A: 1", None, "")]),
        (
            [("A", "1"), ("A", "2"), ("A", "3")],
            [("A", "1"), ("A", "x"), ("A", "3")],
            [("A (2)", "A: 2", "A: x", "")],
        ),
        ([("A", "1"), ("B", "2")], [("B", "2"), ("A", "1")], [("order", "A, B", "B, A", "")]),
        ([("A", "1"), ("B", "2"), ("C", "3")], [("A", "1"), ("C", "3")], [("B", "B: 2", None, "")]),
        (
            [("A", "1"), ("B", "2"), ("A", "3")],
            [("A", "1"), ("A", "3"), ("B", "2")],
            [("order", "A, B, A", "A, A, B", "")],
        ),
    ],
)
def test_fields_are_aligned_by_name_and_order(
    left: Pairs, right: Pairs, differences: list[object]
) -> None:
    assert told(compared(left, right)) == differences


def test_a_value_that_moves_is_set_aside_and_its_name_is_not() -> None:
    found = compared([("Date", "1")], [("date", "2")])
    assert aside(found) == {"Date": "moves"}
    assert [one.kind for one in found] == [Kind.CHANGED, Kind.SPELLING]


def test_alignment_pairs_every_field_once() -> None:
    left, right = fields([("A", "1"), ("A", "2")]), fields([("a", "2"), ("B", "1")])
    pairs = align(left, right, str.lower)
    assert [(one and one.text, other and other.text) for one, other in pairs] == [
        ("A: 1", None),
        ("A: 2", "a: 2"),
        (None, "B: 1"),
    ]


PAIRS = st.lists(st.tuples(st.sampled_from(["A", "a", "B", "Date"]), st.sampled_from("12")))


@given(PAIRS)
def test_fields_do_not_differ_from_themselves(pairs: Pairs) -> None:
    assert compared(pairs, pairs) == []


@given(PAIRS, PAIRS)
def test_sides_can_be_exchanged(left: Pairs, right: Pairs) -> None:
    one, other = compared(left, right), compared(right, left)
    assert Counter(map(plain, one)) == Counter(map(mirrored, other))


@given(PAIRS, PAIRS)
def test_no_two_lists_that_differ_are_told_to_be_the_same(left: Pairs, right: Pairs) -> None:
    assert left == right or compared(left, right)
