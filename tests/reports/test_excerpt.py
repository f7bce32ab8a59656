import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.reports.excerpt import LONGEST, excerpts

LONG = "a" * 400


@pytest.mark.parametrize("sides", [("a", "b"), (None, "b"), ("a", None), ("a" * LONGEST, "")])
def test_short_texts_are_whole(sides: tuple[str | None, str | None]) -> None:
    assert excerpts(*sides) == sides


def test_long_texts_are_cut_to_what_differs() -> None:
    left, right = excerpts(LONG + "X" + LONG, LONG + "Y" + LONG)
    assert left == f"…{'a' * 60}X{'a' * 239}… (801 characters)"
    assert right == f"…{'a' * 60}Y{'a' * 239}… (801 characters)"


def test_a_long_text_alone_is_cut_at_its_start() -> None:
    assert excerpts(LONG, None) == (f"{'a' * 300}… (400 characters)", None)
    assert excerpts(LONG, "b") == (f"{'a' * 300}… (400 characters)", "b")


@given(st.text("ab", max_size=20), st.integers(0, 1000), st.text("ab", max_size=20))
def test_excerpts_of_texts_that_differ_do_so_too(left: str, common: int, right: str) -> None:
    start = "x" * common
    if left != right:
        one, other = excerpts(start + left + "y", start + right + "y")
        assert one != other
