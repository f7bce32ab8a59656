import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.reports.text_width import columns, cut, pad, wrap


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("abc", 3), ("未收", 4), ("e\u0301", 1), ("a未", 3)]
)
def test_columns_count_what_a_terminal_shows(text: str, width: int) -> None:
    assert columns(text) == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("未收到", 4, "未…"), ("abcd", 1, "…")],
)
def test_a_cut_text_ends_in_an_ellipsis(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown


def test_padding_counts_columns() -> None:
    assert pad("未", 4) == "未  "


def test_words_are_kept_whole() -> None:
    assert wrap("key=dotenv is denied", 12) == ["key=dotenv", "is denied"]


def test_a_word_that_is_too_long_is_broken_after_a_slash() -> None:
    assert wrap("see https://example.com/one/two", 20) == ["see", "https://example.com/", "one/two"]


def test_a_word_without_a_good_place_is_broken_anywhere() -> None:
    assert wrap("a/" + "x" * 18, 10) == ["a/" + "x" * 8, "x" * 10]


def test_nothing_gives_no_lines() -> None:
    assert wrap(" \n\t ", 10) == []


@given(st.text(), st.integers(2, 30))
def test_wrapping_keeps_every_character_that_is_not_space(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(columns(line) <= width for line in lines)
