"""Find known secrets in a text: whole in any spelling, or pieces of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from harness.redaction.needles import PIECE, Needle
from harness.redaction.placeholder import Placeholder
from harness.redaction.registry import SecretRegistry, lowered
from harness.redaction.shape import placeholder_for
from harness.redaction.spans import Rank, Span
from harness.redaction.unescape import View

_BASE64_RUN_BEFORE = re.compile(r"[A-Za-z0-9+_-]*$")
_BASE64_RUN_AFTER = re.compile(r"[A-Za-z0-9+_-]*={0,2}")
_LONGEST_RUN = 4096
_TOKEN_RUN = re.compile(rf"\S{{{PIECE},}}")
"""Where a piece may stand; signs such as `"` and `<` may be a part of it, the table decides."""


class Quotes(StrEnum):
    """Whether a bare `"` beside a secret can belong to it.

    In a header it can; in a document it is syntax, and taking it would break the document.
    """

    OF_THE_VALUE = "of the value"
    OF_THE_DOCUMENT = "of the document"


def whole_spans(
    registry: SecretRegistry, view: View, quotes: Quotes = Quotes.OF_THE_VALUE
) -> Iterator[Span]:
    """Yield every place that holds a whole known secret, in any spelling and case."""
    text = view.text
    lower = lowered(text)
    for spelling in registry.longest_first:
        if len(spelling) > len(text):
            continue
        start = lower.find(spelling)
        while start >= 0:
            end = start + len(spelling)
            needle = _exact(registry.needles[spelling], text[start:end])
            if needle.encoding == "b64":
                start, end = _whole_run(text, start, end)
            label = _label(registry, needle, text[start:end])
            inner = start, end
            if quotes is Quotes.OF_THE_DOCUMENT:
                inner = _within_quotes(view, start, end)
            rank = Rank.WHOLE if inner == (start, end) else Rank.TAIL
            yield Span(*view.source_span(*inner), rank, label)
            start = lower.find(spelling, end)


def piece_spans(registry: SecretRegistry, view: View) -> Iterator[Span]:
    """Yield every stretch that holds a piece (8 characters or more) of a known secret."""
    pieces = registry.pieces
    if not pieces:
        return
    lower = lowered(view.text)
    for run in _TOKEN_RUN.finditer(lower):
        start = run.start()
        while start <= run.end() - PIECE:
            secret_id = pieces.get(lower[start : start + PIECE])
            if secret_id is None:
                start += 1
                continue
            end = start + PIECE
            while pieces.get(lower[end - PIECE + 1 : end + 1]) == secret_id and end < run.end():
                end += 1
            label = Placeholder(secret_id, part=f"p{min(end - start, 9999)}")
            yield Span(*view.source_span(start, end), Rank.PIECE, str(label))
            start = end


def _within_quotes(view: View, start: int, end: int) -> tuple[int, int]:
    """Leave out quotes at the ends that are written without an escape."""
    while start < end - 1 and _is_bare_quote(view, start):
        start += 1
    while start < end - 1 and _is_bare_quote(view, end - 1):
        end -= 1
    return start, end


def _is_bare_quote(view: View, place: int) -> bool:
    source_start, source_end = view.source_span(place, place + 1)
    return view.text[place] == '"' and source_end - source_start == 1


def _exact(needles: list[Needle], found: str) -> Needle:
    """Prefer the secret whose spelling agrees in case too."""
    return next((needle for needle in needles if needle.text == found), needles[0])


def _whole_run(text: str, start: int, end: int) -> tuple[int, int]:
    """Take the whole base64 run: the characters at its ends hold bits of the secret too."""
    before = _BASE64_RUN_BEFORE.search(text[max(0, start - _LONGEST_RUN) : start])
    after = _BASE64_RUN_AFTER.match(text, end)
    return start - (len(before[0]) if before else 0), after.end() if after else end


def _label(registry: SecretRegistry, needle: Needle, found: str) -> str:
    encoding = needle.encoding
    if not encoding and found != needle.text:
        encoding = "case"
    if encoding in {"b64", "hex", "sum"}:
        return str(Placeholder(needle.secret_id, length=str(len(found)), encoding=encoding))
    entry = registry.entry(needle.core)
    kind = entry.kind if entry is not None else ""
    return str(placeholder_for(needle.core, needle.secret_id, kind=kind, encoding=encoding))
