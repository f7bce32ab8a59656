"""Find masked echoes of keys: `****9b86`, `sk-ab***wxyz`, `…9b86`.

The tail says which key the server saw, so it is compared with the tails of all known secrets:
a match keeps the secret's id, a public word such as `null` stays, any other keeps its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.redaction.edges import edges_of, trim
from harness.redaction.key_class import charset_of, public_prefix
from harness.redaction.lower_case import lowered
from harness.redaction.marks import marks_of
from harness.redaction.placeholder import NO_ID, Placeholder
from harness.redaction.registry import (
    LONGEST_TAIL,
    SHORTEST_HEAD,
    TAIL,
    SecretRegistry,
)
from harness.redaction.spans import Rank, Span
from harness.redaction.view import View

_MASK = re.compile(
    r"\*{2,}(?:\.{3}\*{2,})?|[\u2022\u25cf\u00b7\u2219]{2,}|\u2026+|\.{3,}|[xX]{4,}|#{3,}"
)
_SIGNS = (
    *("**", "\u2022\u2022", "\u25cf", "\u00b7\u00b7", "\u2219\u2219", "\u2026", "..."),
    *("xxxx", "XXXX", "xX", "Xx", "###"),
)
"""One of these is in every text with a mask: to look for them is fast."""

_STARS = re.compile(r"\*{3,}|[\u2022\u25cf]{3,}")
_HEAD = re.compile(r"[A-Za-z0-9_-]*$")
_UNKNOWN_TAIL = re.compile(r"[A-Za-z0-9_\-+/=]{1,40}[}\"']?")
_CONTEXT = re.compile(r"key|token|secret|credential|password|received", re.IGNORECASE)
_CONTEXT_REACH = 60
_HEAD_REACH = 40
_ENDING = re.compile(
    r"\b(?:ends?|ending|last|suffix|tail)"
    r"(?:\W{1,3}(?:in|with|four|4|characters|chars|digits|are|is|of|the|key)){0,5}\W{1,3}"
    r"(?=(\S))"
)
_WORD_OF_FOUR = re.compile(r"(?<![^\W_])[^\W_]{4}(?![^\W_])")
_FEW = 24
"""Tails that are looked for one by one; more of them are looked up word by word."""

_PUBLIC_TAILS_WORDS = """
    null none nil undefined ined true false json here _key -key .key akey test oken _token cret
    _secret word pass xxxx user name env todo file path
