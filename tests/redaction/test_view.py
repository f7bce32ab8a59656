from __future__ import annotations

from harness.redaction.unescape import undo
from harness.redaction.view import View, turned


def test_a_text_stands_where_it_stands() -> None:
    assert View("abc").source_span(1, 3) == (1, 3)
    assert View("abc").is_as_written(1)


def test_a_turned_reading_leads_back_from_the_end() -> None:
    backwards = turned(View("abcdef"))
    assert backwards.text == "fedcba"
    assert backwards.source_span(0, 2) == (4, 6)


def test_an_escape_is_one_character_here_and_several_there() -> None:
    plain = undo(View("a%41b"))
    assert plain is not None
    assert (plain.text, plain.source_span(1, 2), plain.source_span(0, 3)) == ("aAb", (1, 4), (0, 5))
    assert plain.is_as_written(0)
    assert not plain.is_as_written(1)


def test_readings_of_readings_lead_back_to_the_text() -> None:
    plain = undo(View("x%2541y"))
    assert plain is not None
    deeper = undo(turned(plain))
    assert deeper is None
    again = undo(plain)
    assert again is not None
    assert (again.text, again.source_span(1, 2)) == ("xAy", (1, 6))


def test_what_was_taken_out_cuts_a_stretch_in_pieces() -> None:
    closed = View("abcd", View("ab--cd"), lambda: iter([(2, 4, "")]))
    assert closed.source_pieces(0, 4) == [(0, 2), (4, 6)]
    assert closed.source_pieces(0, 2) == [(0, 2)]
