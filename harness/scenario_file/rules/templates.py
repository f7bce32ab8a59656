"""Every `${` names a key, and stands where keys are filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from harness.model.template import KeyReference
from harness.scenario_file.fault_list import FaultList
from harness.scenario_file.message import parse_message, parse_signature_value
from harness.scenario_file.rules.axis_levels import field_values, patches
from harness.scenario_file.template import TemplateError, parse_template
from harness.strict_yaml.node import (
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    Span,
    entries_of,
    items_of,
    scalars_in,
    text_of,
)

ReferencesIn = Callable[[str], tuple[KeyReference, ...]]
"""Finds the key references in a text of its kind."""

_VERBATIM_HINT = "only URLs, bodies and the values of headers, query and form hold `${key}`"


def check_templates(root: MappingNode, faults: FaultList) -> tuple[tuple[KeyReference, Span], ...]:
    """Report what is no key reference, and return those that are with their places."""
    references: list[tuple[KeyReference, Span]] = []
    templates = [(scalar, _references) for scalar in _filled(root)]
    filled = [*templates, *_messages(root)]
    for scalar, references_in in filled:
        try:
            found = references_in(str(scalar.value))
        except TemplateError as error:
            faults.add(_inside(scalar, error, faults), error.message, error.hint)
        else:
            references += [(reference, scalar.span) for reference in found]
    for scalar in _verbatim(root, {id(scalar) for scalar, _ in filled}):
        faults.add(scalar.span, "`${` is not filled in here", _VERBATIM_HINT)
    return tuple(references)


def _filled(root: MappingNode) -> Iterator[ScalarNode]:
    """Yield every text in which keys are filled in."""
    for field in ("url", "body"):
        yield from _texts(entry.value for entry in field_values(root, field))
    for field in ("headers", "query", "form"):
        for fields in field_values(root, field):
            yield from _texts(entry.value for entry in entries_of(fields.value))
            pairs = (items_of(item) for item in items_of(fields.value))
            yield from _texts(node for pair in pairs for node in pair[1:])
    merges = (entry for patch in patches(root) for entry in entries_of(patch.value))
    documents = [entry for entry in merges if entry.name == "json+"]
    for entry in (*field_values(root, "json"), *documents):
        yield from _json_texts(entry.value)


def _messages(root: MappingNode) -> Iterator[tuple[ScalarNode, ReferencesIn]]:
    """Yield the texts of `hmac`, in which parts of the request are filled in too."""
    for sign in field_values(root, "sign"):
        for kind in entries_of(sign.value):
            for entry in entries_of(kind.value) if kind.name == "hmac" else ():
                if entry.name in _MESSAGES:
                    for scalar in _texts(iter((entry.value,))):
                        yield scalar, _MESSAGES[entry.name]


def _references(text: str) -> tuple[KeyReference, ...]:
    return parse_template(text).references


_MESSAGES: Mapping[str, ReferencesIn] = {
    "message": lambda text: parse_message(text).references,
    "value": lambda text: parse_signature_value(text).references,
}


def _texts(nodes: Iterator[Node]) -> Iterator[ScalarNode]:
    for node in nodes:
        if isinstance(node, ScalarNode) and text_of(node) is not None:
            yield node


def _json_texts(node: Node) -> Iterator[ScalarNode]:
    yield from _texts(iter((node,)))
    below: tuple[Node, ...] = items_of(node) or tuple(entry.value for entry in entries_of(node))
    for inner in below:
        yield from _json_texts(inner)


def _verbatim(root: MappingNode, filled: set[int]) -> Iterator[ScalarNode]:
    """Yield every text with `${` that goes into the request as it is."""
    for section in ("request", "axes"):
        for entry in entries_of(root.get(section)):
            for scalar in _outside_sources(entry):
                text = scalar.text
                if "${" in text.replace("$${", "") and id(scalar) not in filled:
                    yield scalar


def _outside_sources(entry: Entry) -> Iterator[ScalarNode]:
    """Key sources may hold any text: a literal is wrong on purpose."""
    if entry.name in {"key", "literal", "command"} or entry.name.startswith("keys."):
        return
    yield entry.key
    for inner in entries_of(entry.value):
        yield from _outside_sources(inner)
    if not entries_of(entry.value):
        yield from scalars_in(entry.value)


def _inside(scalar: ScalarNode, error: TemplateError, faults: FaultList) -> Span:
    """Return where in the file the bad reference stands; the whole text if escapes hide it."""
    span, text = scalar.span, str(scalar.value)
    bad = text[error.offset : error.offset + error.width]
    for number in range(span.line, span.end_line + 1):
        start = span.column - 1 if number == span.line else 0
        column = faults.source.line(number).find(bad, start) + 1
        if column:
            return Span(number, column, number, column + len(bad))
    return span
