"""No key stands in the file: neither where a credential goes nor anywhere in the request."""

from __future__ import annotations

from collections.abc import Iterator

from harness.scenario_file.credential_names import is_credential_field, is_credential_header
from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.request_fields import is_key_field
from harness.scenario_file.rules.axis_levels import field_values
from harness.scenario_file.secret_looks import looks_secret
from harness.scenario_file.template import TemplateError, parse_template
from harness.scenario_file.web_address import query_fields, userinfo_of
from harness.strict_yaml.node import (
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    entries_of,
    items_of,
    scalars_in,
    text_of,
)

_OPEN_SECTIONS = frozenset({"exclude", "include", "expect", "name", "version", "search"})
_SECRET_NAMES = frozenset({"literal", "client_secret", "secret_key", "session_token"})
_ALLOW = "`allow_literals: true` in `request`"
_HINT = f"write `${{key}}` there and name its source under `key`; or set {_ALLOW}"


def hide_literals(root: MappingNode, faults: FaultList) -> None:
    """Hide every value that stands where a credential goes, before any fault shows a line."""
    for entry in root.entries:
        if entry.name not in _OPEN_SECTIONS:
            _hide_below(entry, faults)
    for axis in entries_of(root.get("axes")):
        if is_key_field(axis.name):
            for node in (*items_of(axis.value), *(level.value for level in entries_of(axis.value))):
                _hide(node, faults)


def check_literals(root: MappingNode, faults: FaultList) -> None:
    """Report credentials built from no source, and what looks like a real key."""
    if _allows_literals(root):
        return
    for node, what in _sourceless(root):
        faults.hide(node.span)
        faults.add(node.span, f"{what} carries a credential that comes from no source", _HINT)
    faults.next_stage()
    for section in ("request", "axes"):
        for scalar in scalars_in(root.get(section) or MappingNode(root.span, ())):
            if isinstance(scalar.value, str) and looks_secret(scalar.value):
                hint = f"name its source instead, `{{env: NAME}}`; if it is no key, set {_ALLOW}"
                faults.hide(scalar.span)
                faults.add(scalar.span, "this looks like a real key", hint)


def _allows_literals(root: MappingNode) -> bool:
    request = root.get("request")
    allowed = request.get("allow_literals") if isinstance(request, MappingNode) else None
    return isinstance(allowed, ScalarNode) and allowed.value is True


def _hide_below(entry: Entry, faults: FaultList) -> None:
    if is_key_field(entry.name) or entry.name in _SECRET_NAMES or is_credential_field(entry.name):
        _hide(entry.value, faults)
    text = text_of(entry.value)
    if text and userinfo_of(text):
        _hide(entry.value, faults)
    for item in items_of(entry.value):
        pair = items_of(item)
        if pair and is_credential_header(text_of(pair[0]) or ""):
            for value in pair[1:]:
                _hide(value, faults)
        for inner in entries_of(item):
            _hide_below(inner, faults)
    for inner in entries_of(entry.value):
        _hide_below(inner, faults)


def _hide(node: Node, faults: FaultList) -> None:
    if isinstance(node, ScalarNode) and not node.span.is_empty and "${" not in node.text:
        faults.hide(node.span)


def _sourceless(root: MappingNode) -> Iterator[tuple[Node, str]]:
    """Yield each value that carries a credential and refers to no key, and what it is."""
    for name, value in _named_values(root):
        if _has_no_key(value):
            yield value, f"`{name}`"
    for url in field_values(root, "url"):
        for node in (url.value, *(entry.value for entry in entries_of(url.value))):
            if what := _url_credential(text_of(node) or ""):
                yield node, what


def _named_values(root: MappingNode) -> Iterator[tuple[str, Node]]:
    """Yield every header, query field and form field whose name says that it is a credential."""
    for headers in field_values(root, "headers"):
        for name, value in _pairs(headers.value):
            if is_credential_header(name):
                yield name, value
    for field in ("query", "form"):
        for fields in field_values(root, field):
            for entry in entries_of(fields.value):
                if is_credential_field(entry.name):
                    yield entry.name, entry.value


def _pairs(headers: Node) -> Iterator[tuple[str, Node]]:
    for entry in entries_of(headers):
        yield entry.name, entry.value
    for item in items_of(headers):
        match items_of(item):
            case (name, value):
                yield text_of(name) or "", value
            case _:
                pass


def _has_no_key(value: Node) -> bool:
    text = text_of(value)
    try:
        return text is not None and not parse_template(text).references
    except TemplateError:
        return False  # reported as what it is


def _url_credential(text: str) -> str:
    userinfo = userinfo_of(text)
    if userinfo and "${" not in userinfo:
        return "the userinfo of the URL"
    for name, value in query_fields(text):
        if is_credential_field(name) and "${" not in value:
            return f"`{name}` in the URL"
    return ""
