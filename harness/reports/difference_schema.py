"""The JSON Schema (draft 2020-12) of what `flip401 diff --format json` prints."""

from __future__ import annotations

from harness.difference.difference import Kind, Part
from harness.model.outcome import Outcome
from harness.reports.json_result import SCHEMA_VERSION, JsonObject
from harness.reports.json_schema import COUNT, EXCHANGE, FLAG, STATUS, TEXT, enum, listed, record


def difference_schema() -> JsonObject:
    """Return the schema. Objects may gain fields, so unknown ones are allowed."""
    differences = listed({"$ref": "#/$defs/difference"})
    top = record(
        {
            "schema": {"const": SCHEMA_VERSION},
            "tool": TEXT,
            "exit": {"description": "0 the same, 1 not", "type": "integer"},
            "headline": TEXT,
            "a": {"$ref": "#/$defs/side"},
            "b": {"$ref": "#/$defs/side"},
            "one_cassette": {
                "description": "both are of one file, so that an id means one value in both",
                **FLAG,
            },
            "differences": {"description": "most telling first", **differences},
            "undecided": {"description": "secrets that may be equal", **differences},
            "set_aside": record({"count": COUNT}, optional={"items": differences}),
        }
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "flip401 difference",
        "description": "What `flip401 diff --format json` prints.",
        **top,
        "$defs": {"side": _side(), "difference": _difference()},
    }


def _side() -> JsonObject:
    return record(
        {
            "source": {"description": "the cassette, or the scenario of a live side", **TEXT},
            "exchange": EXCHANGE,
            "outcome": enum(Outcome),
            "http_status": STATUS,
            "answer": TEXT,
            "live": FLAG,
        }
    )


def _difference() -> JsonObject:
    side: JsonObject = {"type": ["string", "null"]}
    return record(
        {
            "part": enum(Part),
            "place": {"description": "a header, a JSON pointer, a component", **TEXT},
            "kind": enum(Kind),
            "a": {"description": "what stands there, null where nothing does", **side},
            "b": side,
        },
        optional={
            "words": {"description": "how a secret or a time differs", **TEXT},
            "reason": {"description": "why it is set aside", **TEXT},
        },
    )
