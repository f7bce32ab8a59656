"""Redact a multipart form (RFC 7578): a field is decided by its name, a file by its content."""

from __future__ import annotations

import re

from harness.redaction.scrub import Scrubber
from harness.redaction.url_parts import redact_field

_BOUNDARY = re.compile(r"boundary=(?:\"([^\"]{1,70})\"|([^\s;,]{1,70}))", re.IGNORECASE)
_FIELD = re.compile(
    r"(?P<head>\r?\n?content-disposition:[ \t]*form-data;[ \t]*name=\"(?P<name>[^\"\r\n]{0,200})\""
    r"[ \t]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n)(?P<value>.*?)(?P<end>\r?\n?)",
    re.IGNORECASE | re.DOTALL,
)


def redact_multipart(scrub: Scrubber, text: str, content_type: str) -> str:
    """Return the body with the fields that may not stay replaced, known secrets everywhere."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        return scrub.content(text)
    boundary = f"--{found[1] or found[2]}"
    parts = scrub.known(text).split(boundary)
    return boundary.join(_part(scrub, part) for part in parts)


def _part(scrub: Scrubber, part: str) -> str:
    match = _FIELD.fullmatch(part)
    if match is None:
        return scrub.content(part)
    value = redact_field(scrub, match["name"], match["value"], "form")
    return scrub.message(match["head"]) + value + match["end"]
