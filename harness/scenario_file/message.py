"""Parses a text to sign: the fields of the request in it, and the keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.model.signature import MESSAGE_FIELDS, VALUE_FIELDS, Message, MessageField
from harness.model.template import KeyReference
from harness.scenario_file.suggest import closest
from harness.scenario_file.template import TemplateError, parse_template

_HEADER = r"header\.[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_INSIDE = re.compile(r"\$\{([^}\n]*)")
_MESSAGE = re.compile(rf"(?<!\$)((?:\$\$)*)\$\{{({'|'.join(MESSAGE_FIELDS)}|{_HEADER})\}}")
_VALUE = re.compile(rf"(?<!\$)((?:\$\$)*)\$\{{({'|'.join(VALUE_FIELDS)})\}}")


def parse_message(text: str) -> Message:
    """Read the text that `hmac` signs: `${method}` and the like, `${key}`, `$$`.

    Raises:
        TemplateError: a `${` that is none of these.
    """
    return Message(tuple(_parts(text, _MESSAGE, (*MESSAGE_FIELDS, "header.<name>"))))


def parse_signature_value(text: str) -> Message:
    """Read what stands around a signature: `${signature}`, `${timestamp}`, `${key}`, `$$`.

    Raises:
        TemplateError: a `${` that is none of these.
    """
    return Message(tuple(_parts(text, _VALUE, VALUE_FIELDS)))


def _parts(
    text: str, pattern: re.Pattern[str], fields: tuple[str, ...]
) -> Iterator[str | MessageField | KeyReference]:
    end = 0
    for match in pattern.finditer(text):
        yield from _template(text, end, match.end(1), fields)
        yield MessageField(match[2].lower())
        end = match.end()
    yield from _template(text, end, len(text), fields)


def _template(
    text: str, start: int, end: int, fields: tuple[str, ...]
) -> tuple[str | KeyReference, ...]:
    try:
        return parse_template(text[start:end]).parts
    except TemplateError as error:
        offset = start + error.offset
        inside = _INSIDE.match(text, offset)
        meant = closest(inside[1].lower(), fields) if inside else None
        listed = ", ".join(f"`{field}`" for field in fields)
        raise TemplateError(
            error.message.replace("names no key", "names no key and no field"),
            hint=f"did you mean `${{{meant}}}`?" if meant else f"fields: {listed}",
            offset=offset,
            width=error.width,
        ) from None
