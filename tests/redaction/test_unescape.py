from __future__ import annotations

import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.redaction.unescape import MAX_LEVELS, unescape_once, views_of

ESCAPES = {
    "percent": lambda text: quote(text, safe="", errors="surrogateescape"),
    "lower percent": lambda text: "".join(f"%{octet:02x}" for octet in text.encode()),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "HTML": html.escape,
    "HTML numbers": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "HTML hex": lambda text: "".join(f"&#x{ord(char):X};" for char in text),
    "\\u": lambda text: "".join(
        f"\\u{unit[:4]}" if len(unit) == 4 else f"\\u{unit[:4]}\\u{unit[4:]}"
        for unit in (char.encode("utf-16-be").hex() for char in text)
    ),
    "\\U": lambda text: "".join(f"\\U{ord(char):08x}" for char in text),
    "\\x": lambda text: "".join(
        f"\\x{ord(char):02x}" if ord(char) < 256 else char for char in text
    ),
}
PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="%\\&"), max_size=20)


@pytest.mark.parametrize("name", ESCAPES)
@given(text=PLAIN)
def test_one_level_undoes_each_escape(name: str, text: str) -> None:
    assert unescape_once(ESCAPES[name](text)) == text


@pytest.mark.parametrize("first", ESCAPES)
@pytest.mark.parametrize("second", ESCAPES)
def test_escapes_of_escapes_are_seen_through(first: str, second: str) -> None:
    text = 'aé😀"b<c'
    assert text in [view.text for view in views_of(ESCAPES[second](ESCAPES[first](text)))]


@given(PLAIN, PLAIN, PLAIN, st.sampled_from(sorted(ESCAPES)), st.sampled_from(sorted(ESCAPES)))
def test_a_stretch_leads_back_to_where_it_was_written(
    before: str, inside: str, after: str, first: str, second: str
) -> None:
    written = ESCAPES[second](ESCAPES[first](inside))
    for view in views_of(before + written + after):
        if view.text != before + inside + after or not inside:
            continue
        start, end = view.source_span(len(before), len(before) + len(inside))
        assert (before + written + after)[start:end] == written


def test_a_text_without_escapes_has_one_view() -> None:
    assert [view.text for view in views_of("plain text 100%")] == ["plain text 100%"]


def test_bytes_that_are_no_utf8_become_surrogates() -> None:
    assert unescape_once("%E9") == "\udce9"


def test_unknown_references_stay() -> None:
    assert unescape_once("&nothing; &#x110000; \\q") == "&nothing; &#x110000; \\q"


def test_escapes_without_end_are_undone_to_a_limit() -> None:
    text = "%" + "25" * 12 + "41"
    assert len(list(views_of(text))) == MAX_LEVELS + 1
