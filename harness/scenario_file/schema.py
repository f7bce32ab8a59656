"""The JSON Schema of the scenario file, from the declarations that validate it."""

from __future__ import annotations

from typing import Any

from harness.scenario_file.request_fields import AXIS_NAME, LEVEL_NAME, LIST_FIELDS, NAMED_KEY

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAMED_KEY = f"^{NAMED_KEY.pattern}$"
_LEVEL = f"^{LEVEL_NAME.pattern}$"


def scenario_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) that editors check a scenario file with.

    It says less than the reader: rules between two places of the file are not in it.
    """
    from harness.scenario_file.form.scenario import ScenarioForm  # noqa: PLC0415 - loads pydantic

    schema = ScenarioForm.model_json_schema(by_alias=True)
    forms: dict[str, Any] = schema["$defs"]
    for name in ("RequestForm", "PatchForm"):
        _name_keys(forms[name])
    _shape_axes(forms["AxesForm"])
    return {"$schema": DIALECT, **_without_titles(schema), "title": "flip401 scenario"}


def _name_keys(form: dict[str, Any]) -> None:
    """Say `keys.<name>` as the file does; the forms gather them under `keys`."""
    keys = form["properties"].pop("keys")
    form["patternProperties"] = {_NAMED_KEY: keys["additionalProperties"]}


def _shape_axes(form: dict[str, Any]) -> None:
    _name_keys(form)
    form["propertyNames"] = {"pattern": f"^{AXIS_NAME.pattern}$"}
    axes = [*form["properties"].values(), *form["patternProperties"].values()]
    for axis in (*axes, form["additionalProperties"]):
        axis["propertyNames"] = {"pattern": _LEVEL}
        axis["minProperties"] = 1
        axis.pop("default", None)
    for name in LIST_FIELDS:
        levels = form["properties"][name]
        scalar = {"type": ["string", "integer", "number", "boolean"]}
        listed = {"type": "array", "items": scalar, "minItems": 1, "uniqueItems": True}
        form["properties"][name] = {"anyOf": [levels, listed]}


def _without_titles(schema: Any) -> Any:
    """Drop the titles that pydantic makes of class names; editors would show them."""
    if isinstance(schema, list):
        return [_without_titles(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _without_titles(value)
        for name, value in schema.items()
        if not (name == "title" and isinstance(value, str))
    }
