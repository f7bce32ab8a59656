"""Fill the key references of a template."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import quote

from harness.model.request import Json
from harness.model.secret import Secret
from harness.model.template import KeyFilter, KeyReference, Template
from harness.scenario_file.template import parse_template


def fill(template: Template, secrets: Mapping[str, Secret]) -> str:
    """Return the text with every key in its place; the result is as secret as its keys."""
    return "".join(
        _written(part, secrets) if isinstance(part, KeyReference) else part
        for part in template.parts
    )


def fill_json(document: Json, secrets: Mapping[str, Secret]) -> Json:
    """Return the document with the key references in its strings filled."""
    if isinstance(document, str):
        return fill(parse_template(document), secrets)
    if isinstance(document, list):
        return [fill_json(value, secrets) for value in document]
    if isinstance(document, dict):
        return {name: fill_json(value, secrets) for name, value in document.items()}
    return document


def _written(reference: KeyReference, secrets: Mapping[str, Secret]) -> str:
    secret = secrets[reference.name]
    match reference.filter:
        case KeyFilter.URLENCODE:
            return quote(secret.to_bytes(), safe="")
        case KeyFilter.BASE64:
            return base64.b64encode(secret.to_bytes()).decode("ascii")
        case KeyFilter.VERBATIM:
            return secret.reveal()
