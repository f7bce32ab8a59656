import pytest

from harness.reports.visible_text import ascii_form, visible, visible_line, visible_spaces


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ~!", "plain text, ~!"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\x1b]8;;http://x\x07", r"\x1b]8;;http://x\x07"),
        ("a\rb", r"a\x0db"),
        ("\x9b31m", r"\x9b31m"),
        ("\x7f", r"\x7f"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\u2066x\u2069", r"\u2066x\u2069"),
        ("a\u200bb", r"a\u200bb"),
        ("\ufeffkey", r"\ufeffkey"),
        ("a\u00a0b", r"a\xa0b"),
        ("\u2028", r"\u2028"),
        ("\u3164", r"\u3164"),
        ("a\ufe0f", r"a\ufe0f"),
        ("\U000e0041", r"\U000e0041"),
        ("\udc80", r"\udc80"),
        ("é 未 😀", "é 未 😀"),
        ("two\nlines\tand tab", "two\nlines\tand tab"),
    ],
)
def test_what_is_invisible_becomes_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a…", "a..."), ("·", "."), ("\u2018x\u2019", "'x'"), ("é", r"\xe9"), ("未", r"\u672a")],
)
def test_an_ascii_stream_gets_ascii(text: str, shown: str) -> None:
    assert ascii_form(text) == shown


def test_a_line_holds_no_line_break() -> None:
    assert visible_line("two\nlines\tand tab\x1b") == r"two\x0alines\x09and tab\x1b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one two", "one two"),
        ("a  b", r"a \x20b"),
        (" a ", r"\x20a\x20"),
        ("   ", r"\x20\x20\x20"),
        ("a\n", r"a\x0a"),
        ("", ""),
    ],
)
def test_a_space_that_layout_would_lose_becomes_visible(text: str, shown: str) -> None:
    assert visible_spaces(text) == shown
