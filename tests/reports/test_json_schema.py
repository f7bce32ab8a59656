import copy
from collections.abc import Callable

import pytest
from jsonschema import Draft202012Validator
from reports.samples import SAMPLES

from harness.reports.json_result import document
from harness.reports.json_schema import result_schema


def _document() -> dict:  # type: ignore[type-arg]
    return copy.deepcopy(document([SAMPLES["several_causes"]()], 1, "0.1.0"))


def _run(whole: dict) -> dict:  # type: ignore[type-arg]
    run: dict = whole["runs"][0]  # type: ignore[type-arg]
    return run


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(result_schema())


def test_an_object_may_grow() -> None:
    whole = _document()
    _run(whole)["new"] = 1
    Draft202012Validator(result_schema()).validate(whole)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole.pop("exit"),
        lambda whole: whole.update(schema=2),
        lambda whole: _run(whole).update(verdict="perhaps"),
        lambda whole: _run(whole).update(evidence="some"),
        lambda whole: _run(whole).update(requests_sent=-1),
        lambda whole: _run(whole).update(clock_skew_seconds=[1]),
        lambda whole: _run(whole)["variants"][0].update(outcome="ok"),
        lambda whole: _run(whole)["variants"][0].update(http_status="401"),
        lambda whole: _run(whole)["variants"][0].update(flaky={"sometimes": 1}),
        lambda whole: _run(whole)["variants"][0]["attempts"][0].update(exchange="baseline"),
        lambda whole: _run(whole)["findings"][0].update(flip={}),
        lambda whole: _run(whole)["findings"][0].update(flip={"key": ["a"]}),
        lambda whole: _run(whole)["findings"][0].update(confidence="sure"),
        lambda whole: _run(whole)["findings"][0].update(code="8K"),
        lambda whole: _run(whole)["keys"]["key=shell"]["shape"].update(length="35"),
    ],
)
def test_a_document_that_breaks_the_contract_is_refused(spoil: Callable[[dict], object]) -> None:  # type: ignore[type-arg]
    whole = _document()
    spoil(whole)
    assert list(Draft202012Validator(result_schema()).iter_errors(whole))


def _unknown(value: object, schema: dict, root: dict, path: str) -> list[str]:  # type: ignore[type-arg]
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        schema = schema["anyOf"][0]
    if isinstance(value, list):
        items = schema.get("items", {})
        return [name for item in value for name in _unknown(item, items, root, path)]
    if not isinstance(value, dict):
        return []
    if "properties" not in schema:
        rest = schema.get("additionalProperties", {})
        return [name for item in value.values() for name in _unknown(item, rest, root, path)]
    known = schema["properties"]
    missing = [f"{path}.{name}" for name in value if name not in known]
    return missing + [
        name
        for key, item in value.items()
        if key in known
        for name in _unknown(item, known[key], root, f"{path}.{key}")
    ]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_schema_names_every_field_that_is_printed(name: str) -> None:
    schema = result_schema()
    assert _unknown(document([SAMPLES[name]()], 1, "0.1.0"), schema, schema, "$") == []
