"""The profile `share`: what of an exchange may be seen by strangers.

The profile `record` takes secrets out. This one takes out what is private too: what prompts and
answers say, and where and by whom the request was sent. What explains a 401 stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from harness.model.exchange import (
    Failure,
    RecordedExchange,
    RedactedExchange,
    RedactedResponse,
    TokenFacts,
)
from harness.model.outcome import Matcher, MatchKind, Outcome, OutcomeRules
from harness.model.request import HeaderPairs, Json
from harness.model.wire import BodyForm, RedactedMessage, RedactedTunnel, RedactedWire, TlsFacts
from harness.redaction.body_shape import BodyShaper, Kept, strings_in
from harness.redaction.private_names import PrivateNames
from harness.redaction.scrub import Scrubber
from harness.redaction.url_parts import split_host

_FORM = "application/x-www-form-urlencoded"
_FIRST_ERROR = 400
_HOSTS = frozenset({"host", "x-forwarded-host"})


class Bodies(StrEnum):
    """What becomes of bodies that explain nothing: their shape only, or kept as recorded."""

    SHAPE = "shape"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareSettings:
    """`rules` are the scenario's, whose judgement must stay; `words` name machine and user."""

    bodies: Bodies = Bodies.SHAPE
    rules: OutcomeRules = OutcomeRules()
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class ShareProfile:
    """Applies the profile to the exchanges and the run facts of one cassette."""

    scrub: Scrubber
    settings: ShareSettings
    names: PrivateNames = field(init=False)
    shaper: BodyShaper = field(init=False)

    def __post_init__(self) -> None:
        """Number private names with the same registry as secrets."""
        self.names = PrivateNames(self.scrub, self.settings.words)
        self.shaper = BodyShaper(self.names, self.scrub.registry)

    def exchange(self, exchange: RedactedExchange, outcome: Outcome) -> RecordedExchange:
        """Return the exchange as strangers may see it; it must go through the redactor again."""
        response = exchange.response
        kept = self._kept(exchange)
        return RecordedExchange(
            key=exchange.key,
            sequence=exchange.sequence,
            method=exchange.method,
            url=self.names.network(exchange.url),
            headers=self._headers(exchange.headers),
            headers_sent=self._headers(exchange.headers_sent),
            body=self._request_body(exchange, kept),
            proxy=exchange.proxy and self.names.network(exchange.proxy),
            timing=exchange.timing,
            response=response and self._response(exchange, response, outcome, kept),
            failure=exchange.failure and self._failure(exchange.failure),
            secret_ids=exchange.secret_ids,
            tokens=tuple(map(self._token, exchange.tokens)),
            proxy_why=self.names.text(exchange.proxy_why),
            wire=exchange.wire and self._wire(exchange.wire),
            relations=exchange.relations,
        )

    def _kept(self, exchange: RedactedExchange) -> Kept:
        shown: dict[str, str] = {}
        for name, value in (*exchange.headers, *exchange.headers_sent):
            shared = self._header(name, value)
            shown |= {value: shared, f"{name}: {value}": f"{name}: {shared}"}
        if exchange.wire is not None:
            shown |= {line: self._line(line) for line in exchange.wire.sent.lines}
        pointers, literals = _looked_for(self.settings.rules)
        public = tuple(one for one in literals if self.names.text(one) == one)
        return Kept(texts=shown, pointers=pointers, literals=public)

    def _request_body(self, exchange: RedactedExchange, kept: Kept) -> str:
        if self._keeps_bodies or _is_form(exchange.headers):
            return exchange.body
        return self.shaper.shaped(exchange.body, replace(kept, literals=()))

    def _response(
        self, exchange: RedactedExchange, response: RedactedResponse, outcome: Outcome, kept: Kept
    ) -> RedactedResponse:
        failed = response.status >= _FIRST_ERROR or response.from_proxy
        if failed or outcome in {Outcome.DENIED, Outcome.PROXY_DENIED}:
            sent = () if self._keeps_bodies else strings_in(exchange.body)
            body = self.shaper.error(response.body, kept, sent)
        elif self._keeps_bodies:
            body = self.names.text(response.body)
        else:
            body = self.shaper.shaped(response.body, kept)
        return replace(
            response,
            reason=self.names.network(response.reason),
            headers=self._headers(response.headers),
            body=body,
        )

    @property
    def _keeps_bodies(self) -> bool:
        return self.settings.bodies is Bodies.KEEP

    def _headers(self, headers: HeaderPairs) -> HeaderPairs:
        return tuple((name, self._header(name, value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        if name.strip().lower() in _HOSTS:
            host, port = split_host(value)
            return self.names.host(host) + port
        return self.names.network(value)

    def _failure(self, failure: Failure) -> Failure:
        return replace(failure, message=self.names.text(failure.message))

    def _token(self, facts: TokenFacts) -> TokenFacts:
        claims: dict[str, Json] = {name: self._claim(claim) for name, claim in facts.claims.items()}
        return replace(facts, claims=claims)

    def _claim(self, claim: Json) -> Json:
        if isinstance(claim, list):
            return [self._claim(one) for one in claim]
        return self.names.text(claim) if isinstance(claim, str) else claim

    def _wire(self, wire: RedactedWire) -> RedactedWire:
        tunnel = wire.tunnel
        return replace(
            wire,
            sent=self._message(wire.sent),
            received=self._message(wire.received),
            tunnel=tunnel
            and RedactedTunnel(self._message(tunnel.sent), self._message(tunnel.received)),
            peer=wire.peer and self._address(wire.peer),
            local=wire.local and self._address(wire.local),
            tls=wire.tls and self._tls(wire.tls),
            proxy_tls=wire.proxy_tls and self._tls(wire.proxy_tls),
        )

    def _message(self, message: RedactedMessage) -> RedactedMessage:
        body = message.body
        if message.body_form is BodyForm.TEXT and not self._keeps_bodies:
            body = self.shaper.shaped(body, Kept())
        return replace(
            message,
            lines=tuple(map(self._line, message.lines)),
            interim=tuple(map(self._line, message.interim)),
            body=body,
        )

    def _line(self, line: str) -> str:
        name, colon, value = line.partition(":")
        if not colon or " " in name:
            return _start_line(self.names, line)
        space = " " if value.startswith(" ") else ""
        return f"{name}:{space}{self._header(name, value[len(space) :])}"

    def _address(self, address: str) -> str:
        host, port = split_host(address)
        return self.names.host(host) + port

    def _tls(self, facts: TlsFacts) -> TlsFacts:
        def shown(text: str | None) -> str | None:
            return text and self.names.network(text)

        return replace(
            facts,
            sni=facts.sni and self.names.host(facts.sni),
            issuer=shown(facts.issuer),
            subject=shown(facts.subject),
        )


def _start_line(names: PrivateNames, line: str) -> str:
    """Return a request or status line; what CONNECT names is a host and no URL."""
    word, space, rest = line.partition(" ")
    if word != "CONNECT" or not space:
        return names.network(line)
    target, _, version = rest.partition(" ")
    host, port = split_host(target)
    return f"CONNECT {names.host(host)}{port} {version}".rstrip()


def _looked_for(rules: OutcomeRules) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the JSON pointers and the texts that the rules look for in bodies."""
    every = (*rules.denied, *rules.passing)
    pointers = frozenset(pointer for rule in every for pointer, _ in rule.json)
    return pointers, tuple(dict.fromkeys(_texts(one for rule in every for one in rule.text)))


def _texts(matchers: Iterable[Matcher]) -> Iterable[str]:
    return (
        one.value
        for one in matchers
        if one.kind is not MatchKind.PRESENT and isinstance(one.value, str)
    )


def _is_form(headers: HeaderPairs) -> bool:
    types = (value for name, value in headers if name.lower() == "content-type")
    return next(types, "").partition(";")[0].strip().lower() == _FORM
