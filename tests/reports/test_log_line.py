import json

from harness.reports.log_line import json_line, text_line


def _text(**event: object) -> str:
    return text_line(None, "info", event)


def test_a_line_reads_time_level_logger_event_fields() -> None:
    line = _text(timestamp="T", level="info", logger="vcr", event="played", count=2, who="a b")
    assert line == 'T info vcr: played count=2 who="a b"'


def test_a_line_break_in_a_field_does_not_start_another_line() -> None:
    assert _text(event="a\nT info forged", note="b\nc\td") == r"a\nT info forged note=b\nc\td"


def test_escapes_are_made_visible() -> None:
    assert _text(event="\x1b[2J", **{"k\u202e": "\x07"}) == r"\x1b[2J k\u202e=\x07"


def test_a_traceback_stands_on_lines_of_its_own() -> None:
    line = _text(event="broke", exception="Traceback:\n  ValueError: é")
    assert line.splitlines() == ["broke", "    Traceback:", r"      ValueError: \xe9"]


def test_lists_are_written_as_json_and_empty_words_are_visible() -> None:
    assert _text(event="x", ids=["a", "b"], empty="") == 'x ids=["a", "b"] empty=""'


def test_json_is_one_ascii_line() -> None:
    line = json_line(None, "info", {"event": "é\n", "n": 1, "o": {1}})
    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line) == {"event": "é\n", "n": 1, "o": "{1}"}
