"""Tells whether a body carries a credential, which then stays on the request's origin."""

from __future__ import annotations

from collections.abc import Iterator

from harness.model.request import Body, FileBody, FormBody, Json, JsonBody, TextBody
from harness.model.template import Template
from harness.scenario_file.credential_names import is_credential_field
from harness.scenario_file.secret_looks import looks_secret
from harness.scenario_file.template import parse_template


def carries_credential(body: Body | None) -> bool:
    """Tell whether a body refers to a key, or may hold a credential that comes from no source.

    Nobody looks into the file of a `body_file`, so it counts as one that does.
    """
    match body:
        case JsonBody(document):
            texts = ((name, parse_template(text)) for name, text in _texts(document, ""))
            return any(_is_credential(name, text) for name, text in texts)
        case FormBody(fields):
            return any(_is_credential(name, value) for name, value in fields)
        case TextBody(text):
            return _is_credential("", text)
        case FileBody():
            return True
        case None:
            return False


def _is_credential(name: str, value: Template) -> bool:
    return bool(value.references) or is_credential_field(name) or looks_secret(str(value))


def _texts(document: Json, name: str) -> Iterator[tuple[str, str]]:
    """Yield every string below with the name of its member, "" for none."""
    if isinstance(document, str):
        yield name, document
    elif isinstance(document, list):
        for value in document:
            yield from _texts(value, name)
    elif isinstance(document, dict):
        for member, value in document.items():
            yield from _texts(value, member)
