"""Make a RedactedExchange: the only place that can, for it alone holds the seal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from functools import cache
from typing import TypeVar

from harness.model.exchange import (
    Exchange,
    ExchangeKey,
    Failure,
    RecordedExchange,
    RedactedExchange,
    RedactedResponse,
    RedactionSeal,
    Response,
    Step,
    TokenFacts,
)
from harness.model.request import HeaderPairs, Json, ProxyHop, SignedRequest
from harness.model.secret_relation import SecretRelation
from harness.model.wire import RedactedWire, Wire
from harness.redaction.body_text import redact_body, redact_body_text, withhold_text
from harness.redaction.header_values import redact_header
from harness.redaction.named_document import redact_document
from harness.redaction.placeholder import find_placeholders, is_secret_id
from harness.redaction.registry import SecretRegistry
from harness.redaction.relations import RelationTable, parse_relation
from harness.redaction.run_ids import in_run
from harness.redaction.scrub import Scrubber
from harness.redaction.share_profile import ShareProfile, ShareSettings
from harness.redaction.token_answer import may_hide_token
from harness.redaction.token_claims import token_facts
from harness.redaction.unchanged import Unchanged
from harness.redaction.url_parts import proxy_host, redact_proxy, redact_url
from harness.redaction.wire_record import readmit_wire, redact_wire

_MAX_PASSES = 4
_FIELDS = fields(RecordedExchange)
_Made = TypeVar("_Made")


class Redactor:
    """Redacts exchanges and texts with all that `registry` knows, and adds what it meets.

    Its methods may be called from any thread; one works at a time.
    """

    def __init__(self, registry: SecretRegistry) -> None:
        """Share `registry` with whoever resolves keys: what they add is redacted from then on."""
        self.registry = registry
        self._scrub = Scrubber(registry)
        self._tokens: dict[str, TokenFacts] = {}
        self._relations = RelationTable()
        self._unchanged = Unchanged(registry)
        self._lock = threading.Lock()
        self._made_at: dict[tuple[ExchangeKey, int], int] = {}

    def redact(self, exchange: Exchange) -> RedactedExchange:
        """Return the exchange with every secret replaced, those that it brought included."""
        with self._lock:
            ids = {name: self.registry.add(secret) for name, secret in exchange.secrets.items()}
            self._learn_proxy(exchange.request.proxy)
            self._scrub.in_use = frozenset(ids.values())
            related = self._relations.meet(
                entry for entry in self.registry.credentials() if entry.id in self._scrub.in_use
            )
            return self._settled(lambda: self._redacted(exchange, ids, related))

    def readmit(self, recorded: RecordedExchange) -> RedactedExchange:
        """Return what a cassette holds, redacted again: placeholders stay, anything else goes.

        Trusts nothing: a stranger's cassette with raw secrets comes out clean.
        """
        with self._lock:
            self._scrub.in_use = frozenset(recorded.secret_ids.values())
            self._unchanged.begin(self._scrub.in_use)
            for facts in recorded.tokens:
                if is_secret_id(facts.secret_id):
                    self._tokens.setdefault(facts.secret_id, facts)
            return self._settled(lambda: self._readmitted(recorded))

    def share_profile(self, settings: ShareSettings) -> ShareProfile:
        """Return the profile `share`, its ids numbered on with those of this redactor.

        What it makes of an exchange goes through `readmit`, of run facts through `document`.
        """
        return ShareProfile(self._scrub, settings)

    def in_run(self, exchange: RedactedExchange, number: int) -> RedactedExchange:
        """Return the exchange as one of run `number` of its cassette: `s1` becomes `r2.s1`."""
        return in_run(exchange, number)

    def document_in_run(self, document: Json, number: int) -> Json:
        """Return `document(document)`, its ids those of run `number`."""
        return in_run(self.document(document), number)

    def up_to_date(self, made: RedactedExchange) -> RedactedExchange:
        """Return the exchange, redacted again if a secret was met since it was made.

        Exchanges end at the same time: between the making of one and its writing another may
        bring a secret that stands in it.
        """
        if self._made_at.get((made.key, made.sequence)) == self.registry.version:
            return made
        parts = {field.name: getattr(made, field.name) for field in _FIELDS}
        return self.readmit(RecordedExchange(**parts))

    def text(self, text: str) -> str:
        """Return `text` (a log line, an error, a document) with every secret replaced."""
        with self._lock:
            self._scrub.in_use = frozenset()
            return self._settled(lambda: self._scrub.content(text))

    def document(self, document: Json) -> Json:
        """Return a JSON document with every secret in its keys and strings replaced."""
        with self._lock:
            self._scrub.in_use = frozenset()
            return self._settled(lambda: redact_document(self._scrub, document))

    def _settled(self, make: Callable[[], _Made]) -> _Made:
        """Make it again while making it teaches us new secrets: they may stand further up."""
        for _ in range(_MAX_PASSES):
            before = self.registry.version
            made = make()
            if self.registry.version == before:
                break
        return made

    def _learn_proxy(self, proxy: ProxyHop | None) -> None:
        if proxy is not None and proxy.password is not None:
            self.registry.add(proxy.password, "pw")
        if proxy is not None and proxy.username is not None:
            self._scrub.hidden(proxy.username.reveal(), "proxy user", "user")

    def _redacted(
        self, exchange: Exchange, ids: Mapping[str, str], relations: tuple[SecretRelation, ...]
    ) -> RedactedExchange:
        request, attempt = exchange.request, exchange.attempt
        proxy_url = request.proxy.url if request.proxy else ""
        response = attempt.response
        wire = self._wire(attempt.wire, request, response)
        return self._sealed(
            RecordedExchange(
                key=exchange.key,
                sequence=exchange.sequence,
                method=self._scrub.message(request.method),
                url=redact_url(self._scrub, request.url),
                headers=self._headers(request.headers),
                headers_sent=wire.sent.pairs if wire else self._headers(attempt.headers_sent),
                body=redact_body(self._scrub, request.body, _content_type(request.headers)),
                proxy=redact_proxy(self._scrub, proxy_url) if proxy_url else None,
                timing=attempt.timing,
                response=self._response(response, exchange.key.step, ids) if response else None,
                failure=self._failure(attempt.failure, proxy_url),
                secret_ids=ids,
                proxy_why=self._scrub.content(request.proxy_why),
                wire=wire,
                relations=relations,
            )
        )

    def _readmitted(self, recorded: RecordedExchange) -> RedactedExchange:
        scrub, keep = self._scrub, self._unchanged.keep
        key, response, failure = recorded.key, recorded.response, recorded.failure
        media_type = _content_type(recorded.headers)
        variant = keep("message", key.variant, scrub.message)
        made = RedactedExchange(
            seal=_seal(),
            key=key
            if variant == key.variant
            else ExchangeKey(variant, key.repeat, key.step, key.hop, key.attempt),
            sequence=recorded.sequence,
            method=keep("message", recorded.method, scrub.message),
            url=keep("url", recorded.url, self._url),
            headers=self._recorded_headers(recorded.headers),
            headers_sent=self._recorded_headers(recorded.headers_sent),
            body=keep(
                f"body {media_type}",
                recorded.body,
                lambda body: redact_body_text(scrub, body, media_type),
            ),
            proxy=recorded.proxy and keep("proxy", recorded.proxy, self._proxy),
            timing=recorded.timing,
            response=response and self._recorded_response(response, key.step, recorded.secret_ids),
            failure=failure and self._failure(failure, ""),
            secret_ids={
                keep("message", name, scrub.message): secret_id
                for name, secret_id in recorded.secret_ids.items()
                if is_secret_id(secret_id)
            },
            proxy_why=keep("content", recorded.proxy_why, scrub.content),
            wire=recorded.wire
            and readmit_wire(
                scrub, recorded.wire, self._unchanged, proxied=recorded.proxy is not None
            ),
            relations=_relations(recorded),
        )
        self._made_at[made.key, made.sequence] = self.registry.version
        tokens = self._tokens_in(made)
        return replace(made, tokens=tokens) if tokens else made

    def _url(self, url: str) -> str:
        return redact_url(self._scrub, url)

    def _proxy(self, url: str) -> str:
        return redact_proxy(self._scrub, url)

    def _header(self, name: str, value: str) -> tuple[str, str]:
        return redact_header(self._scrub, name, value)

    def _sealed(self, made: RecordedExchange) -> RedactedExchange:
        self._made_at[made.key, made.sequence] = self.registry.version
        return RedactedExchange(
            seal=_seal(),
            key=made.key,
            sequence=made.sequence,
            method=made.method,
            url=made.url,
            headers=made.headers,
            headers_sent=made.headers_sent,
            body=made.body,
            proxy=made.proxy,
            timing=made.timing,
            response=made.response,
            failure=made.failure,
            secret_ids=made.secret_ids,
            proxy_why=made.proxy_why,
            tokens=self._tokens_in(made),
            wire=made.wire,
            relations=_relations(made),
        )

    def _headers(self, headers: HeaderPairs) -> HeaderPairs:
        return tuple(redact_header(self._scrub, name, value) for name, value in headers)

    def _recorded_headers(self, headers: HeaderPairs) -> HeaderPairs:
        return self._unchanged.keep_headers(headers, self._header)

    def _response(self, response: Response, step: Step, secrets: Iterable[str]) -> RedactedResponse:
        text = response.body.decode(errors="replace")
        if may_hide_token(step, response.status, secrets, text):
            body = withhold_text(text)
        else:
            body = redact_body(self._scrub, response.body, _content_type(response.headers))
        return RedactedResponse(
            status=response.status,
            reason=self._scrub.message(response.reason),
            headers=self._headers(response.headers),
            body=body,
            body_truncated=response.body_truncated,
            from_proxy=response.from_proxy,
        )

    def _wire(
        self, wire: Wire | None, request: SignedRequest, response: Response | None
    ) -> RedactedWire | None:
        if wire is None:
            return None
        body = response.body if response else b""
        proxied = request.proxy is not None
        return redact_wire(self._scrub, wire, request.body or b"", body, proxied=proxied)

    def _recorded_response(
        self, response: RedactedResponse, step: Step, secrets: Iterable[str]
    ) -> RedactedResponse:
        keep, scrub = self._unchanged.keep, self._scrub
        media_type = _content_type(response.headers)
        if may_hide_token(step, response.status, secrets, response.body):
            body = withhold_text(response.body)
        else:
            body = keep(
                f"body {media_type}",
                response.body,
                lambda text: redact_body_text(scrub, text, media_type),
            )
        return RedactedResponse(
            status=response.status,
            reason=keep("message", response.reason, scrub.message),
            headers=self._recorded_headers(response.headers),
            body=body,
            body_truncated=response.body_truncated,
            from_proxy=response.from_proxy,
        )

    def _failure(self, failure: Failure | None, proxy_url: str) -> Failure | None:
        if failure is None:
            return None
        message = failure.message
        host = proxy_host(proxy_url) if proxy_url else ""
        if host:
            message = message.replace(host, self._scrub.hidden(host, "proxy", "host"))
        return Failure(
            failure.phase, self._scrub.message(failure.kind), self._scrub.content(message)
        )

    def _tokens_in(self, made: RecordedExchange | RedactedExchange) -> tuple[TokenFacts, ...]:
        """Return the facts of every token whose placeholder stands in the exchange."""
        self._learn_tokens()
        if not self._tokens:
            return ()
        response = made.response
        texts = [made.url, made.body, *(value for _, value in made.headers + made.headers_sent)]
        if response is not None:
            texts += [response.body, *(value for _, value in response.headers)]
        ids = dict.fromkeys(
            placeholder.id
            for text in texts
            for placeholder in find_placeholders(text)
            if placeholder.kind == "jwt"
        )
        return tuple(self._shown(self._tokens[one]) for one in ids if one in self._tokens)

    def _learn_tokens(self) -> None:
        for entry in self.registry.credentials():
            if entry.id not in self._tokens and self.registry.placeholder(entry).kind == "jwt":
                facts = token_facts(entry.id, entry.secret.reveal())
                if facts is not None:
                    self._tokens[entry.id] = facts

    def _shown(self, facts: TokenFacts) -> TokenFacts:
        """Return the facts with secrets replaced: a claim may hold one."""
        return TokenFacts(
            secret_id=facts.secret_id,
            algorithm=self._scrub.content(facts.algorithm),
            type=self._scrub.content(facts.type),
            key_id_length=facts.key_id_length,
            claims={
                name: redact_document(self._scrub, claim, name)
                for name, claim in facts.claims.items()
            },
        )


@cache
def _seal() -> RedactionSeal:
    """Claim the seal, lazily and once."""
    return RedactionSeal()


def _relations(made: RecordedExchange) -> tuple[SecretRelation, ...]:
    """Return what is said of pairs of secrets, as far as it is of the closed grammar."""
    return tuple(filter(None, (parse_relation(str(one)) for one in made.relations)))


def _content_type(headers: HeaderPairs) -> str:
    for name, value in headers:
        if name.lower() == "content-type":
            return value
    return ""
