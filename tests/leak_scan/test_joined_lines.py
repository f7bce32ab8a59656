from __future__ import annotations

import pytest

from harness.leak_scan.joined_lines import joined_lines, without_spaces


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        (b"ab\ncd", b"abcd"),
        (b"ab  \r\n\t cd\n", b"abcd"),
        (b'"ab\\\n   cd"', b'"abcd"'),
        (b"ab=\ncd", b"abcd"),
        (b"'ab'\n  'cd'", b"'abcd'"),
        (b"'ab' +\n  'cd'", b"'abcd'"),
        (b'"ab",\n"cd"', b'"abcd"'),
        (b"# ab\n# cd", b"# abcd"),
        (b"> ab\n> cd", b"> abcd"),
        (b"ab\r\n1a\r\ncd", b"abcd"),
    ],
)
def test_pieces_are_put_together(written: bytes, whole: bytes) -> None:
    assert whole in {text.strip() for text in joined_lines(written)}


@pytest.mark.parametrize("written", [b"", b"one line", b"one line\n"])
def test_one_line_is_not_joined(written: bytes) -> None:
    assert joined_lines(written) == ()


def test_what_ends_in_a_sign_is_joined_with_it_too() -> None:
    assert joined_lines(b"a=\nb") == (b"a=b", b"ab")


def test_long_lines_are_joined_at_their_edges() -> None:
    (joined, *_) = joined_lines(b"x" * 2000 + b"sec\nret" + b"y" * 2000 + b"\n")
    assert b"secret" in joined
    assert len(joined) < 500


def test_white_space_goes() -> None:
    assert without_spaces(b"a b\tc\r\nd") == b"abcd"
