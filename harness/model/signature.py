"""Signatures that are computed over a request, and those that take requests of their own.

In each, a secret of None stands for the request's `key`.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.model.key_source import KeySource
from harness.model.template import KeyReference

TIMESTAMP_FORMATS = ("s", "ms", "rfc3339", "http-date")
SECRET_ENCODINGS = ("text", "base64", "hex")
MESSAGE_FIELDS = (
    *("method", "host", "path", "query", "target", "url"),
    *("timestamp", "body", "body_sha256"),
)
"""What may stand in a text to sign; `header.<name>` may too."""
VALUE_FIELDS = ("signature", "timestamp")
"""What may stand around a signature."""
HTTP_SIGNATURE_ALGORITHMS = (
    *("hmac-sha256", "ed25519", "ecdsa-p256-sha256", "rsa-v1_5-sha256", "rsa-pss-sha512"),
)
DERIVED_COMPONENTS = (
    *("@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query"),
)
"""What RFC 9421 (section 2.2) derives from a request, `@query-param` apart."""


@dataclass(frozen=True, slots=True)
class MessageField:
    """The place of a part of the request in a text to sign, such as `method`."""

    name: str


@dataclass(frozen=True, slots=True)
class Message:
    """A text to sign, or one around a signature: literal text, fields and key references."""

    parts: tuple[str | MessageField | KeyReference, ...]

    @property
    def references(self) -> tuple[KeyReference, ...]:
        """The key references, in order, repeats kept."""
        return tuple(part for part in self.parts if isinstance(part, KeyReference))

    def has_field(self, name: str) -> bool:
        """Tell whether the field stands in the text."""
        return MessageField(name) in self.parts


@dataclass(frozen=True, slots=True, kw_only=True)
class HmacSign:
    """An HMAC (RFC 2104) of `message` in `header`, whose value is `value` filled in.

    `timestamp_header` None sends no time. `encoding` (`hex` or `base64`) is of the signature,
    `secret_encoding` of the secret's text.
    """

    message: Message
    value: Message = Message((MessageField("signature"),))
    secret: KeySource | None = None
    algorithm: str = "sha256"
    header: str = "X-Signature"
    timestamp_header: str | None = "X-Timestamp"
    timestamp_format: str = "s"
    encoding: str = "hex"
    secret_encoding: str = "text"  # noqa: S105 - the name of an encoding


@dataclass(frozen=True, slots=True, kw_only=True)
class SigV4Sign:
    """AWS Signature Version 4; `signed_headers` None signs what AWS's own clients do."""

    access_key: KeySource | str
    region: str
    service: str
    secret_key: KeySource | None = None
    session_token: KeySource | None = None
    signed_headers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tc3Sign:
    """Tencent Cloud's TC3-HMAC-SHA256; "" sends no region."""

    secret_id: KeySource | str
    service: str
    action: str
    version: str
    region: str = ""
    secret_key: KeySource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSignature:
    """An HTTP message signature (RFC 9421), `components` None covering the usual ones.

    `expires_seconds` None lets it live for ever; `secret_encoding` is of a shared secret's text.
    """

    key_id: KeySource | str
    secret: KeySource | None = None
    algorithm: str = "hmac-sha256"
    components: tuple[str, ...] | None = None
    expires_seconds: float | None = None
    secret_encoding: str = "text"  # noqa: S105 - the name of an encoding


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth2Sign:
    """A bearer token from a token endpoint by client credentials (RFC 6749, section 4.4).

    `in_body` sends the client's id and secret as form fields, else they go as Basic. `share`
    fetches one token for all variants of a run that ask for the same one.
    """

    token_url: str
    client_id: KeySource | str
    client_secret: KeySource | None = None
    scope: str = ""
    audience: str = ""
    in_body: bool = False
    share: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSign:
    """HTTP Digest (RFC 7616): a first request asks for the challenge, the second answers it."""

    username: KeySource | str
    password: KeySource | None = None


ComputedSign = HmacSign | SigV4Sign | Tc3Sign | HttpSignature
SteppedSign = OAuth2Sign | DigestSign
