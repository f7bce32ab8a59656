import json

import pytest
from jsonschema import Draft202012Validator
from reports.samples import SAMPLES, one_cause, several_causes

from harness.model.request import Json
from harness.reports.json_result import document, dump
from harness.reports.json_schema import result_schema

CONTRACT_RUN = [
    *("scenario", "strategy", "lab", "requests_sent", "rounds", "verdict", "evidence"),
    *("variants", "findings", "fixes", "irrelevant", "untested", "rule", "observations"),
    *("clock_skew_seconds", "cassette"),
]
CONTRACT_VARIANT = ["id", "levels", "outcome", "expected", "http_status", "attempts"]
CONTRACT_FINDING = ["flip", "to", "proof", "confidence", "code", "title", "explanation", "fix"]
CONTRACT_OBSERVATION = ["code", "title", "explanation", "fix", "exchanges"]


def _object(value: Json) -> dict[str, Json]:
    assert isinstance(value, dict)
    return value


def _list(value: Json) -> list[Json]:
    assert isinstance(value, list)
    return value


def _first_run(name: str) -> dict[str, Json]:
    return _object(_list(document([SAMPLES[name]()], 1, "0.1.0")["runs"])[0])


def test_the_object_begins_as_the_contract_says() -> None:
    whole = document([one_cause()], 1, "0.1.0")
    assert list(whole) == ["schema", "tool", "exit", "runs"]
    assert (whole["schema"], whole["tool"], whole["exit"]) == (1, "0.1.0", 1)


def test_every_key_of_the_contract_is_there_in_its_order() -> None:
    run = _first_run("several_causes")
    assert list(run)[: len(CONTRACT_RUN)] == CONTRACT_RUN
    variant = _object(_list(run["variants"])[0])
    assert list(variant) == CONTRACT_VARIANT
    assert list(_object(_list(variant["attempts"])[0])) == [
        "exchange",
        "step",
        "hop",
        "outcome",
        "http_status",
    ]
    finding = _object(_list(run["findings"])[0])
    assert list(finding)[: len(CONTRACT_FINDING)] == CONTRACT_FINDING
    assert list(_object(finding["proof"])) == ["breaks", "heals"]
    assert list(_object(_list(run["fixes"])[0])) == ["of", "set", "exchanges"]
    observation = _object(_list(_first_run("all_denied")["observations"])[0])
    assert list(observation)[: len(CONTRACT_OBSERVATION)] == CONTRACT_OBSERVATION


def test_a_finding_says_what_flips_and_what_proves_it() -> None:
    finding = _object(_list(_first_run("one_cause")["findings"])[0])
    assert finding["flip"] == {"key": ["shell", "dotenv"]}
    assert finding["to"] == "denied"
    assert finding["proof"] == {
        "breaks": [["baseline/1/main/0/1", "key=dotenv/1/main/0/1"]],
        "heals": [["baseline/2/main/0/1", "key=dotenv/2/main/0/1"]],
    }
    assert (finding["confidence"], finding["code"], finding["also"]) == ("proved", "K08", [])


def test_a_variant_says_more_only_when_there_is_more() -> None:
    rows = [_object(item) for item in _list(_first_run("several_causes")["variants"])]
    assert "reason" not in rows[0]
    assert rows[2]["reason"] == "`pass` is not installed"
    assert rows[3]["same_as"] == "baseline"
    failed = _object(_list(rows[5]["attempts"])[0])
    assert failed["failure"] == "cannot connect to the proxy: connection refused"
    flaky = _object(_list(_first_run("flaky")["variants"])[0])
    assert flaky["flaky"] == {"pass": 2, "denied": 1}


def test_a_key_is_told_by_its_shape() -> None:
    keys = _object(_first_run("several_causes")["keys"])
    assert _object(_object(keys["key=dotenv"])["shape"])["edges"] == ["trailing double quote"]
    assert _object(keys["key=vault"])["shape"] is None


def test_the_skew_is_an_interval_or_null() -> None:
    assert _first_run("one_cause")["clock_skew_seconds"] == [-0.4, 0.3]
    assert _first_run("several_causes")["clock_skew_seconds"] is None


def test_several_runs_stand_in_their_order() -> None:
    whole = document([one_cause(), several_causes()], 1, "0.1.0")
    assert [_object(run)["lab"] for run in _list(whole["runs"])] == [True, False]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_text_is_ascii_and_reads_back_as_the_object(name: str) -> None:
    whole = document([SAMPLES[name]()], 0, "0.1.0")
    text = dump(whole)
    assert text.isascii()
    assert "\x1b" not in text
    assert text.endswith("}\n")
    assert json.loads(text) == whole


@pytest.mark.parametrize("name", SAMPLES)
def test_every_document_fits_the_schema(name: str) -> None:
    Draft202012Validator(result_schema()).validate(document([SAMPLES[name]()], 1, "0.1.0"))


def test_relations_of_keys_are_told_by_their_ids() -> None:
    assert _first_run("related_keys")["relations"] == [
        {"id": "s2", "of": "s1", "text": "s2 = s1 + double quote"},
        {"id": "s3", "of": "s1", "text": "s3 = upper(s1)"},
    ]
    assert "relations" not in _first_run("one_cause")
