"""Redact a body: text by value, forms by name, and nothing shown of what is not text."""

from __future__ import annotations

import re

from harness.redaction.inner_texts import texts_of
from harness.redaction.multipart import redact_multipart
from harness.redaction.placeholder import NO_ID, Placeholder, parse_placeholder
from harness.redaction.scrub import Scrubber
from harness.redaction.unpack import unpacked
from harness.redaction.url_parts import redact_fields

_MAGIC = (
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"%PDF", "pdf"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x78\x9c", "zlib"),
)
_WIDE_MARK = re.compile(rb"\xff\xfe|\xfe\xff")
_ODD = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\udc80-\udcff]")
_MOST_ODD = 0.2
_FORM = "application/x-www-form-urlencoded"


def redact_body(scrub: Scrubber, body: bytes | None, content_type: str) -> str:
    """Return the body as text; bytes that are no text are withheld, but learnt from.

    Single bytes in a text that are no UTF-8 are shown as an escape of two hex digits.
    """
    if not body:
        return ""
    if not _WIDE_MARK.match(body) and b"\0" not in body:
        text = body.decode("utf-8", "surrogateescape")
        if body.isascii() or _is_text(text):
            shown = redact_body_text(scrub, text, content_type)
            return shown.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    for packed in (body, *unpacked(body)):
        for text in texts_of(packed):
            scrub.message(text)
    return withheld(body)


def redact_body_text(scrub: Scrubber, text: str, content_type: str) -> str:
    """Redact a body that is text already."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _FORM:
        return redact_fields(scrub, scrub.known(text), "form")
    if kind.startswith("multipart/"):
        return redact_multipart(scrub, text, content_type)
    return scrub.content(text)


def _is_text(text: str) -> bool:
    """Tell a text with a few odd bytes from what is none."""
    odd = len(_ODD.findall(text))
    return odd <= len(text) * _MOST_ODD


def withhold_text(text: str) -> str:
    """Return what stands for a text of which nothing is shown; a placeholder is one already."""
    if not text or parse_placeholder(text):
        return text
    return str(Placeholder(NO_ID, kind="blob", length=str(len(text)), marks=("text",)))


def withheld(body: bytes) -> str:
    """Return the placeholder of a body that cannot be read: its length, and what it may be."""
    kind = next((name for magic, name in _MAGIC if body.startswith(magic)), "binary")
    wide = len(body) % 2 == 0
    if wide and kind == "binary" and (_WIDE_MARK.match(body) or body.count(0) > len(body) // 3):
        kind = "utf16"
    label = Placeholder(NO_ID, kind="blob", length=str(len(body)), charset="bytes", marks=(kind,))
    return str(label)
