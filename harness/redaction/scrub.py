"""Replace secrets in any text: known ones in every spelling, and those that form gives away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from harness.model.secret import Provenance, Secret
from harness.redaction.common_values import is_common
from harness.redaction.json_names import find_secret_members, is_secret_member
from harness.redaction.known_values import Quotes, piece_spans, whole_spans
from harness.redaction.masked_echo import lone_tail_spans, mask_spans
from harness.redaction.placeholder import NO_ID, parse_placeholder, split_placeholders
from harness.redaction.registry import SecretRegistry
from harness.redaction.shape import placeholder_for
from harness.redaction.spans import Rank, Span, replace_spans
from harness.redaction.token_patterns import Finding, find_random_runs, find_tokens
from harness.redaction.unescape import View, views_of

_MAX_PASSES = 4
_MOST_FOUND = 500
_BLOCKS = frozenset({"jwt", "pem"})

Finder = Callable[[str], list[Span]]


class Scrubber:
    """Replaces secrets in texts; what it finds by form it adds to the registry.

    `in_use` are the ids of the secrets of the exchange at hand: an echo is theirs first.
    """

    def __init__(self, registry: SecretRegistry) -> None:
        """Search for what `registry` knows, and tell it what else is found."""
        self.registry = registry
        self.in_use: frozenset[str] = frozenset()
        self._found = 0

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
        return str(entry.placeholder) if entry else ""

    def born(self, value: str, place: str, kind: str = "") -> str:
        """Replace a secret met on the way, and have it looked for in every text from now on.

        After `_MOST_FOUND` of them, which a hostile server can send, only where they stand.
        """
        if not value or parse_placeholder(value):
            return value
        if self._found < _MOST_FOUND:
            before = self.registry.version
            self.registry.add(Secret(value, Provenance("found in", place)), kind)
            self._found += self.registry.version - before
        elif self.registry.entry(value) is None:
            return str(placeholder_for(value, NO_ID, kind=kind))
        return self.hidden(value, place, kind)

    def _whole(self, text: str) -> list[Span]:
        return [span for view in views_of(text) for span in whole_spans(self.registry, view)]

    def _formed(self, text: str) -> list[Span]:
        spans: list[Span] = []
        views = tuple(views_of(text))
        for view in views:
            spans += whole_spans(self.registry, view, Quotes.OF_THE_DOCUMENT)
        for view in views:
            spans += self._token_spans(view, find_tokens(view.text), spans)
        return spans + self._echoes(text, views)

    def _known(self, text: str) -> list[Span]:
        views = tuple(views_of(text))
        whole = [span for view in views for span in whole_spans(self.registry, view)]
        return whole + self._echoes(text, views)

    def _echoes(self, text: str, views: tuple[View, ...]) -> list[Span]:
        spans: list[Span] = []
        for view in views:
            spans += piece_spans(self.registry, view)
            spans += lone_tail_spans(self.registry, view, self.in_use)
            spans += mask_spans(self.registry, view, text, self.in_use)
        return spans

    def _random(self, text: str) -> list[Span]:
        spans = self._formed(text)
        for view in views_of(text):
            spans += self._token_spans(view, find_random_runs(view.text), spans)
        return spans

    def _named(self, text: str) -> list[Span]:
        spans: list[Span] = []
        for view in views_of(text):
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
        for finding in findings:
            start, end = view.source_span(finding.start, finding.end)
            if any(one.start <= start and end <= one.end for one in (*found, *spans)):
                continue
            value = view.text[finding.start : finding.end]
            name = _ASSIGNED_NAME.match(value)
            if name and any(
                one.start == start + name.end() and one.end >= end - 1 for one in found
            ):
                continue  # `Received=<a known key>`: which key it is says more than that it is one
            rank = Rank.BLOCK if finding.kind in _BLOCKS else Rank.PATTERN
            replacement = self._replacement(value, finding.place, finding.kind)
            spans.append(Span(start, end, rank, replacement))
        return spans

    def _replacement(self, value: str, place: str, kind: str) -> str:
        if is_common(value) or kind == "user":
            return self.hidden(value, place, kind)
        return self.born(value, place, kind)


_ASSIGNED_NAME = re.compile(r"[A-Za-z_]{1,30}=")


def _apply(text: str, find: Finder) -> str:
    """Replace what `find` finds between placeholders, until nothing more is found."""
    for _ in range(_MAX_PASSES):
        parts = split_placeholders(text)
        after = "".join(
            part if index % 2 or not part else replace_spans(part, find(part))
            for index, part in enumerate(parts)
        )
        if after == text:
            return text
        text = after
    return text
