"""An expectation says what a run can show: an outcome, or how a made-up key arrives."""

from __future__ import annotations

from harness.model.outcome import Outcome, Signal
from harness.model.scenario import Scenario
from harness.scenario_file.fault_list import FaultList
from harness.strict_yaml.node import MappingNode, entries_of, items_of, text_of

_ARRIVAL_WORDS = "`intact`, `absent`, `altered`, `replaced` or `unknown`"
_KEY_WORDS = frozenset({Outcome.PASS.value, Outcome.DENIED.value})


def check_expectations(root: MappingNode, faults: FaultList) -> None:
    """Report expectations that say neither an outcome nor an arrival, or both."""
    for number, item in enumerate(items_of(root.get("expect")), start=1):
        given = {entry.name: entry for entry in entries_of(item)}
        if "outcome" in given and "arrival" in given:
            hint = "an arrival is what a made-up key has in place of an outcome: keep one of them"
            faults.add(given["arrival"].key.span, "`outcome` and `arrival` are both given", hint)
        elif isinstance(item, MappingNode) and given.keys().isdisjoint({"outcome", "arrival"}):
            faults.add(item.span, f"`outcome` is missing in item {number} of `expect`")


def check_arrivals(root: MappingNode, scenario: Scenario, faults: FaultList) -> None:
    """Report what is expected or ruled of the other signal than the run searches by."""
    by_arrival = scenario.outcome.signal is Signal.ARRIVAL
    rules = root.entry("outcome")
    if by_arrival and rules is not None:
        hint = "how it arrives is looked at in place of it: remove `outcome`"
        faults.add(rules.key.span, "a made-up key is denied everywhere", hint)
    for item in items_of(root.get("expect")):
        for entry in entries_of(item):
            if entry.name == "arrival" and not by_arrival:
                hint = "make every key a `canary`, or write `outcome`"
                faults.add(entry.key.span, "only a made-up key has an `arrival`", hint)
            elif entry.name == "outcome" and by_arrival and text_of(entry.value) in _KEY_WORDS:
                hint = f"write how it arrives, `arrival: …`: {_ARRIVAL_WORDS}"
                faults.add(entry.span, "a made-up key is denied everywhere", hint)
