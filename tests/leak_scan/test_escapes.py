from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.leak_scan.escapes import undo_all, undo_backslashes, undo_entities, undo_percent


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"plain", b"plain"),
        (b"&amp;&quot;&eacute;", '&"é'.encode()),
        (b"&#65;&#x42;&#0;&#128;", "AB\0\x80".encode()),
        (b"a &b; &c &#65 &nosuch;", b"a &b; &c &#65 &nosuch;"),
        (b"&#1114112;", b""),
    ],
)
def test_entities(written: bytes, read: bytes) -> None:
    assert undo_entities(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb"\"\\\/\n\t\b", b'"\\/\n\t\b'),
        (rb"\\\\n", rb"\\n"),
        (rb"\\\n", b"\\\n"),
        (rb"\u0041\U00000042\u{43}\x44\105", b"ABCDE"),
        (rb"\uD83D\uDE00", "😀".encode()),
        (rb"\u00e9", "é".encode()),
        (rb"\xe9", b"\xe9"),
        (rb"\udce9", b"\xe9"),
        (rb"\ud800", b"\xed\xa0\x80"),
        (rb"\UFFFFFFFF", b""),
        (rb"\0\a\v\e\N\q", b"\0\a\v\x1b\xc2\x85q"),
        (b"ends in \\", b"ends in \\"),
    ],
)
def test_backslashes(written: bytes, read: bytes) -> None:
    assert undo_backslashes(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"a+b", b"a+b"),
        (b"%41%7e%zz%", b"A~%zz%"),
        (b"%e9%C3%A9", b"\xe9\xc3\xa9"),
        (b"%u00e9", "é".encode()),
    ],
)
def test_percent(written: bytes, read: bytes) -> None:
    assert undo_percent(written) == read


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_json_and_urllib_escape_is_read_again(text: str) -> None:
    assert undo_backslashes(json.dumps(text)[1:-1].encode()) == text.encode()
    assert undo_percent(quote(text, safe="").encode()) == text.encode()


def test_one_pass_undoes_one_escape_of_each_kind() -> None:
    assert undo_all(b"&quot;%2522\\u0041") == b'"%22A'
