"""Validates the tree against the forms and says what is wrong in our words."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from harness.scenario_file.declared_fields import fields_at
from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.form.key_source import KEY_SOURCE, PROCESS, SOURCE_KINDS
from harness.scenario_file.form.request import URL
from harness.scenario_file.form.route import PROXY, REDIRECTS
from harness.scenario_file.form.scenario import ScenarioForm
from harness.scenario_file.form.sign import SIGN
from harness.scenario_file.form.strict import WORDED
from harness.scenario_file.request_fields import FIELDS, NOT_YET_FIELDS, is_field, not_yet_words
from harness.scenario_file.structure_words import (
    explain_key_source,
    explain_patch,
    explain_process,
    explain_sign,
    explain_type,
)
from harness.scenario_file.suggest import did_you_mean
from harness.scenario_file.tree_place import TreePlace, tree_place
from harness.strict_yaml.node import MappingNode, ScalarNode, kind_of, plain

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "list_type": "a list",
    URL: "a URL, or `{env: NAME}`",
    PROXY: "`none`, `system`, a URL, or `{url: …, username: …, password: …}`",
    REDIRECTS: "`none`, or `{follow: 5, credentials: same-origin}`",
}
_AXIS_LEVEL = 3


def validate(root: MappingNode, faults: FaultList) -> ScenarioForm | None:
    """Return the validated scenario; None when faults were found."""
    errors: list[Any] = []
    try:
        return ScenarioForm.model_validate(plain(root))
    except ValidationError as error:
        errors = list(error.errors(include_input=False, include_url=False))
    for one in errors:
        _explain(root, one, faults)
    return None


def _explain(root: MappingNode, error: dict[str, Any], faults: FaultList) -> None:
    kind, location, context = error["type"], error["loc"], error.get("ctx", {})
    place = tree_place(root, location)
    if isinstance(place.node, ScalarNode) and place.node.faulty:
        return  # the YAML layer has said what is wrong with it
    match kind:
        case "extra_forbidden":
            _unknown_field(place, location, faults)
        case "missing":
            holder = tree_place(root, location[:-1])
            message = f"`{location[-1]}` is missing in {holder.label}"
            faults.add(holder.span, message, "")
        case _ if kind == WORDED:
            _worded(place, context, faults)
        case _ if kind == KEY_SOURCE:
            explain_key_source(place, faults)
        case _ if kind == PROCESS:
            explain_process(place, faults)
        case _ if kind == SIGN:
            explain_sign(place, faults)
        case "model_type" if _is_patch_level(location):
            explain_patch(place, str(location[1]), faults)
        case _ if kind in _EXPECTED:
            explain_type(place, _EXPECTED[kind], faults)
        case _:
            faults.add(place.span, f"{place.label} {_limit(kind, context, place)}")


def _is_patch_level(location: tuple[str | int, ...]) -> bool:
    at_level = location[0] == "axes" and len(location) == _AXIS_LEVEL
    return at_level and not is_field(str(location[1]))


def _worded(place: TreePlace, context: dict[str, Any], faults: FaultList) -> None:
    message = context["message"]
    if not message.startswith("`"):
        message = f"{place.label} {message}"
    if "variable" in message:
        faults.hide(place.span)  # whoever writes the key where its name belongs
        message = f"this {context['message']}"
    faults.add(place.span, message, context["hint"])


def _unknown_field(place: TreePlace, location: tuple[str | int, ...], faults: FaultList) -> None:
    name = str(location[-1])
    span = place.owner.key.span if place.owner else place.span
    valid = [field for field in fields_at(location[:-1]) if field != "keys" or location[0] == "lab"]
    if name in NOT_YET_FIELDS and "url" in valid and "method" in valid:
        faults.add(span, *not_yet_words(name))
    elif name in SOURCE_KINDS and valid and valid[0] in SOURCE_KINDS:
        message = f"`{valid[0]}` and `{name}` are both given"
        faults.add(span, message, "a key comes from one source: keep one of them")
    elif name == "json+":
        hint = "it merges into the `json` of the request: write it in a level of an axis"
        faults.add(span, "`json+` belongs in a patch", hint)
    elif name in FIELDS and "request" in valid:
        faults.add(span, f"`{name}` is not known here", "write it inside `request`")
    else:
        faults.add(span, f"`{name}` is not known here", did_you_mean(name, valid))


def _limit(kind: str, context: dict[str, Any], place: TreePlace) -> str:
    match kind:
        case "greater_than_equal":
            return f"must be at least {context['ge']}"
        case "less_than_equal":
            return f"must be at most {context['le']}"
        case "too_short" if context["min_length"] == 1:
            return "is empty"
        case "too_short" | "too_long":
            return "must be a pair: the name of the header and its value"
        case "literal_error":
            return f"must be {context['expected']}".replace("'", "`")
        case _:
            return f"cannot be {kind_of(place.node)}"
