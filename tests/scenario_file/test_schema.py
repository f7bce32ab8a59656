from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from scenario_file.valid_scenarios import VALID

from harness.scenario_file.schema import DIALECT, scenario_schema

FOLDER = Path(__file__).parent.parent / "golden" / "scenarios"
BROKEN = sorted(FOLDER.glob("*.yaml"))
# What a schema cannot see: text level, substitution, and rules between two places of a file.
BEYOND = ("yaml-", "template-", "literal-", "real-key-", "selection-", "lab-circle", "axes-clash")
AT_LEAST = 25


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(scenario_schema())


def test_the_schema_is_a_schema_and_json() -> None:
    schema = scenario_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert json.loads(json.dumps(schema)) == schema
    assert "title" not in json.dumps(schema["$defs"])


@pytest.mark.parametrize("name", VALID)
def test_the_schema_takes_every_valid_scenario(
    name: str, validator: jsonschema.Draft202012Validator
) -> None:
    document = yaml.safe_load(VALID[name])
    assert [error.message for error in validator.iter_errors(document)] == []


def test_the_schema_refuses_a_good_part_of_the_broken_ones(
    validator: jsonschema.Draft202012Validator,
) -> None:
    refused = {path.stem for path in BROKEN if not _passes(path, validator)}
    candidates = {path.stem for path in BROKEN if not path.stem.startswith(BEYOND)}
    assert len(refused & candidates) >= AT_LEAST
    assert {"unknown-top-field", "wrong-types", "limits", "expect-mistakes"} <= refused
    assert {"level-names", "axis-names", "not-yet-fields", "key-as-text"} <= refused


def _passes(path: Path, validator: jsonschema.Draft202012Validator) -> bool:
    try:
        document: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        return True
    return bool(validator.is_valid(document))


@pytest.mark.parametrize("module", ["schema", "template"])
def test_pydantic_is_loaded_only_when_it_is_needed(module: str) -> None:
    code = f"import sys, harness.scenario_file.{module}; print('pydantic' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
