"""Recorded exchanges and live requests for the tests of matching; made by the redactor itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from harness.model.exchange import (
    Attempt,
    Exchange,
    ExchangeKey,
    Failure,
    RedactedExchange,
    Response,
    Timing,
)
from harness.model.request import HeaderPairs, RedirectPolicy, SignedRequest
from harness.model.secret import Provenance, Secret
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.replay_match.index import Index
from harness.replay_match.live import LiveRequest
from harness.replay_match.session import Match, Session

API = "https://api.example"
PEPPER = b"p" * 32


@dataclass
class Recording:
    """Collects exchanges as one run records them."""

    exchanges: list[RedactedExchange] = field(default_factory=list)
    redactor: Redactor = field(default_factory=lambda: Redactor(SecretRegistry()))

    def add(
        self,
        status: int = 200,
        *,
        url: str = f"{API}/v1/things",
        method: str = "GET",
        headers: Iterable[tuple[str, str]] = (),
        body: bytes | None = None,
        keys: Mapping[str, str] | None = None,
        key: ExchangeKey | None = None,
        answer: bytes = b"{}",
        answer_headers: HeaderPairs = (("Content-Type", "application/json"),),
        failure: Failure | None = None,
        reason: str = "Said",
    ) -> RedactedExchange:
        number = len(self.exchanges) + 1
        pairs = tuple(headers)
        request = SignedRequest(
            method=method,
            url=url,
            headers=pairs,
            body=body,
            proxy=None,
            client="aiohttp",
            redirects=RedirectPolicy(),
            timeout_seconds=1.0,
        )
        response = Response(status, reason, answer_headers, answer)
        attempt = Attempt(Timing(0.0, 0.1), pairs, None if failure else response, failure)
        secrets = {
            name: Secret(value, Provenance("env", name)) for name, value in (keys or {}).items()
        }
        given = Exchange(key or ExchangeKey(f"axis=l{number}"), number, request, attempt, secrets)
        redacted = self.redactor.redact(given)
        self.exchanges.append(redacted)
        return redacted

    def bearer(self, value: str, status: int = 200, **more: object) -> RedactedExchange:
        """Add a request with a bearer key."""
        headers = (("Authorization", f"Bearer {value}"),)
        return self.add(status, headers=headers, keys={"key": value}, **more)  # type: ignore[arg-type]

    def index(self, *, in_turn: bool = False) -> Index:
        return Index(self.exchanges, in_turn=in_turn)

    def session(self, *, in_turn: bool = False) -> Session:
        return Session(self.index(in_turn=in_turn), PEPPER)


def live(
    session: Session,
    target: str = "/v1/things",
    *,
    method: str = "GET",
    headers: Iterable[tuple[str, str]] = (),
    bearer: str | None = None,
    body: bytes = b"",
) -> LiveRequest:
    pairs = tuple(headers)
    if bearer is not None:
        pairs = (("Authorization", f"Bearer {bearer}"), *pairs)
    return LiveRequest(method, session.index.target_of(target), pairs, body)


def status_of(outcome: object) -> int | None:
    """The recorded status of a match; None for a miss."""
    if not isinstance(outcome, Match):
        return None
    response = outcome.exchange.response
    return response.status if response else 0


def later(key: ExchangeKey, **changes: int) -> ExchangeKey:
    return replace(key, **changes)
