"""`flip401 check` and `flip401 schema`."""

from __future__ import annotations

import jsonschema
import yaml
from support.command_line import ROOT, CommandLine
from support.scenario_texts import bearer_text

from harness.scenario_file.schema import scenario_schema

GOOD = bearer_text("http://a.example/")


def test_a_good_scenario_is_ok(cli: CommandLine):
    rest = "exclude: [{key: dotenv, accept: json}]"
    axes = """
  key: {shell: {env: MADE_KEY}, dotenv: {dotenv: .env, name: MADE_KEY}}
  accept: {any: {}, json: {headers: {Accept: application/json}}}"""
    cli.write("one.yaml", GOOD)
    cli.write("two.yaml", bearer_text("http://a.example/", axes=axes, rest=rest))
    done = cli("check", "one.yaml", "two.yaml")
    assert (done.code, done.err) == (0, "")
    assert done.out == "one.yaml: ok, 1 axis, 2 cells\ntwo.yaml: ok, 2 axes, 3 cells\n"


def test_every_fault_of_every_file_is_told(cli: CommandLine):
    cli.write("good.yaml", GOOD)
    cli.write("bad.yaml", "version: 1\nname: a\nrequest: {url: 'http://a.example/', urk: 1}\n")
    done = cli("check", "bad.yaml", "good.yaml", "none.yaml")
    assert done.code == 2
    assert done.out == "good.yaml: ok, 1 axis, 2 cells\n"
    assert "bad.yaml:3:" in done.err
    assert "no scenario file none.yaml" in done.err


def test_a_strategy_over_the_budget_is_a_fault(cli: CommandLine):
    cli.write("asked.yaml", GOOD + "search: {strategy: all, budget: 1}\n")
    done = cli("check", "asked.yaml")
    assert done.code == 2
    assert done.err.startswith("strategy all needs more than 1 variants")


def test_the_json_has_a_place_for_each_fault(cli: CommandLine):
    cli.write("good.yaml", GOOD)
    cli.write("bad.yaml", "version: 1\nname: a\nrequest: {url: 'http://a.example/', urk: 1}\n")
    done = cli("check", "bad.yaml", "good.yaml", "none.yaml", "--format", "json")
    bad, good, none = done.json["checks"]
    assert (done.code, done.json["exit"], done.err) == (2, 2, "")
    assert bad["faults"][0]["place"].startswith("bad.yaml:3:")
    assert good == {"scenario": "good.yaml", "ok": True, "faults": [], "axes": 1, "cells": 2}
    assert none["faults"][0]["message"] == "no scenario file none.yaml"


def test_the_schema_of_the_scenario_accepts_a_shipped_one(cli: CommandLine):
    schema = cli("schema").json
    assert schema == scenario_schema()
    text = (ROOT / "scenarios" / "deepseek-401.yaml").read_text()
    jsonschema.validate(yaml.safe_load(text), schema)


def test_the_schema_of_the_result_is_one(cli: CommandLine):
    schema = cli("schema", "--result").json
    jsonschema.Draft202012Validator.check_schema(schema)
    assert {"schema", "tool", "exit", "runs"} == set(schema["required"])


def test_a_rule_that_could_never_hold_is_a_fault(cli: CommandLine):
    """Of such a header the cassette keeps the name only, so a replay could not judge alike."""
    rest = "outcome: {denied: [{header: {X-Reason: {equals: no key}}}]}"
    cli.write("asked.yaml", bearer_text("http://a.example/", rest=rest))
    for verb in ("check", "run", "plan"):
        done = cli(verb, "asked.yaml")
        assert done.code == 2
        assert "outcome: the value of the header x-reason is not kept" in done.err


def test_a_rule_by_a_header_that_is_kept_is_ok(cli: CommandLine):
    rest = """outcome:
  denied:
    - {header: {X-Reason: {present: true}}}
    - {header: {WWW-Authenticate: {contains: expired}, Retry-After: {equals: "1"}}}"""
    cli.write("asked.yaml", bearer_text("http://a.example/", rest=rest))
    assert cli("check", "asked.yaml").code == 0
