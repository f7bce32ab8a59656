from __future__ import annotations

import pytest
from support.made_keys import made_key

from harness.errors import Fault, ScenarioError
from harness.scenario_file.fault_list import MAX_FAULTS, FaultList
from harness.strict_yaml.node import Span
from harness.strict_yaml.source_text import read_source


def a_list(text: str = "first line\nsecond line\n") -> FaultList:
    return FaultList(read_source(text.encode(), "x.yaml"))


def raised(faults: FaultList) -> tuple[Fault, ...]:
    with pytest.raises(ScenarioError) as caught:
        faults.raise_any()
    return caught.value.faults


def test_nothing_is_raised_without_a_fault() -> None:
    a_list().raise_any()


def test_faults_come_in_file_order_with_line_and_width() -> None:
    faults = a_list()
    faults.add(Span(2, 1, 2, 7), "later", "a hint")
    faults.add(Span(1, 7, 2, 3), "earlier")
    first, second = raised(faults)
    assert (first.message, first.source_line, first.width) == ("earlier", "first line", 1)
    assert second.render() == "x.yaml:2:1: later\n    second line\n    ^^^^^^\n    a hint"


def test_a_later_stage_is_silent_where_an_earlier_one_spoke() -> None:
    faults = a_list()
    faults.add(Span(1, 1, 1, 6), "one")
    faults.add(Span(1, 1, 1, 3), "two")
    faults.add(Span(1, 1, 1, 3), "two")
    faults.next_stage()
    faults.add(Span(1, 1, 1, 2), "three")
    faults.add(Span(1, 2, 1, 3), "four")
    assert [fault.message for fault in raised(faults)] == ["two", "one", "four"]


def test_hidden_spans_are_masked_on_every_line_that_they_cover() -> None:
    faults = a_list("a: 'one\n  two' # three\nb: x\n")
    faults.hide(Span(1, 4, 2, 7))
    assert faults.hides(Span(1, 4, 2, 7))
    for line in (1, 2, 3):
        faults.add(Span(line, 1, line, 2), "here")
    assert [fault.source_line for fault in raised(faults)] == ["a: …………", "……………… # three", "b: x"]


def test_a_key_is_shown_in_no_part_of_a_fault() -> None:
    key = made_key("fault list")
    faults = a_list(f"a: {key}\n")
    faults.add(Span(1, 1, 1, 2), f"`{key}` is wrong", f"remove {key}")
    assert key[-4:] not in repr(raised(faults))


def test_a_key_that_the_width_cuts_is_masked_all_the_same() -> None:
    key = made_key("cut")
    faults = a_list("x" * 140 + " " + key)
    faults.add(Span(1, 1, 1, 2), "here")
    shown = raised(faults)[0].source_line
    assert len(shown) == 160
    assert key[3:8] not in shown


def test_far_right_places_show_no_line_and_long_words_are_cut() -> None:
    faults = a_list("x" * 1000)
    faults.add(Span(1, 500, 1, 501), "m" * 5000, "h" * 5000)
    fault = raised(faults)[0]
    assert fault.source_line == ""
    assert (len(fault.message), len(fault.hint)) == (400, 400)


def test_what_a_terminal_would_obey_is_replaced() -> None:
    faults = a_list("a\tb\u200bc\n")
    faults.add(Span(1, 3, 1, 4), "bell \x07 and \u202e")
    fault = raised(faults)[0]
    assert fault.source_line == "a b\N{REPLACEMENT CHARACTER}c"
    assert fault.message == "bell \N{REPLACEMENT CHARACTER} and \N{REPLACEMENT CHARACTER}"


def test_the_list_ends_the_reading_when_it_is_full() -> None:
    faults = a_list()
    for number in range(MAX_FAULTS - 1):
        faults.add(Span(1, 1, 1, 2), f"fault {number}")
    with pytest.raises(ScenarioError) as caught:
        faults.add(Span(1, 1, 1, 2), "the last")
    assert len(caught.value.faults) == MAX_FAULTS + 1
