import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.difference.text_lines import MOST_ALIGNED, LinePair, aligned_lines


@pytest.mark.parametrize(
    ("left", "right", "changes"),
    [
        ("a\nb\nc", "a\nb\nc", []),
        ("a\nb\nc", "a\nx\nc", [(2, "b", "x")]),
        ("a\nc", "a\nb\nc", [(2, None, "b")]),
        ("a\nb\nc", "a\nc", [(2, "b", None)]),
        ("a\nb\nc\nd", "x\nb\ny\nz\nd", [(1, "a", "x"), (3, "c", "y"), (4, None, "z")]),
        ("", "a", [(1, None, "a")]),
    ],
)
def test_lines_are_aligned(left: str, right: str, changes: list[LinePair]) -> None:
    assert [pair for pair in aligned_lines(left, right) if pair[1] != pair[2]] == changes


LINES = st.lists(st.sampled_from(["a", "b", ""]), max_size=8).map("\n".join)


@given(LINES, LINES)
def test_every_line_of_both_texts_is_there_once(left: str, right: str) -> None:
    pairs = list(aligned_lines(left, right))
    assert [one for _, one, _ in pairs if one is not None] == left.splitlines()
    assert [other for _, _, other in pairs if other is not None] == right.splitlines()


def test_a_rest_that_is_too_long_is_one_pair() -> None:
    left, right = "a\nb\n" * 1_000_000, "b\na\n" * 1_000_000
    started = time.perf_counter()
    pairs = list(aligned_lines(f"x\n{left}", f"x\n{right}"))
    assert pairs == [(1, "x", "x"), (2, left.strip(), right.strip())]
    assert time.perf_counter() - started < 10
    assert next(aligned_lines("", left))[1] is None


def test_the_longest_that_is_aligned_is_quick() -> None:
    left = "\n".join("ab"[index % 2] for index in range(MOST_ALIGNED))
    right = "\n".join("bca"[index % 3] for index in range(MOST_ALIGNED))
    started = time.perf_counter()
    assert list(aligned_lines(left, right))
    assert time.perf_counter() - started < 10
