"""Says what belongs where something else was written."""

from __future__ import annotations

import re

from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.form.key_source import PROCESS_KINDS, SOURCE_KINDS
from harness.scenario_file.form.sign import SIGN_KINDS
from harness.scenario_file.request_fields import FIELDS
from harness.scenario_file.suggest import closest, did_you_mean
from harness.scenario_file.tree_place import TreePlace
from harness.strict_yaml.node import Entry, MappingNode, ScalarNode, entries_of, kind_of, text_of

_SOURCES = (
    "write where the key comes from: `{env: NAME}`, `{dotenv: .env, name: NAME}`, "
    "`{file: PATH}`, `{command: [PROGRAM, WORD]}` or `{prompt: LABEL}`"
)
_SIGNS = "write one of " + ", ".join(f"`{kind}: {{…}}`" for kind in SIGN_KINDS)
_VARIABLE = re.compile(r"\$?\{?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:KEY|TOKEN|SECRET|PASSWORD))\}?")


def explain_key_source(place: TreePlace, faults: FaultList) -> None:
    """Say what a key source is; a text in its place may be the key and is never shown."""
    if isinstance(place.node, MappingNode):
        _explain_kind(place, "key source", SOURCE_KINDS, (), faults)
        return
    text = text_of(place.node)
    if text is None:
        message = f"{place.label} expects a key source, not {kind_of(place.node)}"
        faults.add(place.span, message, _SOURCES)
        return
    faults.hide(place.node.span)
    variable = _VARIABLE.fullmatch(text)
    hint = f"did you mean `{{env: {variable[1]}}}`?" if variable else _SOURCES
    faults.add(place.span, "a key source belongs here, never the key itself", hint)


def explain_process(place: TreePlace, faults: FaultList) -> None:
    """Say how a process is named."""
    if isinstance(place.node, MappingNode):
        message = f"{place.label} names no process"
        faults.add(place.span, message, _kind_hint(entries_of(place.node), PROCESS_KINDS))
        return
    message = f"{place.label} expects a mapping, not {kind_of(place.node)}"
    hint = "write `{pid: 1234}`, `{name: gunicorn}` or `{unit: my-app.service}`"
    faults.add(place.span, message, hint)


def explain_sign(place: TreePlace, faults: FaultList) -> None:
    """Say what a signature is."""
    if isinstance(place.node, MappingNode):
        _explain_kind(place, "signature", SIGN_KINDS, (), faults)
        return
    kind = text_of(place.node)
    hint = f"write `{{{kind}: {{}}}}`" if kind in SIGN_KINDS else _SIGNS
    message = f"{place.label} expects a mapping with a kind of signature"
    faults.add(place.span, f"{message}, not {kind_of(place.node)}", hint)


def explain_patch(place: TreePlace, axis: str, faults: FaultList) -> None:
    """Say what the level of a patch axis is."""
    message = f"{place.label} expects a patch of the request, not {kind_of(place.node)}"
    field = closest(axis, FIELDS)
    hint = (
        f"did you mean the axis `{field}`?"
        if field
        else f"`{axis}` is no request field, so its levels are patches such as `{{headers: …}}`"
    )
    faults.add(place.span, message, hint)


def explain_type(place: TreePlace, expected: str, faults: FaultList) -> None:
    """Say that another type of value belongs here."""
    message = f"{place.label} expects {expected}, not {kind_of(place.node)}"
    faults.add(place.span, message, _type_hint(place, expected, faults))


def _type_hint(place: TreePlace, expected: str, faults: FaultList) -> str:
    node = place.node
    if not isinstance(node, ScalarNode):
        return ""
    if node.value is None:
        return "write a value, or leave the field out"
    if expected == "text":
        quoted = "" if faults.hides(node.span) else f': "{node.text}"'
        return f"write it in quotes{quoted}"
    if expected == "a list":
        is_command = place.owner is not None and place.owner.name == "command"
        example = "the program and its words as a list, such as `[pass, show, deepseek]`"
        return f"write {example if is_command else 'it in `[` and `]`'}"
    unquoted = {"a whole number": "[0-9]{1,6}", "true or false": "true|false"}.get(expected)
    return "write it without quotes" if unquoted and re.fullmatch(unquoted, node.text) else ""


def _explain_kind(
    place: TreePlace,
    what: str,
    known: tuple[str, ...],
    not_yet: tuple[str, ...],
    faults: FaultList,
) -> None:
    entries = entries_of(place.node)
    later = next((entry for entry in entries if entry.name in not_yet), None)
    if later:
        message = f"`{later.name}` as a {what} is not supported by this version yet"
        faults.add(later.key.span, message, f"kinds: {_listed(known)}")
        return
    message = f"{place.label} names no kind of {what}"
    faults.add(place.span, message, _kind_hint(entries, known))


def _kind_hint(entries: tuple[Entry, ...], known: tuple[str, ...]) -> str:
    for entry in entries:
        if closest(entry.name, known):
            return did_you_mean(entry.name, known)
    return f"kinds: {_listed(known)}"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
