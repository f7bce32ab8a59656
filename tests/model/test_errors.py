"""Errors that a person reads: place, line, caret, hint."""

from __future__ import annotations

import pytest

from harness.errors import (
    CassetteError,
    Fault,
    LeakError,
    Place,
    ScenarioError,
    SourceError,
    TrustError,
    UsageError,
)


def test_a_place_is_written_as_editors_do():
    assert str(Place("a.yaml", 3, 7)) == "a.yaml:3:7"
    assert str(Place("a.yaml")) == "a.yaml"


def test_a_fault_shows_the_line_and_points_into_it():
    fault = Fault(Place("a.yaml", 3, 5), "is wrong", "mend it", "    bad: 1", 3)
    assert fault.render() == ("a.yaml:3:5: is wrong\n        bad: 1\n        ^^^\n    mend it")


def test_a_fault_without_a_line_or_a_hint_is_one_line():
    assert Fault(Place("a.yaml"), "is empty").render() == "a.yaml: is empty"


def test_a_fault_points_at_least_at_one_character():
    shown = Fault(Place("a.yaml", 1, 0), "is wrong", "", "x", 0).render()
    assert shown == "a.yaml:1:0: is wrong\n    x\n    ^"


def test_faults_come_in_the_order_of_the_file():
    error = ScenarioError(
        [Fault(Place("a.yaml", 9, 1), "second"), Fault(Place("a.yaml", 2, 1), "first")]
    )
    assert error.render() == "a.yaml:2:1: first\na.yaml:9:1: second"
    assert str(error) == "a.yaml:2:1: first; a.yaml:9:1: second"


@pytest.mark.parametrize("kind", [UsageError, CassetteError, TrustError])
def test_a_hint_has_a_line_of_its_own(kind: type[UsageError]):
    assert kind("it is wrong").render() == "it is wrong"
    assert kind("it is wrong", hint="mend it").render() == "it is wrong\n    mend it"
    assert issubclass(kind, UsageError)


def test_a_source_error_is_no_fault_of_use():
    error = SourceError("not set", hint="set it")
    assert (error.message, error.hint) == ("not set", "set it")
    assert not isinstance(error, UsageError)


def test_a_leak_names_its_places():
    assert str(LeakError(["x:1", "x:2"])) == "a secret would have been written at x:1, x:2"
