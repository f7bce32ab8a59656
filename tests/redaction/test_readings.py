from __future__ import annotations

import pytest

from harness.redaction.readings import (
    closed_lines,
    closed_up,
    cuts_escapes,
    other_readings,
    streams,
)
from harness.redaction.unescape import levels_of
from harness.redaction.view import View


def _others(text: str) -> list[str]:
    return [view.text for view in other_readings(list(levels_of(View(text))))]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=73=65=63=72=65=74", "secret"),
        ("se=\r\ncret", "secret"),
        ("retcirt=3D=3D", "retcirt=="),
        ("terces%56", "65%secret"),
        ("47%56%27%36%56%37%", "secret"),
        ("Path=48=\n34", "Path=4834"),
    ],
)
def test_a_text_can_be_read_in_other_ways(written: str, read: str) -> None:
    assert read in _others(written)


def test_a_plain_sentence_is_read_once() -> None:
    assert _others("a key is bad") == []


def test_a_long_text_is_turned_only_where_it_shows_escapes_backwards() -> None:
    long = "some words to read " * 2000
    assert _others(long) == []
    assert len(_others(long + "%14%14%14%14%14")) >= 1


def test_the_number_of_readings_is_bounded() -> None:
    assert len(_others("=3D" * 9 + "%25" * 9 + "=\n" * 9)) <= 24


def test_what_splits_a_word_is_taken_out_with_tags_and_without() -> None:
    texts = [view.text for view in closed_up(View("s\u200be <b>c r</b>\net"))]
    assert texts == ["se<b>cr</b>et", "secret"]
    assert list(closed_up(View("secret"))) == []


def test_lines_are_joined_and_words_stay_apart() -> None:
    joined = closed_lines(View("a b\r\n  c<i>d</i>"))
    assert joined is not None
    assert joined.text == "a bcd"
    assert joined.source_span(3, 5) == (7, 12)
    assert closed_lines(View("a b")) is None


@pytest.mark.parametrize("text", ["%4\n1", "\\u00\n41", "&#6\n5;", "%<b>41"])
def test_an_escape_can_be_cut(text: str) -> None:
    assert cuts_escapes(View(text))


def test_an_escape_before_a_space_is_not_cut() -> None:
    assert not cuts_escapes(View("%41 \\u0041 &#65; &amp; a\\n b"))


def test_the_strings_of_a_stream_are_put_together_by_name() -> None:
    events = "".join(f'{{"n": "x", "content": "{part}"}}\n' for part in ("se", "cr", "et"))
    texts = {view.text: view for view in streams(View(events))}
    assert set(texts) == {"xxx", "secret"}
    first, *_, last = texts["secret"].source_pieces(0, 6)
    assert (events[slice(*first)], events[slice(*last)]) == ("se", "et")


def test_a_name_that_stands_twice_is_no_stream() -> None:
    assert list(streams(View('{"a": "x"}{"a": "y"}'))) == []
