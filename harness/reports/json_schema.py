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

_TEXT: JsonObject = {"type": "string"}
_FLAG: JsonObject = {"type": "boolean"}
_COUNT: JsonObject = {"type": "integer", "minimum": 0}
_STATUS: JsonObject = {"type": ["integer", "null"], "minimum": 100, "maximum": 999}
_CODE: JsonObject = {"type": "string", "pattern": "^[A-Z][0-9]{2}$"}
_EXCHANGE: JsonObject = {
    "type": "string",
    "description": "<variant>/<repeat>/<step>/<hop>/<attempt>",
    "pattern": "/[0-9]+/(preflight|auth|main)/[0-9]+/[0-9]+$",
}


def result_schema() -> JsonObject:
    """Return the schema. Objects may gain fields, so unknown ones are allowed."""
    top = _object(
        {
            "schema": {"const": SCHEMA_VERSION},
            "tool": _TEXT,
            "exit": {"type": "integer"},
            "runs": _list({"$ref": "#/$defs/run"}),
        }
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "flip401 result",
        "description": "What `flip401 run --format json` prints.",
        **top,
        "$defs": {
            "outcome": _enum(Outcome),
            "run": _run(),
            "variant": _variant(),
            "attempt": _attempt(),
            "finding": _finding(),
            "observation": _observation(),
            "key": _key(),
        },
    }


def _run() -> JsonObject:
    return _object(
        {
            "scenario": _TEXT,
            "strategy": _TEXT,
            "lab": _FLAG,
            "requests_sent": _COUNT,
            "rounds": _COUNT,
            "verdict": _enum(Verdict),
            "evidence": _enum(Evidence),
            "variants": _list({"$ref": "#/$defs/variant"}),
            "findings": _list({"$ref": "#/$defs/finding"}),
            "fixes": _list(
                _object({"of": _TEXT, "set": _map(_TEXT), "exchanges": _list(_EXCHANGE)})
            ),
            "irrelevant": _list(_TEXT),
            "untested": _list(_map(_TEXT)),
            "rule": _TEXT,
            "observations": _list({"$ref": "#/$defs/observation"}),
            "clock_skew_seconds": {
                "description": "this machine's clock minus the server's lies in this interval",
                "type": ["array", "null"],
                "items": {"type": "number"},
                "minItems": 2,
                "maxItems": 2,
            },
            "cassette": {"type": ["string", "null"]},
            "exit": {"type": "integer"},
            "description": _TEXT,
            "replayed": _FLAG,
            "ended": _TEXT,
            "unmet": _list(_TEXT),
            "notes": _list(_TEXT),
            "axes": _map(_list(_TEXT)),
            "keys": _map({"$ref": "#/$defs/key"}),
        },
        optional={
            "signal": {
                "description": "by `arrival`, an outcome `pass` says that a made-up key arrived "
                "intact, `denied` that it did not, `other` that the answer does not tell",
                **_enum(Signal),
            },
            "relations": {
                "description": "how keys are made of one another, by their `secret_id`; in words "
                "such as `s2 = s1 + LF`",
                **_list(_object({"id": _TEXT, "of": _TEXT, "text": _TEXT})),
            },
        },
    )


def _variant() -> JsonObject:
    return _object(
        {
            "id": _TEXT,
            "levels": _map(_TEXT),
            "outcome": {"$ref": "#/$defs/outcome"},
            "expected": {"$ref": "#/$defs/outcome"},
            "http_status": _STATUS,
            "attempts": _list({"$ref": "#/$defs/attempt"}),
        },
        optional={
            "flaky": _map(_COUNT, names={"$ref": "#/$defs/outcome"}),
            "same_as": _TEXT,
            "reason": _TEXT,
            "arrival": _enum(Arrival),
            "expected_arrival": _enum(Arrival),
        },
    )


def _attempt() -> JsonObject:
    return _object(
        {
            "exchange": _EXCHANGE,
            "step": _enum(Step),
            "hop": _COUNT,
            "outcome": {"$ref": "#/$defs/outcome"},
            "http_status": _STATUS,
        },
        optional={"failure": _TEXT},
    )


def _finding() -> JsonObject:
    level_pair: JsonObject = {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2}
    pair: JsonObject = {"type": "array", "items": _EXCHANGE, "minItems": 2, "maxItems": 2}
    return _object(
        {
            "flip": {**_map(level_pair), "minProperties": 1},
            "to": {"$ref": "#/$defs/outcome"},
            "proof": _object({"breaks": _list(pair), "heals": _list(pair)}),
            "confidence": _enum(Confidence),
            **_words(),
            "also": _list(_CODE),
        },
        optional={
            "arrival": {
                "description": "how a made-up key arrived before and after the change",
                "type": "array",
                "items": _enum(Arrival),
                "minItems": 2,
                "maxItems": 2,
            }
        },
    )


def _observation() -> JsonObject:
    return _object({**_words(), "exchanges": _list(_EXCHANGE), "also": _list(_CODE)})


def _words() -> JsonObject:
    return {"code": _CODE, "title": _TEXT, "explanation": _TEXT, "fix": _TEXT}


def _key() -> JsonObject:
    shape = _object(
        {
            "length": _COUNT,
            "prefix": _TEXT,
            "charset": _TEXT,
            "edges": _list(_TEXT),
            "non_ascii": _list({"type": "integer", "minimum": 1}),
            "marks": _list(_TEXT),
        }
    )
    return _object(
        {
            "source": _TEXT,
            "place": _TEXT,
            "secret_id": _TEXT,
            "shape": {"anyOf": [shape, {"type": "null"}]},
            "same_as": _TEXT,
            "shadows": _list(_TEXT),
            "error": _TEXT,
            "hint": _TEXT,
        },
        optional={"notes": _list(_TEXT)},
    )


def _object(required: JsonObject, *, optional: JsonObject | None = None) -> JsonObject:
    names: list[Json] = list(required)
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": names}


def _list(items: JsonObject) -> JsonObject:
    return {"type": "array", "items": items}


def _map(values: JsonObject, *, names: JsonObject | None = None) -> JsonObject:
    schema: JsonObject = {"type": "object", "additionalProperties": values}
    return schema if names is None else {**schema, "propertyNames": names}


def _enum(words: Iterable[StrEnum]) -> JsonObject:
    return {"enum": [str(word) for word in words]}
