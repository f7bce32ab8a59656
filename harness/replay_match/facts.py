"""A redacted request by its parts: what identifies it, and what only decides between equals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_plus

from harness.model.exchange import RedactedExchange
from harness.model.request import HeaderPairs
from harness.redaction.placeholder import Placeholder, parse_placeholder, split_placeholders
from harness.replay_match.body_text import blanked, fields_of
from harness.replay_match.origin import Target, normal_path, split_url
from harness.scenario_file.credential_names import is_credential_field, is_credential_header

Form = tuple[tuple[str, tuple[str, ...]], ...]
"""Places and the texts there, secrets taken out: equal forms may stand for one another."""

TIMED = frozenset({"timestamp", "ts", "date", "expires", "nonce", "x-amz-date", "x-amz-expires"})
"""Query fields that a client computes anew for each request."""

_HOP_HEADERS_WORDS = """
    host connection content-length transfer-encoding content-encoding te trailer expect upgrade
    keep-alive proxy-connection via forwarded x-forwarded-for x-forwarded-host x-forwarded-proto
    traceparent tracestate x-flip401-exchange priority
"""
_HOP_HEADERS = frozenset(_HOP_HEADERS_WORDS.split())
_HOP_PREFIXES = ("sec-", "x-stainless-")
_MINOR = frozenset({"user-agent", "accept", "accept-encoding", "accept-language", "cache-control"})
_COOKIE = "cookie"
_DIGITS = re.compile(r"\d")
_SPACES = re.compile(r"\s+")
_WEIGHT_OF_SPELLING, _WEIGHT_OF_TYPE, _WEIGHT_OF_HEADER, _WEIGHT_OF_MINOR = 40, 20, 10, 1


@dataclass(frozen=True, slots=True)
class Fact:
    """What stands at one place: texts, and between each two of them a secret."""

    place: str
    texts: tuple[str, ...]
    held: tuple[Placeholder, ...]

    @classmethod
    def of(cls, place: str, text: str) -> Fact:
        """Cut `text` at its placeholders."""
        parts = split_placeholders(text)
        found = (parse_placeholder(part) for part in parts[1::2])
        return cls(place, tuple(parts[::2]), tuple(one for one in found if one is not None))

    @property
    def form(self) -> tuple[str, tuple[str, ...]]:
        """The place and the texts; those of credentials without case, spacing and digits.

        Digits go because dates and counters stand in signed headers: each counts as `0`.
        """
        if self.place.startswith("query "):
            return self.place, self.texts
        folded = (_DIGITS.sub("0", _SPACES.sub(" ", text)).casefold() for text in self.texts)
        return self.place, tuple(folded)


@dataclass(frozen=True, slots=True, repr=False)
class RequestFacts:
    """One request, recorded or live, with its secrets replaced by placeholders."""

    method: str
    target: Target
    headers: HeaderPairs
    body: str
    own_ids: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        """Name the method only."""
        return f"<RequestFacts {self.method}>"

    @property
    def content_type(self) -> str:
        """The first `Content-Type`, or ""."""
        return next((value for name, value in self.headers if name.lower() == "content-type"), "")

    @property
    def path(self) -> Fact:
        """The path in its normal spelling; case and digits count in it."""
        return Fact.of("path", normal_path(self.target.path))

    @property
    def query(self) -> tuple[Fact, ...]:
        """The fields of the query, sorted, without those that tell the time."""
        facts = [
            Fact.of(f"query {unquote_plus(name)}", unquote_plus(value))
            for name, _, value in (
                pair.partition("=") for pair in (self.target.query or "").split("&") if pair
            )
            if name.lower() not in TIMED
        ]
        return tuple(sorted(facts, key=lambda fact: (fact.place, fact.texts)))

    def credentials(self, places: frozenset[str]) -> tuple[Fact, ...]:
        """Return what stands at the places of credentials: those named, and those known by name.

        Cookies count where a recorded request has some: a client's jar sends back whatever
        recorded answers set.
        """
        found = [
            Fact.of(f"header {name.lower()}", value)
            for name, value in self.headers
            if (is_credential_place(name) and name.lower() != _COOKIE)
            or f"header {name.lower()}" in places
        ]
        if any(place.startswith("body ") for place in places):
            found += [
                Fact.of(f"body {pointer}", text)
                for pointer, text in fields_of(self.body, self.content_type)
                if f"body {pointer}" in places
            ]
        return tuple(sorted(found, key=lambda fact: fact.place))

    def own_places(self) -> frozenset[str]:
        """Return the places at which this request carries one of its own keys."""
        places = {f"header {name.lower()}" for name, value in self.headers if self._owns(value)}
        places -= {"header proxy-authorization"}
        places |= {f"header {_COOKIE}" for name, _ in self.headers if name.lower() == _COOKIE}
        for pointer, text in fields_of(self.body, self.content_type):
            named = is_credential_field(pointer.rpartition("/")[2])
            if self._owns(text) or (named and len(split_placeholders(text)) > 1):
                places.add(f"body {pointer}")
        return frozenset(places)

    def rest(self, places: frozenset[str]) -> tuple[tuple[str, str], ...]:
        """Return what only decides between equals: spellings, and every other header."""
        told = [("target", blanked(self.target.spelling))]
        for name, value in self.headers:
            lower = name.lower()
            if lower in _HOP_HEADERS or lower.startswith(_HOP_PREFIXES):
                continue
            place = f"header {lower}"
            if place == f"header {_COOKIE}" and place not in places:
                continue
            if is_credential_place(name) or place in places:
                told.append((f"spelling of {place}", blanked(value)))
            elif lower == "content-type":
                told.append((place, _SPACES.sub("", value).casefold()))
            else:
                told.append((place, blanked(value)))
        return tuple(sorted(told))

    def _owns(self, text: str) -> bool:
        return any(one.id in self.own_ids for one in Fact.of("", text).held)


def is_credential_place(header: str) -> bool:
    """Tell whether a header of this name carries a credential for the origin itself."""
    return is_credential_header(header) and not header.lower().startswith("proxy-")


def recorded_facts(exchange: RedactedExchange) -> RequestFacts:
    """Return the facts of a recorded request; what left counts, where something did."""
    return RequestFacts(
        method=exchange.method,
        target=_recorded_target(exchange),
        headers=exchange.headers_sent or exchange.headers,
        body=exchange.body,
        own_ids=frozenset(exchange.secret_ids.values()),
    )


def weight_of(place: str) -> int:
    """Say how much a difference at a place of `rest` counts."""
    if place.startswith("spelling"):
        return _WEIGHT_OF_SPELLING
    if place == "header content-type":
        return _WEIGHT_OF_TYPE
    if place == "target" or place.removeprefix("header ") in _MINOR:
        return _WEIGHT_OF_MINOR
    return _WEIGHT_OF_HEADER


def is_telling(place: str) -> bool:
    """Tell whether a difference at a place of `rest` is worth a word."""
    return weight_of(place) > _WEIGHT_OF_MINOR


def _recorded_target(exchange: RedactedExchange) -> Target:
    """Return the target with its origin; the path as it was on the wire, where it was seen."""
    asked = split_url(exchange.url)
    lines = exchange.wire.sent.lines if exchange.wire else ()
    words = lines[0].split(" ") if lines else []
    if len(words) < 3:  # noqa: PLR2004 - method, target, version
        return asked
    sent = split_url(" ".join(words[1:-1]))
    return Target(asked.origin, sent.path, sent.query) if sent.path.startswith("/") else asked
