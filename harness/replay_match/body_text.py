"""A body as it is compared: its fields where it has some, and one spelling for equal ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import unquote_plus

from harness.model.request import Json
from harness.redaction.placeholder import parse_placeholder, split_placeholders
from harness.replay_match.shape import coarse

_FORM = "application/x-www-form-urlencoded"
_MOST_LEAVES = 2_000


def fields_of(body: str, content_type: str) -> tuple[tuple[str, str], ...]:
    """Return the fields of a form or the strings of a JSON document, as (pointer, text).

    Empty for any other body. At most `_MOST_LEAVES` of them.
    """
    if is_form(content_type):
        return tuple(
            (f"/{unquote_plus(name)}", unquote_plus(value))
            for name, _, value in (pair.partition("=") for pair in body.split("&") if pair)
        )[:_MOST_LEAVES]
    document = _document(body)
    if document is None:
        return ()
    return tuple(pair for pair, _ in zip(_leaves(document), range(_MOST_LEAVES), strict=False))


def body_key(body: str, content_type: str) -> str:
    """Return a text that is equal for equal bodies, whatever their spacing, order and secrets."""
    if is_form(content_type):
        return "form " + json.dumps(sorted(fields_of(blanked(body), content_type)))
    document = _document(body)
    if document is None:
        return "text " + blanked(body)
    try:
        return "json " + blanked(json.dumps(document, sort_keys=True, ensure_ascii=False))
    except RecursionError:
        return "text " + blanked(body)


def is_form(content_type: str) -> bool:
    """Tell whether a body of this type has form fields."""
    return content_type.partition(";")[0].strip().lower() == _FORM


def blanked(text: str) -> str:
    """Replace every placeholder by what is left when only the secret's identity is taken away."""
    parts = split_placeholders(text)
    return "".join(_blank(part) if index % 2 else part for index, part in enumerate(parts))


def _blank(text: str) -> str:
    placeholder = parse_placeholder(text)
    assert placeholder is not None  # `split_placeholders` found it by the same grammar
    return coarse(placeholder)


def _document(body: str) -> Json:
    """Read an object or an array; anything else is text."""
    if not body.lstrip().startswith(("{", "[")):
        return None
    try:
        document: Json = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document


def _leaves(document: Json) -> Iterator[tuple[str, str]]:
    stack: list[tuple[str, Json]] = [("", document)]
    while stack:
        pointer, value = stack.pop()
        if isinstance(value, str):
            yield pointer, value
        elif isinstance(value, dict):
            stack += [(f"{pointer}/{name}", one) for name, one in value.items()]
        elif isinstance(value, list):
            stack += [(f"{pointer}/{index}", one) for index, one in enumerate(value)]
