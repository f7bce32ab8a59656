"""Signatures over the request, or with requests of their own, as the file writes them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from harness.model.signature import (
    DERIVED_COMPONENTS,
    HTTP_SIGNATURE_ALGORITHMS,
    SECRET_ENCODINGS,
    TIMESTAMP_FORMATS,
)
from harness.scenario_file.form.field_texts import HeaderName, UrlText
from harness.scenario_file.form.key_source import KeySourceForm, TextOrSource
from harness.scenario_file.form.strict import LIMIT, WORD, Checked, Form, one_of, refuse, text_like
from harness.scenario_file.suggest import did_you_mean
from harness.scenario_file.web_address import userinfo_of

DEFAULT_MESSAGE = "${method}\n${path}\n${timestamp}\n${body_sha256}"
_KEY = "Default: `key`."
_SCOPE = re.compile(r"[A-Za-z0-9._-]+")
_FIELD_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def _check_component(name: str) -> None:
    if name not in DERIVED_COMPONENTS and not _FIELD_NAME.fullmatch(name):
        hint = did_you_mean(name, DERIVED_COMPONENTS) or "or the name of a header"
        raise refuse("is no component of a request", hint)


def _check_token_url(url: str) -> None:
    if userinfo_of(url):
        raise refuse("holds a password", "name it under `client_secret`")


Word = Annotated[str, WORD]
Scope = Annotated[
    str,
    text_like(
        _SCOPE.fullmatch,
        "does not belong into what is signed",
        "use letters, digits, `-`, `_` and `.`",
        _SCOPE.pattern,
    ),
]
Component = Annotated[str, Checked(_check_component, {"type": "string", "minLength": 1})]
SecretEncoding = Annotated[str, one_of(*SECRET_ENCODINGS)]


class HmacArguments(Form):
    """An HMAC (RFC 2104) over a text made of the request."""

    secret: KeySourceForm | None = Field(default=None, description=_KEY)
    secret_encoding: SecretEncoding = Field(
        default="text", description="How the secret's text stands for its bytes."
    )
    algorithm: Annotated[str, one_of("sha256", "sha1", "sha512")] = "sha256"
    message: Word = Field(
        default=DEFAULT_MESSAGE,
        description="`${method}`, `${host}`, `${path}`, `${query}`, `${target}` (path and query), "
        "`${url}`, `${timestamp}`, `${body}`, `${body_sha256}`, `${header.<name>}`, `${key}`.",
    )
    header: HeaderName = "X-Signature"
    value: Word = Field(
        default="${signature}",
        description="Of the header: `${signature}`, `${timestamp}`, `${key}` and text around.",
    )
    timestamp_header: HeaderName | None = Field(
        default="X-Timestamp", description="null sends no time."
    )
    timestamp_format: Annotated[str, one_of(*TIMESTAMP_FORMATS)] = "s"
    encoding: Annotated[str, one_of("hex", "base64")] = "hex"


class SigV4Arguments(Form):
    """AWS Signature Version 4."""

    access_key: TextOrSource
    secret_key: KeySourceForm | None = Field(default=None, description=_KEY)
    session_token: KeySourceForm | None = None
    region: Scope
    service: Scope
    signed_headers: Annotated[list[HeaderName], Field(min_length=1)] | None = Field(
        default=None, description="Default: `host` and every header that the request names."
    )


class Tc3Arguments(Form):
    """Tencent Cloud's TC3-HMAC-SHA256."""

    secret_id: TextOrSource
    secret_key: KeySourceForm | None = Field(default=None, description=_KEY)
    service: Scope
    region: Scope | None = None
    action: Scope
    version: Scope


class HttpSignatureArguments(Form):
    """An HTTP message signature (RFC 9421)."""

    key_id: TextOrSource
    secret: KeySourceForm | None = Field(
        default=None, description=f"A shared secret, or a private key as PEM. {_KEY}"
    )
    secret_encoding: SecretEncoding = Field(default="text", description="Of a shared secret.")
    alg: Annotated[str, one_of(*HTTP_SIGNATURE_ALGORITHMS)] = "hmac-sha256"
    components: Annotated[list[Component], Field(min_length=1)] | None = Field(
        default=None,
        description="Default: @method, @authority, @path, @query, and content-digest of a body.",
    )
    expires: Annotated[str, LIMIT] | None = Field(default=None, description="Such as `5m`.")


class OAuth2Arguments(Form):
    """A bearer token by client credentials (RFC 6749, section 4.4)."""

    token_url: Annotated[
        UrlText, Checked(_check_token_url, {"type": "string", "pattern": r"^https?://[^\s/?#]+"})
    ]
    client_id: TextOrSource
    client_secret: KeySourceForm | None = Field(default=None, description=_KEY)
    scope: Word | None = None
    audience: Word | None = None
    auth: Annotated[str, one_of("basic", "body")] = Field(
        default="basic", description="How the client shows its secret."
    )
    share: bool = Field(default=False, description="One token for all variants of a run.")


class DigestArguments(Form):
    """HTTP Digest (RFC 7616): one request for the challenge, one that answers it."""

    username: TextOrSource
    password: KeySourceForm | None = Field(default=None, description=_KEY)


class HmacSignForm(Form):
    """Sign with an HMAC."""

    hmac: HmacArguments


class SigV4SignForm(Form):
    """Sign as AWS wants it."""

    sigv4: SigV4Arguments


class Tc3SignForm(Form):
    """Sign as Tencent Cloud wants it."""

    tc3: Tc3Arguments


class HttpSignatureForm(Form):
    """Sign with an HTTP message signature."""

    http_signature: HttpSignatureArguments = Field(alias="http-signature")


class OAuth2SignForm(Form):
    """Sign with a token from a token endpoint."""

    oauth2: OAuth2Arguments


class DigestSignForm(Form):
    """Answer a digest challenge."""

    digest: DigestArguments
