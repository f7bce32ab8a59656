"""A live request as it is compared: redacted at once, its secrets known by a keyed digest only."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import unquote

from harness.model.exchange import Attempt, Exchange, ExchangeKey, RedactedExchange, Timing
from harness.model.request import HeaderPairs, RedirectPolicy, SignedRequest
from harness.model.secret import Provenance, Secret
from harness.redaction.placeholder import NO_ID, Placeholder
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.redaction.shape import placeholder_for
from harness.replay_match.body_text import is_form
from harness.replay_match.facts import RequestFacts
from harness.replay_match.origin import Target, hosts_named, split_url
from harness.replay_match.own_keys import OwnKeys

_ORIGIN = "http://live.invalid"
_LETTER = "x"


@dataclass(frozen=True, slots=True, repr=False)
class LiveRequest:
    """What a client sent, in clear. `target` is cut already; header bytes are surrogates."""

    method: str
    target: Target
    headers: HeaderPairs
    body: bytes = b""

    def __repr__(self) -> str:
        """Name the method only: everything else may hold a key."""
        return f"<LiveRequest {self.method}>"


@dataclass(frozen=True, slots=True)
class Held:
    """A secret of a live request.

    `id` is the cassette's, where the client named one (`UNKNOWN_ID` for one that it does not
    hold); `digest` is the keyed digest of a real value; neither, where only the form is known.
    """

    shape: Placeholder
    id: str | None = None
    digest: bytes | None = None


UNKNOWN_ID = "?"


class Asked:
    """A live request in redacted form. The body is redacted when it is first looked at.

    `places` are those at which the cassette's requests carry keys; `pepper` keys the digests and
    lives as long as the session. `secrets` are parts of the target that must be secrets, because
    recorded requests have some there.
    """

    def __init__(
        self,
        live: LiveRequest,
        keys: OwnKeys,
        places: frozenset[str],
        pepper: bytes,
        secrets: Iterable[str] = (),
    ) -> None:
        """Redact all but the body; `live` itself is kept for its body alone."""
        self._live = live
        self._keys = keys
        self._places = places
        self._pepper = pepper
        self._redactor = Redactor(SecretRegistry(_LETTER))
        for text in secrets:
            self._redactor.registry.add(Secret(unquote(text), Provenance("client", "path")))
        self._values: dict[str, str] = {}
        self.facts = self._facts(self._redacted(b""))
        self.hosts = hosts_named(live.headers)

    def __repr__(self) -> str:
        """Name the method only."""
        return f"<Asked {self.facts.method}>"

    @property
    def raw_body(self) -> str | None:
        """The body as the client sent it, to compare with texts that hold no secret; in clear."""
        try:
            return self._live.body.decode()
        except UnicodeDecodeError:
            return None

    @cached_property
    def whole(self) -> RequestFacts:
        """The facts with the body."""
        return self._facts(self._redacted(self._body())) if self._live.body else self.facts

    def hold(self, told: Placeholder) -> Held:
        """Return the secret that a placeholder of these facts stands for."""
        if told.id == NO_ID:
            return Held(told)
        if told.id.startswith("s"):
            return Held(told, id=self._keys.id_of(told.id) or UNKNOWN_ID)
        value = self._value(told.id)
        digest = hmac.digest(self._pepper, value.encode("utf-8", "surrogatepass"), hashlib.sha256)
        if told.part:
            return Held(told, digest=digest)
        exact = placeholder_for(value, told.id, encoding=told.encoding)
        return Held(replace(exact, kind=told.kind or exact.kind), digest=digest)

    def _value(self, secret_id: str) -> str:
        if secret_id not in self._values:
            self._values = {
                entry.id: entry.secret.reveal() for entry in self._redactor.registry.entries()
            }
        return self._values[secret_id]

    def _redacted(self, body: bytes) -> RedactedExchange:
        live, places = self._live, self._places
        headers = tuple(
            (name, self._keys.header(name, value, places)) for name, value in live.headers
        )
        target = live.target
        query = "" if target.query is None else f"?{self._fields(target.query, 'query ')}"
        request = SignedRequest(
            method=live.method,
            url=_ORIGIN + self._keys.placeholders(target.path) + query,
            headers=headers,
            body=body or None,
            proxy=None,
            client="live",
            redirects=RedirectPolicy(),
            timeout_seconds=0.0,
        )
        attempt = Attempt(Timing(0.0, 0.0))
        return self._redactor.redact(Exchange(ExchangeKey("live"), 0, request, attempt))

    def _facts(self, redacted: RedactedExchange) -> RequestFacts:
        target = split_url(redacted.url)
        return RequestFacts(
            redacted.method,
            Target(self._live.target.origin, target.path, target.query),
            redacted.headers,
            redacted.body,
        )

    def _body(self) -> bytes:
        """Return the body with every placeholder and alias that the client sent rewritten."""
        text = self.raw_body
        if text is None:
            return self._live.body
        if is_form(self.facts.content_type):
            return self._fields(text, "body /").encode()
        return self._keys.placeholders(text).encode()

    def _fields(self, text: str, place: str) -> str:
        pairs = (pair.partition("=") for pair in text.split("&"))
        return "&".join(
            name + equals + self._keys.field(name, value, place + name, self._places)
            for name, equals, value in pairs
        )
