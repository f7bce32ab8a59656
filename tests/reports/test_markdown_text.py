from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from harness.reports.markdown_text import block, code, prose, row

READER = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])
HOSTILE = [
    "<script>alert(1)</script>",
    "<!-- gone -->",
    "a [link](http://evil.example) and ![img](x)",
    "<http://evil.example>",
    "http://evil.example/x www.evil.example",
    "@octocat and me@example.com",
    "see #12 and o/r#3 and GH-4",
    "deadbeef0123",
    "**bold** _em_ ~~gone~~ `code`",
    "`` ` ``",
    "a | b | c",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "---",
    "=====",
    "$x$ &amp; &#64;",
    "back\\slash\\",
    "\x1b[31mred\u202e\u200b",
    "two\nlines\n\n# and more",
    "RDX~s1.sk.L35~ *x*",
]
ALLOWED_IN_PROSE = {"text", "code_inline", "inline", "paragraph_open", "paragraph_close"}


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for token in READER.parse(text):
        found += [token, *(token.children or [])]
    return found


def said(text: str) -> str:
    return "".join(one.content for one in tokens(text) if one.type in {"text", "code_inline"})


@pytest.mark.parametrize("text", HOSTILE)
def test_prose_is_nothing_but_text_and_code(text: str):
    shown = prose(text)
    assert {one.type for one in tokens(shown)} <= ALLOWED_IN_PROSE
    assert "\x1b" not in shown
    assert "\n" not in shown


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_site_would_link_is_in_code(text: str):
    plain = "".join(one.content for one in tokens(prose(text)) if one.type == "text")
    for sign in ("@", "://", "www.", "#1", "#3", "GH-4", "deadbeef0123"):
        assert sign not in plain


@given(st.text(max_size=40))
def test_no_text_becomes_markup(text: str):
    assert {one.type for one in tokens(prose(text))} <= ALLOWED_IN_PROSE
    span = tokens(f"x {code(text)} y")
    assert {one.type for one in span} <= ALLOWED_IN_PROSE


@given(st.text(st.characters(categories=["L", "N", "P", "S"], max_codepoint=0x7E), max_size=30))
def test_the_words_stay_readable(text: str):
    assert said(prose(text)) == text
    assert "".join(said(f"x {code(text)}").split())[1:] == text.replace("|", "\\|")


@given(st.lists(st.text(max_size=12), max_size=6))
def test_nothing_in_a_block_ends_it(lines: list[str]):
    text = "\n".join(lines)
    found = READER.parse("\n".join(block(text, "http")))
    assert [one.type for one in found] == ["fence"]


def test_a_cell_is_one_cell():
    table = "\n".join([row(["a", "b"]), row(["---", "---"]), row([code("x|y`"), prose("p|q")])])
    cells = [one for one in READER.parse(table) if one.type == "td_open"]
    assert len(cells) == 2
    assert code("") == ""
    assert code("`x") == "`` `x ``"
