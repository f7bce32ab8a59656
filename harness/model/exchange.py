"""One attempt: what was asked, what came back or how it failed; raw and redacted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from harness.model.request import HeaderPairs, Json, SignedRequest
from harness.model.secret import Secret
from harness.model.secret_relation import SecretRelation
from harness.model.wire import RedactedWire, Wire

_KEY = re.compile(r"(.*)/([0-9]{1,9})/([a-z]+)/([0-9]{1,9})/([0-9]{1,9})", re.DOTALL)


class Step(StrEnum):
    """Which part of a variant an exchange belongs to."""

    PREFLIGHT = "preflight"
    AUTH = "auth"
    MAIN = "main"


class Phase(StrEnum):
    """How far an attempt got before it failed."""

    NOT_SENT = "not-sent"
    DNS = "dns"
    CONNECT = "connect"
    PROXY = "proxy"
    TLS = "tls"
    SEND = "send"
    HEADERS = "headers"
    BODY = "body"
    REDIRECT = "redirect"
    TIMEOUT = "timeout"


NOT_FOLLOWED = "not-followed"
"""The kind of a failure when a redirect would have taken a credential to another origin."""

PROXY_LOGIN = "proxy-login"
"""The kind of a failure when a SOCKS proxy wants a login, or refuses the one given."""


@dataclass(frozen=True, slots=True, order=True)
class ExchangeKey:
    """Which exchange of a run: repeats and attempts count from 1, hops from 0."""

    variant: str
    repeat: int = 1
    step: Step = Step.MAIN
    hop: int = 0
    attempt: int = 1

    def __str__(self) -> str:
        """Render the exchange id, `<variant>/<repeat>/<step>/<hop>/<attempt>`."""
        return f"{self.variant}/{self.repeat}/{self.step}/{self.hop}/{self.attempt}"

    @classmethod
    def parse(cls, text: str) -> ExchangeKey:
        """Read an exchange id back.

        Raises:
            ValueError: the text is not an exchange id.
        """
        match = _KEY.fullmatch(text)
        if match is None:
            raise ValueError("not an exchange id")
        variant, repeat, step, hop, attempt = match.groups()
        return cls(variant, int(repeat), Step(step), int(hop), int(attempt))


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """What a server (or a proxy) answered. `body` is as received, content-decoded."""

    status: int
    reason: str
    headers: HeaderPairs
    body: bytes
    body_truncated: bool = False
    from_proxy: bool = False

    def __repr__(self) -> str:
        """Name the status only: headers and body may echo a secret."""
        return f"<Response {self.status}>"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, or what is amiss with the one that came.

    `kind` is a stable word; `message` never holds a value sent.
    """

    phase: Phase
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Timing:
    """When an attempt was sent (seconds since the epoch, UTC) and how long it took."""

    sent_at_utc: float
    total_seconds: float
    clock_offset_seconds: float = 0.0


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """What a transport reports of one attempt at one hop.

    `headers_sent` are the header lines of the bytes that left, the client's own additions
    included; empty when nothing left. `wire` is None where no connection was watched.
    """

    timing: Timing
    headers_sent: HeaderPairs = ()
    response: Response | None = None
    failure: Failure | None = None
    wire: Wire | None = None

    def __repr__(self) -> str:
        """Say how it ended only."""
        return f"<Attempt {self.response or self.failure}>"


@dataclass(frozen=True, slots=True, repr=False)
class Exchange:
    """One attempt in memory, secrets in clear: never written, printed or logged.

    `sequence` is the order in which attempts started. `secrets` are those that the request
    was built from, by name (`key`, `keys.gateway`, `proxy`).
    """

    key: ExchangeKey
    sequence: int
    request: SignedRequest
    attempt: Attempt
    secrets: Mapping[str, Secret] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Name the exchange only."""
        return f"<Exchange {self.key}>"


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What a JSON Web Token (RFC 7519) says of itself, without its signature.

    `claims` holds the public ones as they stood: `iat`, `nbf`, `exp`, `aud`, `iss`.
    """

    secret_id: str
    algorithm: str = ""
    type: str = ""
    key_id_length: int | None = None
    claims: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RedactedResponse:
    """An answer with every secret replaced; `body` is text, binary bodies are withheld."""

    status: int
    reason: str
    headers: HeaderPairs
    body: str
    body_truncated: bool = False
    from_proxy: bool = False


class RedactionSeal:
    """Proof that a value went through the redactor, which holds the only one there is."""

    __slots__ = ()
    _claimed: ClassVar[list[RedactionSeal]] = []

    def __init__(self) -> None:
        """Claim the seal, once per process.

        Raises:
            RuntimeError: it is claimed already.
        """
        if RedactionSeal._claimed:
            raise RuntimeError("the redaction seal was claimed already; only the redactor may")
        RedactionSeal._claimed.append(self)

    @classmethod
    def is_genuine(cls, value: object) -> bool:
        """Tell whether `value` is the seal that was claimed."""
        return any(value is seal for seal in cls._claimed)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedExchange:
    """The only form of an exchange that may be stored, printed, logged or judged.

    `relations` are those of pairs of secrets of which this exchange holds the second.

    Raises:
        TypeError: built without the redactor's seal.
    """

    seal: RedactionSeal = field(repr=False, compare=False)
    key: ExchangeKey
    sequence: int
    method: str
    url: str
    headers: HeaderPairs
    headers_sent: HeaderPairs
    body: str
    proxy: str | None
    timing: Timing
    response: RedactedResponse | None
    failure: Failure | None
    secret_ids: Mapping[str, str] = field(default_factory=dict)
    tokens: tuple[TokenFacts, ...] = ()
    proxy_why: str = ""
    wire: RedactedWire | None = None
    relations: tuple[SecretRelation, ...] = ()

    def __post_init__(self) -> None:
        """Check the seal at run time: plug-ins are not type-checked."""
        if not RedactionSeal.is_genuine(self.seal):
            raise TypeError("only the redactor can make a RedactedExchange")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RecordedExchange:
    """An exchange as a cassette holds it: of unknown origin until the redactor readmits it.

    `relations` are texts that need not be what they say they are.
    """

    key: ExchangeKey
    sequence: int
    method: str
    url: str
    headers: HeaderPairs
    headers_sent: HeaderPairs
    body: str
    proxy: str | None
    timing: Timing
    response: RedactedResponse | None
    failure: Failure | None
    secret_ids: Mapping[str, str] = field(default_factory=dict)
    tokens: tuple[TokenFacts, ...] = ()
    proxy_why: str = ""
    wire: RedactedWire | None = None
    relations: tuple[str | SecretRelation, ...] = ()

    def __repr__(self) -> str:
        """Name the exchange only: whoever wrote the file may have left a secret in it."""
        return f"<RecordedExchange {self.key}>"
