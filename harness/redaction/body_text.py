"""Redact a body: text by value, forms by name, and nothing shown of what is not text."""

from __future__ import annotations

from harness.redaction.placeholder import NO_ID, Placeholder, parse_placeholder
from harness.redaction.scrub import Scrubber
from harness.redaction.url_parts import redact_fields

_MAGIC = (
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"%PDF", "pdf"),
)
_FORM = "application/x-www-form-urlencoded"


def redact_body(scrub: Scrubber, body: bytes | None, content_type: str) -> str:
    """Return the body as text; bytes that are no UTF-8 text are withheld."""
    if not body:
        return ""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return withheld(body)
    return withheld(body) if "\0" in text else redact_body_text(scrub, text, content_type)


def redact_body_text(scrub: Scrubber, text: str, content_type: str) -> str:
    """Redact a body that is text already."""
    if content_type.partition(";")[0].strip().lower() == _FORM:
        return redact_fields(scrub, scrub.known(text), "form")
    return scrub.content(text)


def withhold_text(text: str) -> str:
    """Return what stands for a text of which nothing is shown; a placeholder is one already."""
    if not text or parse_placeholder(text):
        return text
    return str(Placeholder(NO_ID, kind="blob", length=str(len(text)), marks=("text",)))


def withheld(body: bytes) -> str:
    """Return the placeholder of a body that cannot be read: its length, and what it may be."""
    kind = next((name for magic, name in _MAGIC if body.startswith(magic)), "binary")
    label = Placeholder(NO_ID, kind="blob", length=str(len(body)), charset="bytes", marks=(kind,))
    return str(label)