"""
_PUBLIC_TAILS = frozenset(_PUBLIC_TAILS_WORDS.split())


def mask_spans(
    registry: SecretRegistry, view: View, source: str, in_use: frozenset[str]
) -> Iterator[Span]:
    """Yield the heads and tails beside masks that must not stay as they are.

    Where several secrets end alike, those `in_use` in the exchange are named first.
    """
    text = view.text
    if not any(sign in text for sign in _SIGNS):
        return
    for mask in _MASK.finditer(text):
        before = text[max(0, mask.start() - _HEAD_REACH) : mask.start()]
        token = _HEAD.search(before)
        head = token[0] if token else ""
        tail = _known_tail(registry, text, mask.end(), in_use)
        is_masked_key = _is_masked_key(text, mask, head)
        if tail is None and is_masked_key:
            tail = _unknown_tail(view, source, mask)
        if tail is not None:
            length, label, rank = tail
            yield Span(*view.source_span(mask.end(), mask.end() + length), rank, str(label))
        yield from _head_spans(registry, view, mask.start(), head, hide=is_masked_key)


def lone_tail_spans(registry: SecretRegistry, view: View, in_use: frozenset[str]) -> Iterator[Span]:
    """Yield tails that stand alone as a word: `the key ending in 9b86`."""
    tails, lower = registry.tails, lowered(view.text)
    if not tails:
        return
    places = [match.start(1) for match in _ENDING.finditer(lower)]
    mixed = registry.mixed_tails
    if len(mixed) <= _FEW:
        places += [at for tail in mixed for at in _places_of(tail, lower)]
    else:
        places += [match.start() for match in _WORD_OF_FOUR.finditer(lower) if match[0] in tails]
    for start in dict.fromkeys(places):
        end = start + TAIL
        owners = tails.get(lower[start:end], [])
        alone = not (lower[start - 1 : start].isalnum() or lower[end : end + 1].isalnum())
        if alone and not all(owner.common for owner in owners):
            ids = [owner.secret_id for owner in owners]
            owner = next((one for one in ids if one in in_use), ids[0])
            label = Placeholder(owner, part=f"t{TAIL}")
            yield Span(*view.source_span(start, end), Rank.TAIL, str(label))


def _places_of(tail: str, lower: str) -> Iterator[int]:
    start = lower.find(tail)
    while start >= 0:
        yield start
        start = lower.find(tail, start + len(tail))


def _known_tail(
    registry: SecretRegistry, text: str, start: int, in_use: frozenset[str]
) -> tuple[int, Placeholder, Rank] | None:
    """Return the longest known ending that `text` goes on with at `start`."""
    ahead = lowered(text[start : start + LONGEST_TAIL])
    for length in range(len(ahead), 0, -1):
        owners = registry.endings.get(ahead[:length])
        if owners is None:
            continue
        word_ends = not text[start + length : start + length + 1].isalnum()
        fitting = [
            owner
            for owner in owners
            if length >= TAIL or (length >= min(SHORTEST_HEAD, len(owner.core)) and word_ends)
        ]
        if fitting:
            owner = next((one for one in fitting if one.secret_id in in_use), fitting[0])
            found = text[start : start + length]
            edges = tuple(edge.fact for edge in edges_of(found) if edge.position == "trailing")
            marks = marks_of(owner.core)
            label = Placeholder(owner.secret_id, part=f"t{length}", edges=edges, marks=marks)
            return length, label, Rank.TAIL
    return None


def _is_masked_key(text: str, mask: re.Match[str], head: str) -> bool:
    """Tell a masked key from a rule, an ellipsis or bold type."""
    if public_prefix(head):
        return True
    if not _STARS.fullmatch(mask[0]):
        return False
    before = text[max(0, mask.start() - _CONTEXT_REACH) : mask.start()]
    tail = _UNKNOWN_TAIL.match(text, mask.end())
    return bool(_CONTEXT.search(before)) or (tail is not None and any(map(str.isdigit, tail[0])))


def _unknown_tail(
    view: View, source: str, mask: re.Match[str]
) -> tuple[int, Placeholder, Rank] | None:
    """Return the form of a tail that no known secret has; None when it is a public word."""
    match = _UNKNOWN_TAIL.match(view.text, mask.end())
    if match is None:
        return None
    tail = match[0]
    if tail[-1] in "\"'" and not _belongs(view, source, mask, match.end() - 1):
        tail = tail[:-1]
    core = trim(tail).rstrip("}")
    if not tail or (core == tail and tail.lower() in _PUBLIC_TAILS):
        return None
    brace = ("brace",) if tail.rstrip("\"'").endswith("}") else ()
    pad = ("pad",) if tail.endswith("=") else ()
    label = Placeholder(
        NO_ID,
        charset=charset_of(core),
        part=f"t{len(tail)}",
        edges=tuple(edge.fact for edge in edges_of(tail)),
        marks=brace + pad,
    )
    return len(tail), label, Rank.UNKNOWN


def _belongs(view: View, source: str, mask: re.Match[str], place: int) -> bool:
    """Tell whether the quote at `place` is part of the key rather than the end of a string.

    It is when it was escaped, or when no quote of its kind is open before the mask.
    """
    start, end = view.source_span(place, place + 1)
    if end - start > 1:
        return True
    quote = source[start]
    line = view.text.rfind("\n", 0, mask.start()) + 1
    return view.text.count(quote, line, mask.start()) % 2 == 0


def _head_spans(
    registry: SecretRegistry, view: View, mask_start: int, head: str, *, hide: bool
) -> Iterator[Span]:
    """Yield the part of a key that stands before the mask, its public prefix left out."""
    rest = head[len(public_prefix(head)) :]
    if not rest:
        return
    owner = _owner_of_head(registry, rest)
    if owner is None and (not hide or (not public_prefix(head) and _CONTEXT.search(rest))):
        return
    label = Placeholder(
        owner or NO_ID, charset="" if owner else charset_of(rest), part=f"h{len(rest)}"
    )
    rank = Rank.TAIL if owner else Rank.UNKNOWN
    yield Span(*view.source_span(mask_start - len(rest), mask_start), rank, str(label))


def _owner_of_head(registry: SecretRegistry, rest: str) -> str | None:
    start = lowered(rest)
    for owner in registry.heads.get(start[:SHORTEST_HEAD], ()):
        after_prefix = owner.core[len(public_prefix(owner.core)) :]
        if lowered(after_prefix).startswith(start):
            return owner.secret_id
    return None
