"""Texts that the rules were seen to leave as they are, so that a long cassette loads fast.

Nothing is believed because it stands in a file: a text is remembered only after all rules went
over it, or over one that differs in numbers and ids alone. The rules know a number, a UUID and
a digest by their form, not by their digits, as long as no secret is known that might be one; so
the remembered shapes count only while none is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

from harness.model.request import HeaderPairs
from harness.model.wire import TlsFacts
from harness.redaction.registry import SecretRegistry

_MOST = 20_000
_LONGEST = 8192
"""Texts that are remembered of each rule, and characters of one that is."""

_VARYING = re.compile(
    r"[0-9a-f](?<![0-9A-Za-z+/_=~-].)"
    r"(?:[0-9a-f]{7}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]*+)(?![0-9A-Za-z+/_=~-])",
    re.DOTALL,
)
_UUID = "7d1f0a9e-5c38-4b62-9e7d-3a80c4f16b25"
_NUMBER = "73905182640917385264"
_DIGEST = "9c07e4a1f85b3d62c1704ae9f3b8d526"
_LINE = "header line"
_START = "start line"
_SHORTEST_DIGEST = 8


class Unchanged:
    """What a registry's rules leave alone; forgotten when the registry learns something.

    What does not change is returned as it was remembered: equal texts are held once, which keeps
    a long cassette small.
    """

    def __init__(self, registry: SecretRegistry) -> None:
        """Remember nothing yet."""
        self._registry = registry
        self._changes = 0
        self._in_use: frozenset[str] = frozenset()
        self._texts: dict[str, dict[str, str]] = defaultdict(dict)
        self._pairs: dict[tuple[str, str], tuple[str, str]] = {}
        self._facts: dict[TlsFacts, TlsFacts] = {}

    def begin(self, in_use: frozenset[str]) -> None:
        """Go on to the next exchange, whose secrets are `in_use`."""
        changes = self._registry.changes
        if changes and (changes, in_use) != (self._changes, self._in_use):
            self._changes, self._in_use = changes, in_use
            self._texts.clear()
            self._pairs.clear()
            self._facts.clear()

    def keep(self, rule: str, text: str, redact: Callable[[str], str]) -> str:
        """Return `redact(text)`, which is `rule`, at once where it would be `text` itself."""
        if not text:
            return text
        if self._registry.changes == self._changes:
            known = self._texts[rule].get(text)
            if known is not None:
                return known
        if self._knows(rule, text):
            return text
        made = redact(text)
        if made == text:
            self._add(rule, text)
        return made

    def keep_headers(
        self, headers: HeaderPairs, redact: Callable[[str, str], tuple[str, str]]
    ) -> HeaderPairs:
        """Return each pair as `redact` makes it; all at once where it would change none."""
        if self._is_fresh():
            known = tuple(map(self._pairs.get, headers))
            if None not in known:
                return known  # type: ignore[return-value] # None is not in it
        return tuple([self._pair(pair, redact) for pair in headers])

    def _pair(
        self, pair: tuple[str, str], redact: Callable[[str, str], tuple[str, str]]
    ) -> tuple[str, str]:
        known = self._pairs.get(pair) if self._is_fresh() else None
        if known is not None:
            return known
        line = f"{pair[0]}: {pair[1]}"
        is_line = ":" not in pair[0] and "\r" not in line
        if is_line and self._knows(_LINE, line):
            self._pairs[pair] = pair
            return pair
        shown = redact(*pair)
        if shown == pair and self._is_fresh():
            self._pairs[pair] = pair
            if is_line:
                self._add(_LINE, line)
        return shown

    def keep_head(
        self, lines: tuple[str, ...], redact: Callable[[tuple[str, ...]], tuple[str, ...]]
    ) -> tuple[str, ...]:
        """Return the lines of a head as `redact` makes them; at once where that is known.

        A line below the first is a header, and `keep_headers` may have met it.
        """
        if not lines:
            return lines
        rest = lines[1:]
        start = lines[0] if self._knows(_START, lines[0]) else None
        if start is not None:
            known = tuple(map(self._texts[_LINE].get, rest))
            if None not in known:
                return (start, *known)  # type: ignore[arg-type] # None is not in it
        plain = "" not in rest  # what follows an empty line is the start of another head
        new = [line for line in rest if not self._knows(_LINE, line)]
        if plain and not new and start is not None:
            return lines
        made = redact(lines)
        if plain and made == lines:
            self._add(_START, lines[0])
            for line in new:
                self._add(_LINE, line)
        return made

    def keep_facts(self, facts: TlsFacts, redact: Callable[[TlsFacts], TlsFacts]) -> TlsFacts:
        """Return `redact(facts)`, at once where it would be `facts`."""
        known = self._facts.get(facts) if self._is_fresh() else None
        if known is not None:
            return known
        made = redact(facts)
        if made == facts and self._is_fresh():
            if len(self._facts) >= _MOST:
                self._facts.clear()
            self._facts[facts] = facts
        return made

    def _knows(self, rule: str, text: str) -> bool:
        """Tell whether it is known that `rule` leaves the text as it is."""
        if not self._is_fresh():
            return False
        texts = self._texts[rule]
        if text in texts:
            return True
        if self._changes or shape_of(text) not in texts:
            return False
        self._keep_within_bounds(texts)
        texts[text] = text
        return True

    def _add(self, rule: str, text: str) -> None:
        """Remember that `rule` left `text` as it is."""
        if len(text) > _LONGEST or not self._is_fresh():
            return
        texts = self._texts[rule]
        self._keep_within_bounds(texts)
        texts[text] = text
        if not self._changes:
            shape = shape_of(text)
            texts[shape] = shape

    def _keep_within_bounds(self, texts: dict[str, str]) -> None:
        if len(texts) >= _MOST:
            texts.clear()
            self._pairs.clear()

    def _is_fresh(self) -> bool:
        """Tell whether the registry is as it was at the last `begin`."""
        return self._registry.changes == self._changes


def shape_of(text: str) -> str:
    """Return `text` with every number, UUID and digest replaced by one of its form.

    What stands in is as random as its form can be, so that the rules suspect it at least as
    much. Digits of an escape spell other characters: a text with any is its own shape. What is
    part of a longer run of token characters stays: the run is weighed as a whole.
    """
    if len(text) > _LONGEST or "%" in text or "\\" in text or "&" in text:
        return text
    return _VARYING.sub(_stand_in, text)


def _stand_in(match: re.Match[str]) -> str:
    found = match[0]
    length = len(found)
    if length == len(_UUID) and "-" in found:
        return _UUID
    if found.isdecimal():
        return _NUMBER[:length] if length <= len(_NUMBER) else found
    mixed = not found.isalpha()
    return _DIGEST[:length] if mixed and _SHORTEST_DIGEST <= length <= len(_DIGEST) else found
