"""A comparison as the one JSON object of `flip401 diff --format json`."""

from __future__ import annotations

from harness.difference.difference import Difference, Weight
from harness.difference.result import DiffResult, Side
from harness.reports.difference_headline import diff_headline
from harness.reports.json_result import SCHEMA_VERSION, JsonObject


def difference_document(
    result: DiffResult, exit_code: int, tool_version: str, *, everything: bool
) -> JsonObject:
    """Return the object; `everything` adds what is set aside, which is counted anyway."""
    comparison = result.comparison
    set_aside: JsonObject = {"count": len(comparison.set_aside)}
    if everything:
        set_aside["items"] = [_difference(one) for one in comparison.set_aside]
    return {
        "schema": SCHEMA_VERSION,
        "tool": tool_version,
        "exit": exit_code,
        "headline": diff_headline(result),
        "a": _side(result.left),
        "b": _side(result.right),
        "one_cassette": result.one_cassette,
        "differences": [_difference(one) for one in comparison.differences],
        "undecided": [_difference(one) for one in comparison.undecided],
        "set_aside": set_aside,
    }


def _side(side: Side) -> JsonObject:
    response = side.exchange.response
    return {
        "source": side.source,
        "exchange": str(side.exchange.key),
        "outcome": str(side.outcome),
        "http_status": response.status if response else None,
        "answer": side.answer,
        "live": side.is_live,
    }


def _difference(one: Difference) -> JsonObject:
    shown: JsonObject = {
        "part": str(one.part),
        "place": one.place,
        "kind": str(one.kind),
        "a": one.left,
        "b": one.right,
    }
    if one.words:
        shown["reason" if one.weight is Weight.SET_ASIDE else "words"] = one.words
    return shown
