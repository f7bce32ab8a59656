"""Replace secrets in any text: known ones in every spelling, and those that form gives away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum

from harness.model.secret import Provenance, Secret
from harness.redaction.common_values import is_common
from harness.redaction.coverage import Coverage
from harness.redaction.encoded_runs import Decoded, decoded_runs
from harness.redaction.inner_texts import inner_texts
from harness.redaction.json_names import find_secret_members, is_secret_member
from harness.redaction.known_values import (
    Quotes,
    Search,
    parted_spans,
    piece_spans,
    whole_spans,
)
from harness.redaction.masked_echo import lone_tail_spans, mask_spans
from harness.redaction.placeholder import (
    NO_ID,
    Placeholder,
    find_placeholders,
    parse_placeholder,
    split_placeholders,
)
from harness.redaction.readings import (
    closed_lines,
    closed_up,
    cuts_escapes,
    other_readings,
    streams,
)
from harness.redaction.registry import TAIL, SecretRegistry
from harness.redaction.shape import placeholder_for
from harness.redaction.spans import Rank, Span, replace_spans
from harness.redaction.token_patterns import Finding, find_random_runs, find_tokens
from harness.redaction.unescape import levels_of
from harness.redaction.view import View

_MAX_PASSES = 4
_DEEPEST = 5
_MOST_FOUND = 500
_MOST_CHARACTERS = 64 * 1024
_BLOCKS = frozenset({"jwt", "pem"})


class _Look(Enum):
    """What is looked for: known secrets, tokens by their form too, random runs as well."""

    KNOWN = "known"
    FORM = "form"
    ENTROPY = "entropy"


Finder = Callable[[str], list[Span]]


class Scrubber:
    """Replaces secrets in texts; what it finds by form it adds to the registry.

    `in_use` are the ids of the secrets of the exchange at hand: an echo is theirs first.
    """

    def __init__(self, registry: SecretRegistry) -> None:
        """Search for what `registry` knows, and tell it what else is found."""
        self.registry = registry
        self.in_use: frozenset[str] = frozenset()
        self._read: tuple[str, tuple[View, ...]] = ("", ())
        self._found = self._characters = 0

    def whole_values(self, text: str) -> str:
        """Replace known secrets that stand there whole; nothing is guessed."""
        return _apply(text, self._whole)

    def known(self, text: str) -> str:
        """Replace known secrets, pieces and echoes of them; nothing is guessed by form."""
        return _apply(text, self._known)

    def message(self, text: str) -> str:
        """Replace known secrets, pieces and echoes of them, and tokens known by form."""
        return _apply(_apply(text, self._named), self._formed)

    def content(self, text: str) -> str:
        """Replace what `message` does and long random runs too: for bodies."""
        return _apply(_apply(text, self._named), self._random)

    def member(self, name: str, value: str) -> str:
        """Replace secrets in a member of a JSON document, whose name may tell of one."""
        if is_secret_member(name, value) and not split_placeholders(value)[1:]:
            return self._replacement(value, f"JSON {name}", "")
        return self.content(value)

    def hidden(self, value: str, place: str, kind: str = "") -> str:
        """Replace a value that its place gives away, whatever it is; equal values stay equal."""
        if not value or parse_placeholder(value):
            return value
        entry = self.registry.entry(value)
        if entry is None:
            self.registry.note(value, place, kind)
            entry = self.registry.entry(value)
        return str(self.registry.placeholder(entry)) if entry else ""

    def born(self, value: str, place: str, kind: str = "") -> str:
        """Replace a secret met on the way, and have it looked for in every text from now on.

        After `_MOST_FOUND` of them, or `_MOST_CHARACTERS`, which only a hostile server sends, it is
        replaced where it stands.
        """
        if not value or parse_placeholder(value):
            return value
        if self._found < _MOST_FOUND and self._characters + len(value) <= _MOST_CHARACTERS:
            before = self.registry.version
            self.registry.add(Secret(value, Provenance("found in", place)), kind)
            if self.registry.version > before:
                self._found += 1
                self._characters += len(value)
        elif self.registry.entry(value) is None:
            return str(placeholder_for(value, NO_ID, kind=kind))
        return self.hidden(value, place, kind)

    def _whole(self, text: str) -> list[Span]:
        return [
            span
            for view in self._levels(text)
            for span in whole_spans(self.registry, Search.of(self.registry, view))
        ]

    def _known(self, text: str) -> list[Span]:
        return self._all(text, 0, _Look.KNOWN)

    def _formed(self, text: str) -> list[Span]:
        return self._all(text, 0, _Look.FORM)

    def _random(self, text: str) -> list[Span]:
        return self._all(text, 0, _Look.ENTROPY)

    def _all(self, text: str, depth: int, look: _Look) -> list[Span]:
        """Find everything that must go: in the text, and in all that it can be read as."""
        levels = self._searches(text)
        quotes = Quotes.OF_THE_VALUE if look is _Look.KNOWN else Quotes.OF_THE_DOCUMENT
        spans: list[Span] = []
        for one in levels:
            spans += whole_spans(self.registry, one, quotes)
        spans += self._echoes(text, levels)
        spans += self._parted(levels)
        if look is not _Look.KNOWN:
            for one in levels:
                spans += self._token_spans(one.view, find_tokens(one.view.text), spans)
        if look is _Look.ENTROPY and not depth:
            for one in levels:
                spans += self._token_spans(one.view, find_random_runs(one.view.text), spans)
        return spans + self._inner(levels, spans, depth, look)

    def _levels(self, text: str) -> tuple[View, ...]:
        """Return the levels of a text; those of the last one are kept, as it is read twice."""
        if self._read[0] is not text or not self._read[1]:
            self._read = text, tuple(levels_of(View(text)))
        return self._read[1]

    def _searches(self, text: str) -> list[Search]:
        return [Search.of(self.registry, view) for view in self._levels(text)]

    def _echoes(self, text: str, levels: Sequence[Search]) -> list[Span]:
        spans: list[Span] = []
        for one in levels:
            spans += piece_spans(self.registry, one)
            spans += lone_tail_spans(self.registry, one.view, self.in_use)
            spans += mask_spans(self.registry, one.view, text, self.in_use)
        return spans

    def _parted(self, levels: Sequence[Search]) -> list[Span]:
        """Find known secrets that are cut up: over lines, events, or by marks nobody sees."""
        first, last = levels[0].view, levels[-1].view
        spans: list[Span] = []
        wholes = [*closed_up(last), *streams(first)]
        if first is not last and cuts_escapes(first):
            wholes += closed_up(first)
        for whole in wholes:
            for view in levels_of(whole):
                spans += parted_spans(self.registry, Search.of(self.registry, view))
        return spans

    def _inner(
        self, levels: Sequence[Search], found: list[Span], depth: int, look: _Look
    ) -> list[Span]:
        """Find what stands in stretches that encode it, and in what was written backwards."""
        spans: list[Span] = []
        for view in other_readings([one.view for one in levels]):
            search = Search.of(self.registry, view)
            spans += whole_spans(self.registry, search, Quotes.OF_THE_DOCUMENT)
            spans += piece_spans(self.registry, search)
            spans += self._encoded(view, depth, look)
        for one in levels:
            spans += self._encoded(one.view, depth, look)
        covered = Coverage(found)
        spans = [span for span in spans if not covered.covers(span.start, span.end)]
        joined = closed_lines(levels[-1].view)
        if joined is not None:
            taken = Coverage((*found, *spans))
            over_lines = self._encoded(joined, depth, look)
            spans += [span for span in over_lines if not taken.touches(span.start, span.end)]
        return spans

    def _encoded(self, view: View, depth: int, look: _Look) -> list[Span]:
        spans: list[Span] = []
        for decoded in decoded_runs(view.text):
            labels = self._labels(decoded, depth, look)
            for (start, end), label in labels.items():
                end = _PADDING.match(view.text, end).end()  # type: ignore[union-attr]  # noqa: PLW2901
                secret = Placeholder(label, length=str(end - start), encoding=decoded.coding)
                spans.append(Span(*view.source_span(start, end), Rank.ENCODED, str(secret)))
        return spans

    def _labels(self, decoded: Decoded, depth: int, look: _Look) -> dict[tuple[int, int], str]:
        """Return the stretches that hold a secret, with the id of one that they hold."""
        view = View(decoded.data.decode("latin-1"))
        search = Search.of(self.registry, view)
        found: dict[tuple[int, int], str] = {}
        for spans in (whole_spans(self.registry, search), piece_spans(self.registry, search)):
            for span in spans:
                found.setdefault(decoded.span_at(span.start), _id_of(span))
        for text, place in inner_texts(decoded):
            if depth >= _DEEPEST:
                found.setdefault(place, NO_ID)
            elif inside := self._all_named(
                text, depth + 1, look
            ):  # looked into even if known: to learn
                found.setdefault(place, _id_of(min(inside, key=lambda span: span.rank)))
        return found

    def _all_named(self, text: str, depth: int, look: _Look) -> list[Span]:
        named = [] if look is _Look.KNOWN else self._named(text)
        return named + self._all(text, depth, look)

    def _named(self, text: str) -> list[Span]:
        spans: list[Span] = []
        for view in self._levels(text):
            for member in find_secret_members(view.text):
                value = view.text[member.start : member.end]
                replacement = self._replacement(value, f"JSON {member.name}", "")
                span = view.source_span(member.start, member.end)
                spans.append(Span(*span, Rank.NAMED, replacement))
        return spans

    def _token_spans(
        self, view: View, findings: Iterator[Finding], found: Sequence[Span]
    ) -> list[Span]:
        """Return the findings that nothing found before covers: they are secrets unheard of."""
        spans: list[Span] = []
        covered: Coverage | None = None
        for finding in findings:
            covered = covered or Coverage(found)
            start, end = view.source_span(finding.start, finding.end)
            if covered.covers(start, end):
                continue
            value = view.text[finding.start : finding.end]
            name = _ASSIGNED_NAME.match(value)
            if name and covered.end_of_span_at(start + name.end()) >= end - 1:
                continue  # `Received=<a known key>`: which key it is says more than that it is one
            rank = Rank.BLOCK if finding.kind in _BLOCKS else Rank.PATTERN
            replacement = self._replacement(value, finding.place, finding.kind)
            spans.append(Span(start, end, rank, replacement))
            covered.add(spans[-1])
        return spans

    def _replacement(self, value: str, place: str, kind: str) -> str:
        if is_common(value) or kind == "user":
            return self.hidden(value, place, kind)
        return self.born(value, place, kind)


def _id_of(span: Span) -> str:
    """Return whose placeholder stands for the span."""
    found = find_placeholders(span.replacement)
    return found[0].id if found else NO_ID


_PADDING = re.compile("={0,6}")
_ASSIGNED_NAME = re.compile(r"[A-Za-z_]{1,30}=")


def _apply(text: str, find: Finder) -> str:
    """Replace what `find` finds between placeholders, until nothing more is found."""
    for _ in range(_MAX_PASSES):
        parts = split_placeholders(text)
        after = "".join(
            part if index % 2 or len(part) < TAIL else replace_spans(part, find(part))
            for index, part in enumerate(parts)
        )
        if after == text:
            return text
        text = after
    return text
