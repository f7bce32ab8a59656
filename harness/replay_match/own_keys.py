"""The keys that a cassette has placeholders for, and how a client names one of them.

A client may send the placeholder itself, or its short alias (`s1`), in the place of a key. Both
are written as `s<number of the key>` before the live request is redacted, so that what is found
in the request itself (`x1`, `x2`) never meets an id of the cassette.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import replace

from harness.model.exchange import RedactedExchange
from harness.redaction.placeholder import Placeholder, find_placeholders, parse_placeholder
from harness.redaction.placeholder import split_placeholders as split
from harness.replay_match.facts import is_credential_place
from harness.scenario_file.credential_names import is_credential_field

UNKNOWN = "s0"
"""The id of a placeholder that the cassette does not hold."""

_ALIAS = re.compile(r"(?<![^\s=:,;\"'/])[sx]\d{1,6}(?![^\s,;\"'&])")
_WHOLE_ALIAS = re.compile(r"[sx]\d{1,6}")
_BASIC = re.compile(r"(?P<scheme>\s*basic\s+)(?P<token>[A-Za-z0-9+/_-]+=*)\s*", re.IGNORECASE)


class OwnKeys:
    """Every id of the cassette's requests, numbered in recorded order."""

    def __init__(self, exchanges: Iterable[RedactedExchange]) -> None:
        """Collect the placeholders of all requests."""
        self._facts: dict[str, Placeholder] = {}
        self._inside: dict[str, frozenset[str]] = {}
        for exchange in exchanges:
            headers = exchange.headers + exchange.headers_sent
            texts = (exchange.url, exchange.body, *(value for _, value in headers))
            for one in (one for text in texts for one in find_placeholders(text)):
                if one.part or one.encoding:
                    self._facts.setdefault(one.id, Placeholder(one.id))
                elif self._facts.get(one.id, Placeholder(one.id)) == Placeholder(one.id):
                    self._facts[one.id] = one
                if one.kind == "basic":
                    self._inside.setdefault(one.id, frozenset(exchange.secret_ids.values()))
        self._facts.pop("none", None)
        self._ids = tuple(self._facts)
        self._numbers = {one: number for number, one in enumerate(self._ids, 1)}

    def __contains__(self, secret_id: object) -> bool:
        """Tell whether the cassette's requests hold this id."""
        return secret_id in self._numbers

    def facts(self, secret_id: str) -> Placeholder:
        """Return the fullest placeholder of an id."""
        return self._facts[secret_id]

    def id_of(self, written: str) -> str | None:
        """Return the cassette's id for the id of a translated placeholder; None if unknown."""
        number = int(written[1:])
        return self._ids[number - 1] if 0 < number <= len(self._ids) else None

    def placeholders(self, text: str) -> str:
        """Rewrite every placeholder that a client sent."""
        parts = split(text)
        return "".join(
            self._rewritten(part) if index % 2 else part for index, part in enumerate(parts)
        )

    def header(self, name: str, value: str, places: frozenset[str]) -> str:
        """Rewrite a header of a live request: placeholders, and aliases where a key belongs."""
        if is_credential_place(name) or f"header {name.lower()}" in places:
            value = self._basic(value) or _ALIAS.sub(self._full, value)
        return self.placeholders(value)

    def field(self, name: str, value: str, place: str, places: frozenset[str]) -> str:
        """Rewrite a field of a query or a form."""
        if _WHOLE_ALIAS.fullmatch(value) and (is_credential_field(name) or place in places):
            value = _ALIAS.sub(self._full, value)
        return self.placeholders(value)

    def _full(self, match: re.Match[str]) -> str:
        return str(self._facts.get(match[0], match[0]))

    def _rewritten(self, text: str) -> str:
        told = parse_placeholder(text)
        assert told is not None  # it was split off by the same grammar
        if told.id not in self._numbers:
            return text if told.id == "none" else str(replace(told, id=UNKNOWN))
        facts = told if told.part or told.encoding else self._facts[told.id]
        return str(replace(facts, id=f"s{self._numbers[told.id]}"))

    def _basic(self, value: str) -> str:
        """Return the header with the recorded credentials whose password (or user) is named."""
        match = _BASIC.fullmatch(value)
        try:
            decoded = base64.b64decode(match["token"] + "==").decode() if match else ""
        except (binascii.Error, ValueError):
            return ""
        named = {self._named(word) for word in decoded.split(":", 1)} - {""}
        found = next((one for one, inner in self._inside.items() if named <= inner), None)
        if match is None or not named or found is None:
            return ""
        return match["scheme"] + str(self._facts[found])

    def _named(self, word: str) -> str:
        """Return the id that a user name or a password names, or ""."""
        told = parse_placeholder(word)
        if told is not None:
            return told.id
        return word if any(word in inner for inner in self._inside.values()) else ""
