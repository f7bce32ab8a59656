"""The JSON Schema (draft 2020-12) of what `--format json` prints."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from harness.model.arrival import Arrival
from harness.model.exchange import Step
from harness.model.finding import Confidence, Evidence, Verdict
from harness.model.outcome import Outcome, Signal
from harness.model.request import Json
from harness.reports.json_result import SCHEMA_VERSION, JsonObject

TEXT: JsonObject = {"type": "string"}
FLAG: JsonObject = {"type": "boolean"}
COUNT: JsonObject = {"type": "integer", "minimum": 0}
STATUS: JsonObject = {"type": ["integer", "null"], "minimum": 100, "maximum": 999}
_CODE: JsonObject = {"type": "string", "pattern": "^[A-Z][0-9]{2}$"}
EXCHANGE: JsonObject = {
    "type": "string",
    "description": "<variant>/<repeat>/<step>/<hop>/<attempt>",
    "pattern": "/[0-9]+/(preflight|auth|main)/[0-9]+/[0-9]+$",
}


def result_schema() -> JsonObject:
    """Return the schema. Objects may gain fields, so unknown ones are allowed."""
    top = record(
        {
            "schema": {"const": SCHEMA_VERSION},
            "tool": TEXT,
            "exit": {"type": "integer"},
            "runs": listed({"$ref": "#/$defs/run"}),
        }
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "flip401 result",
        "description": "What `flip401 run --format json` prints.",
        **top,
        "$defs": {
            "outcome": enum(Outcome),
            "run": _run(),
            "variant": _variant(),
            "attempt": _attempt(),
            "finding": _finding(),
            "observation": _observation(),
            "key": _key(),
        },
    }


def _run() -> JsonObject:
    return record(
        {
            "scenario": TEXT,
            "strategy": TEXT,
            "lab": FLAG,
            "requests_sent": COUNT,
            "rounds": COUNT,
            "verdict": enum(Verdict),
            "evidence": enum(Evidence),
            "variants": listed({"$ref": "#/$defs/variant"}),
            "findings": listed({"$ref": "#/$defs/finding"}),
            "fixes": listed(record({"of": TEXT, "set": _map(TEXT), "exchanges": listed(EXCHANGE)})),
            "irrelevant": listed(TEXT),
            "untested": listed(_map(TEXT)),
            "rule": TEXT,
            "observations": listed({"$ref": "#/$defs/observation"}),
            "clock_skew_seconds": {
                "description": "this machine's clock minus the server's lies in this interval",
                "type": ["array", "null"],
                "items": {"type": "number"},
                "minItems": 2,
                "maxItems": 2,
            },
            "cassette": {"type": ["string", "null"]},
            "exit": {"type": "integer"},
            "description": TEXT,
            "replayed": FLAG,
            "ended": TEXT,
            "unmet": listed(TEXT),
            "notes": listed(TEXT),
            "axes": _map(listed(TEXT)),
            "keys": _map({"$ref": "#/$defs/key"}),
        },
        optional={
            "signal": {
                "description": "by `arrival`, an outcome `pass` says that a made-up key arrived "
                "intact, `denied` that it did not, `other` that the answer does not tell",
                **enum(Signal),
            },
            "relations": {
                "description": "how keys are made of one another, by their `secret_id`; in words "
                "such as `s2 = s1 + LF`",
                **listed(record({"id": TEXT, "of": TEXT, "text": TEXT})),
            },
        },
    )


def _variant() -> JsonObject:
    return record(
        {
            "id": TEXT,
            "levels": _map(TEXT),
            "outcome": {"$ref": "#/$defs/outcome"},
            "expected": {"$ref": "#/$defs/outcome"},
            "http_status": STATUS,
            "attempts": listed({"$ref": "#/$defs/attempt"}),
        },
        optional={
            "flaky": _map(COUNT, names={"$ref": "#/$defs/outcome"}),
            "same_as": TEXT,
            "reason": TEXT,
            "arrival": enum(Arrival),
            "expected_arrival": enum(Arrival),
        },
    )


def _attempt() -> JsonObject:
    return record(
        {
            "exchange": EXCHANGE,
            "step": enum(Step),
            "hop": COUNT,
            "outcome": {"$ref": "#/$defs/outcome"},
            "http_status": STATUS,
        },
        optional={"failure": TEXT},
    )


def _finding() -> JsonObject:
    level_pair: JsonObject = {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2}
    pair: JsonObject = {"type": "array", "items": EXCHANGE, "minItems": 2, "maxItems": 2}
    return record(
        {
            "flip": {**_map(level_pair), "minProperties": 1},
            "to": {"$ref": "#/$defs/outcome"},
            "proof": record({"breaks": listed(pair), "heals": listed(pair)}),
            "confidence": enum(Confidence),
            **_words(),
            "also": listed(_CODE),
        },
        optional={
            "arrival": {
                "description": "how a made-up key arrived before and after the change",
                "type": "array",
                "items": enum(Arrival),
                "minItems": 2,
                "maxItems": 2,
            }
        },
    )


def _observation() -> JsonObject:
    return record({**_words(), "exchanges": listed(EXCHANGE), "also": listed(_CODE)})


def _words() -> JsonObject:
    return {"code": _CODE, "title": TEXT, "explanation": TEXT, "fix": TEXT}


def _key() -> JsonObject:
    shape = record(
        {
            "length": COUNT,
            "prefix": TEXT,
            "charset": TEXT,
            "edges": listed(TEXT),
            "non_ascii": listed({"type": "integer", "minimum": 1}),
            "marks": listed(TEXT),
        }
    )
    return record(
        {
            "source": TEXT,
            "place": TEXT,
            "secret_id": TEXT,
            "shape": {"anyOf": [shape, {"type": "null"}]},
            "same_as": TEXT,
            "shadows": listed(TEXT),
            "error": TEXT,
            "hint": TEXT,
        },
        optional={"notes": listed(TEXT)},
    )


def record(required: JsonObject, *, optional: JsonObject | None = None) -> JsonObject:
    """Return the schema of an object that may hold more."""
    names: list[Json] = list(required)
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": names}


def listed(items: JsonObject) -> JsonObject:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def _map(values: JsonObject, *, names: JsonObject | None = None) -> JsonObject:
    schema: JsonObject = {"type": "object", "additionalProperties": values}
    return schema if names is None else {**schema, "propertyNames": names}


def enum(words: Iterable[StrEnum]) -> JsonObject:
    """Return the schema of one word of several."""
    return {"enum": [str(word) for word in words]}
