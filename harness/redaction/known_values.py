"""Find known secrets in a text: whole in any spelling, or pieces of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from harness.redaction.lower_case import lowered
from harness.redaction.needles import Needle
from harness.redaction.placeholder import Placeholder
from harness.redaction.registry import SecretRegistry
from harness.redaction.spans import Rank, Span
from harness.redaction.view import View

_BASE64_RUN_BEFORE = re.compile(r"[A-Za-z0-9+_-]*$")
_BASE64_RUN_AFTER = re.compile(r"[A-Za-z0-9+_-]*={0,2}")
_LONGEST_RUN = 4096


class Quotes(StrEnum):
    """Whether a bare `"` beside a secret can belong to it.

    In a header it can; in a document it is syntax, and taking it would break the document.
    """

    OF_THE_VALUE = "of the value"
    OF_THE_DOCUMENT = "of the document"


@dataclass(frozen=True, slots=True, repr=False)
class Search:
    """A reading with the places in it at which something known may stand, looked up once."""

    view: View
    lower: str
    hits: Sequence[int]

    @classmethod
    def of(cls, registry: SecretRegistry, view: View) -> Search:
        """Look up the places."""
        lower = lowered(view.text)
        return cls(view, lower, registry.index.hits(lower))


def whole_spans(
    registry: SecretRegistry, search: Search, quotes: Quotes = Quotes.OF_THE_VALUE
) -> Iterator[Span]:
    """Yield every place that holds a whole known secret, in any spelling and case."""
    view = search.view
    text = view.text
    for start, spelling in registry.index.spellings_in(search.lower, search.hits):
        end = start + len(spelling)
        needle = _exact(registry.needles[spelling], text[start:end])
        if needle.encoding == "b64":
            start, end = _whole_run(text, start, end)  # noqa: PLW2901 - a wider place
        label = _label(registry, needle, text[start:end])
        inner = start, end
        if quotes is Quotes.OF_THE_DOCUMENT:
            inner = _within_quotes(view, start, end)
        rank = Rank.WHOLE if inner == (start, end) else Rank.TAIL
        yield Span(*view.source_span(*inner), rank, label)


def piece_spans(registry: SecretRegistry, search: Search) -> Iterator[Span]:
    """Yield every stretch that holds a piece (8 characters or more) of a known secret."""
    for start, end, owner in registry.index.pieces_in(search.lower, search.hits):
        label = Placeholder(owner, part=f"p{min(end - start, 9999)}")
        yield Span(*search.view.source_span(start, end), Rank.PIECE, str(label))


def parted_spans(registry: SecretRegistry, search: Search) -> Iterator[Span]:
    """Yield the parts of every whole known secret that was taken apart; the first is named so."""
    text = search.view.text
    for start, spelling in registry.index.spellings_in(search.lower, search.hits):
        end = start + len(spelling)
        needle = _exact(registry.needles[spelling], text[start:end])
        label = _label(registry, needle, text[start:end])
        for piece in search.view.source_pieces(*_within_quotes(search.view, start, end)):
            yield Span(*piece, Rank.WHOLE, label)
            label = str(Placeholder(needle.secret_id, part=f"p{min(len(spelling), 9999)}"))


def _within_quotes(view: View, start: int, end: int) -> tuple[int, int]:
    """Leave out quotes at the ends that are written without an escape."""
    while start < end - 1 and _is_bare_quote(view, start):
        start += 1
    while start < end - 1 and _is_bare_quote(view, end - 1):
        end -= 1
    return start, end


def _is_bare_quote(view: View, place: int) -> bool:
    return view.text[place] == '"' and view.is_as_written(place)


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
    return str(registry.label(needle.core, needle.secret_id, kind=kind, encoding=encoding))
