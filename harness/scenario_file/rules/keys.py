"""Each key that is used has a source, and each source is used."""

from __future__ import annotations

from collections.abc import Iterator

from harness.model.template import KeyReference
from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.request_fields import is_key_field
from harness.scenario_file.rules.axis_levels import field_values, patches
from harness.scenario_file.suggest import did_you_mean
from harness.strict_yaml.node import Entry, MappingNode, Span, entries_of

_OWN_SOURCE = {
    "bearer": "key",
    "header": "key",
    "query": "key",
    "basic": "password",
    "jwt": "secret",
    "hmac": "secret",
    "sigv4": "secret_key",
    "tc3": "secret_key",
    "http-signature": "secret",
    "oauth2": "client_secret",
    "digest": "password",
}


def check_keys(
    root: MappingNode, references: tuple[tuple[KeyReference, Span], ...], faults: FaultList
) -> None:
    """Report keys without a source and sources without a use."""
    declared: dict[str, Entry] = {}
    for entry in _declarations(root):
        declared.setdefault(entry.name, entry)
    signs = [entry for entry in field_values(root, "sign") if _signs_with_key(entry)]
    for reference, span in references:
        if reference.name not in declared:
            hint = did_you_mean(reference.name, declared) if declared else ""
            example = f"declare it: `{reference.name}: {{env: NAME}}`"
            faults.add(span, f"`${{{reference.name}}}` has no key source", hint or example)
    for entry in signs:
        if "key" not in declared:
            hint = "declare it: `key: {env: NAME}`, or name a source in `sign`"
            faults.add(entry.key.span, "`sign` needs `key`, which has no source", hint)
    used = {reference.name for reference, _ in references} | ({"key"} if signs else set())
    for name, entry in declared.items():
        if name not in used:
            hint = f"write `${{{name}}}` where it goes, such as `Authorization: Bearer ${{{name}}}`"
            faults.add(entry.key.span, f"nothing in this request uses `${{{name}}}`", hint)


def _declarations(root: MappingNode) -> Iterator[Entry]:
    owners = [root.get("request"), root.get("axes"), *(patch.value for patch in patches(root))]
    for owner in owners:
        yield from (entry for entry in entries_of(owner) if is_key_field(entry.name))


def _signs_with_key(sign: Entry) -> bool:
    """Tell whether a signature names no source of its own and so takes `key`."""
    for kind in entries_of(sign.value):
        own = _OWN_SOURCE.get(kind.name)
        if own and isinstance(kind.value, MappingNode) and kind.value.get(own) is None:
            return True
    return False
