"""The one JSON object that `--format json` prints: the contract, key by key."""

from __future__ import annotations

import json
from collections.abc import Sequence

from harness.model.finding import Diagnosis, Finding, NamedFix
from harness.model.key_facts import KeyFacts
from harness.model.outcome import Signal
from harness.model.request import Json
from harness.model.result import AttemptResult, RunResult, VariantResult
from harness.model.secret_relation import SecretRelation

SCHEMA_VERSION = 1

JsonObject = dict[str, Json]


def document(results: Sequence[RunResult], exit_code: int, tool_version: str) -> JsonObject:
    """Return the object; what the contract shows comes first, later growth after it."""
    return {
        "schema": SCHEMA_VERSION,
        "tool": tool_version,
        "exit": exit_code,
        "runs": [_run(result) for result in results],
    }


def dump(result: JsonObject) -> str:
    """Return the object as ASCII text, the same bytes for the same object."""
    return json.dumps(result, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _run(result: RunResult) -> JsonObject:
    skew = result.clock_skew_seconds
    run: JsonObject = {
        "scenario": result.scenario,
        "strategy": result.strategy,
        "lab": result.lab,
        "requests_sent": result.requests_sent,
        "rounds": result.rounds,
        "verdict": str(result.verdict),
        "evidence": str(result.evidence),
        "variants": [_variant(item) for item in result.variants],
        "findings": [_finding(item) for item in result.findings],
        "fixes": [_fix(item) for item in result.fixes],
        "irrelevant": list(result.irrelevant),
        "untested": [dict(cell) for cell in result.untested],
        "rule": result.rule,
        "observations": [_observation(item) for item in result.observations],
        "clock_skew_seconds": list(skew) if skew is not None else None,
        "cassette": result.cassette,
        "exit": result.exit_code,
        "description": result.description,
        "replayed": result.replayed,
        "ended": result.ended,
        "unmet": list(result.unmet),
        "notes": list(result.notes),
        "axes": {name: list(levels) for name, levels in result.axes},
        "keys": {name: _key(facts) for name, facts in result.keys.items()},
    }
    if result.signal is not Signal.OUTCOME:
        run["signal"] = str(result.signal)
    if result.relations:
        run["relations"] = [_relation(one) for one in result.relations]
    return run


def _relation(item: SecretRelation) -> JsonObject:
    return {"id": item.id, "of": item.of, "text": str(item)}


def _variant(item: VariantResult) -> JsonObject:
    variant: JsonObject = {
        "id": item.variant.id,
        "levels": dict(item.variant.levels),
        "outcome": str(item.outcome),
        "expected": str(item.expected),
        "http_status": item.http_status,
        "attempts": [_attempt(attempt) for attempt in item.attempts],
    }
    if item.flaky:
        variant["flaky"] = dict(item.flaky)
    if item.same_as:
        variant["same_as"] = item.same_as
    if item.reason:
        variant["reason"] = item.reason
    if item.arrival is not None:
        variant["arrival"] = str(item.arrival)
    if item.expected_arrival is not None:
        variant["expected_arrival"] = str(item.expected_arrival)
    return variant


def _attempt(item: AttemptResult) -> JsonObject:
    attempt: JsonObject = {
        "exchange": item.exchange,
        "step": item.step,
        "hop": item.hop,
        "outcome": str(item.outcome),
        "http_status": item.http_status,
    }
    if item.failure:
        attempt["failure"] = item.failure
    return attempt


def _finding(item: Finding) -> JsonObject:
    finding: JsonObject = {
        "flip": {axis: [start, end] for axis, (start, end) in item.flip.items()},
        "to": str(item.to),
        "proof": {
            "breaks": [list(pair) for pair in item.breaks],
            "heals": [list(pair) for pair in item.heals],
        },
        "confidence": str(item.confidence),
        **_words(item.diagnosis),
        "also": list(item.diagnosis.also),
    }
    if item.arrivals is not None:
        finding["arrival"] = [str(one) for one in item.arrivals]
    return finding


def _fix(item: NamedFix) -> JsonObject:
    return {"of": item.of, "set": dict(item.sets), "exchanges": list(item.exchanges)}


def _observation(item: Diagnosis) -> JsonObject:
    return {**_words(item), "exchanges": list(item.exchanges), "also": list(item.also)}


def _words(item: Diagnosis) -> JsonObject:
    return {
        "code": item.code,
        "title": item.title,
        "explanation": item.explanation,
        "fix": item.fix,
    }


def _key(facts: KeyFacts) -> JsonObject:
    shape = facts.shape
    key: JsonObject = {
        "source": facts.source,
        "place": facts.place,
        "secret_id": facts.secret_id,
        "shape": None
        if shape is None
        else {
            "length": shape.length,
            "prefix": shape.prefix,
            "charset": shape.charset,
            "edges": list(shape.edges),
            "non_ascii": list(shape.non_ascii),
            "marks": list(shape.marks),
        },
        "same_as": facts.same_as,
        "shadows": list(facts.shadows),
        "error": facts.error,
        "hint": facts.hint,
    }
    if facts.notes:
        key["notes"] = list(facts.notes)
    return key
