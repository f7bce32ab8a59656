"""Redact a JSON document by its names: fields of requests as they are in a request.

A scenario holds headers, queries and forms; what its names do not list keeps its form only there
too, for a value that is hidden in an exchange must not stand in clear beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from harness.model.request import Json
from harness.redaction.header_values import redact_header
from harness.redaction.placeholder import NO_ID, Placeholder
from harness.redaction.scrub import Scrubber
from harness.redaction.url_parts import redact_field, redact_url

_REFERENCE = re.compile(r"\$\{[^{}\n]{0,100}\}")
_STAND_IN = 900_000_000
"""A length that no value has: marks what stands for a reference while its field is redacted."""

_FIELDS = frozenset({"query", "form"})
_ADDRESSES = frozenset({"url", "token_url"})

_Redact = Callable[[str], str]


def redact_document(scrub: Scrubber, document: Json, name: str = "") -> Json:
    """Return the document with every secret in its keys and strings replaced."""
    if isinstance(document, str):
        return _text(scrub, document, name)
    if isinstance(document, dict):
        return {scrub.message(one): _by_name(scrub, one, value) for one, value in document.items()}
    if isinstance(document, list):
        return [redact_document(scrub, value, name) for value in document]
    return document


def _by_name(scrub: Scrubber, name: str, value: Json) -> Json:
    if name == "headers":
        return _headers(scrub, value)
    if name in _FIELDS and isinstance(value, dict):
        return {
            scrub.message(one): _each(scrub, text, partial(_field, scrub, one))
            for one, text in value.items()
        }
    if name in _ADDRESSES and isinstance(value, str):
        return _around_references(value, partial(redact_url, scrub))
    return redact_document(scrub, value, name)


def _headers(scrub: Scrubber, value: Json) -> Json:
    if isinstance(value, dict):
        return {
            redact_header(scrub, name, "")[0]: _each(scrub, text, partial(_header, scrub, name))
            for name, text in value.items()
        }
    if isinstance(value, list):
        return [_pair(scrub, one) for one in value]
    return redact_document(scrub, value)


def _pair(scrub: Scrubber, value: Json) -> Json:
    match value:
        case [str(name), str(text)]:
            shown = _around_references(text, partial(_header, scrub, name))
            return [redact_header(scrub, name, "")[0], shown]
        case _:
            return redact_document(scrub, value)


def _header(scrub: Scrubber, name: str, value: str) -> str:
    return redact_header(scrub, name, value)[1]


def _each(scrub: Scrubber, value: Json, redact: _Redact) -> Json:
    if isinstance(value, str):
        return _around_references(value, redact)
    if isinstance(value, list):
        return [_each(scrub, one, redact) for one in value]
    return redact_document(scrub, value)


def _field(scrub: Scrubber, name: str, value: str) -> str:
    return redact_field(scrub, name, value, "field")


def _text(scrub: Scrubber, value: str, name: str) -> str:
    return _around_references(value, partial(scrub.member, name))


def _around_references(value: str, redact: _Redact) -> str:
    """Redact a text of a scenario: `${key}` stays, and `$$` is one dollar."""
    references = _REFERENCE.findall(value) if "${" in value else []
    stand_ins = [
        str(Placeholder(NO_ID, length=str(_STAND_IN + number))) for number in range(len(references))
    ]
    plain = value
    for reference, stand_in in zip(references, stand_ins, strict=True):
        plain = plain.replace(reference, stand_in, 1)
    shown = redact(plain)
    if "$$" in plain:
        single = plain.replace("$$", "$")
        undoubled = redact(single)
        shown = shown if undoubled == single else undoubled.replace("$", "$$")
    for reference, stand_in in zip(references, stand_ins, strict=True):
        shown = shown.replace(stand_in, reference)
    return shown
