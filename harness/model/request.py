"""A request as asked for (`Patch`, `RequestPlan`) and as it will be sent (`SignedRequest`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from harness.model.key_source import KeySource
from harness.model.secret import Secret
from harness.model.signature import ComputedSign, SteppedSign
from harness.model.template import Template

HeaderPairs = tuple[tuple[str, str], ...]
"""Headers in wire order, case and duplicates kept. Bytes outside UTF-8 are surrogates."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class EnvUrl:
    """A URL read from an environment variable, with a default and a path to append."""

    name: str
    default: str | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One header or query field: its name as written and its value; None removes it."""

    name: str
    value: Template | None


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A JSON document; strings in it may hold key references."""

    document: Json


@dataclass(frozen=True, slots=True)
class FormBody:
    """Form fields, sent as `application/x-www-form-urlencoded`, in order."""

    fields: tuple[tuple[str, Template], ...]


@dataclass(frozen=True, slots=True)
class TextBody:
    """A body given as text, sent as UTF-8."""

    text: Template


@dataclass(frozen=True, slots=True)
class FileBody:
    """A body read from a file, every byte kept; the path is relative to the scenario file."""

    path: str


Body = JsonBody | FormBody | TextBody | FileBody


@dataclass(frozen=True, slots=True)
class BearerSign:
    """`Authorization: Bearer <key>`."""

    key: KeySource | None = None


@dataclass(frozen=True, slots=True)
class BasicSign:
    """`Authorization: Basic …` (RFC 7617); a text user name, a secret password."""

    username: KeySource | str
    password: KeySource | None = None


@dataclass(frozen=True, slots=True)
class HeaderSign:
    """The key alone in a header, such as `X-Api-Key`."""

    name: str
    key: KeySource | None = None


@dataclass(frozen=True, slots=True)
class QuerySign:
    """The key as a query field."""

    name: str
    key: KeySource | None = None


@dataclass(frozen=True, slots=True)
class JwtSign:
    """A JSON Web Token (RFC 7519) as Bearer; `iat`, `nbf` and `exp` follow the clock.

    `unit` is the unit of the time claims: `s` (the RFC's) or `ms`. `preset` is "" or whose
    habits it has: `glm` or `kling`. `issuer` becomes `iss`.
    """

    secret: KeySource | None = None
    algorithm: str = "HS256"
    ttl_seconds: float = 300.0
    claims: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, Json] = field(default_factory=dict)
    unit: str = "s"
    preset: str = ""
    issuer: KeySource | str | None = None


Sign = BearerSign | BasicSign | HeaderSign | QuerySign | JwtSign | ComputedSign | SteppedSign


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """How TLS is spoken. Paths are relative to the scenario file until the request is built.

    `ca` replaces the system's authorities; `sni` is the name sent and the one that the
    certificate must show; `min` and `max` are versions such as `1.2`.
    """

    verify: bool = True
    ca: str | None = None
    cert: str | None = None
    key: str | None = None
    sni: str | None = None
    min: str | None = None
    max: str | None = None


@dataclass(frozen=True, slots=True)
class ProxyRoute:
    """A forward proxy: its URL without userinfo, and credentials by source.

    `tls` is how TLS is spoken with the proxy itself, when its URL is https.
    """

    url: str
    username: KeySource | str | None = None
    password: KeySource | None = None
    tls: TlsSettings = TlsSettings()


@dataclass(frozen=True, slots=True)
class SystemProxy:
    """The proxy that the environment names, by the rules of `habits` ("" for the client's own)."""

    habits: str = ""


class Credentials(StrEnum):
    """Where credentials go when a redirect leaves the origin."""

    SAME_ORIGIN = "same-origin"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class RedirectPolicy:
    """How many redirects to follow (0 follows none) and who gets the credentials."""

    follow: int = 5
    credentials: Credentials = Credentials.SAME_ORIGIN


class AutoHeaders(StrEnum):
    """Which headers a client may add by itself: its own, or none but what framing needs."""

    CLIENT = "client"
    NONE = "none"


Resolve = tuple[tuple[str, str], ...]
"""`host:port` and the `ip:port` to connect to in its place, in written order."""


class Removed(StrEnum):
    """The mark of a field that a patch sets to `null`."""

    REMOVED = "removed"


class Direct(StrEnum):
    """The mark of `proxy: none`."""

    DIRECT = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Some request fields. A baseline, a field axis level and a patch level are all patches.

    None means "says nothing". `headers` and `query` merge by name without regard to case,
    or replace all when the flag beside them is set. `body_merge` is an RFC 7396 merge patch.
    """

    method: str | None = None
    url: Template | EnvUrl | None = None
    query: tuple[Edit, ...] = ()
    headers: tuple[Edit, ...] = ()
    headers_replace: bool = False
    body: Body | Removed | None = None
    body_merge: Json = None
    has_body_merge: bool = False
    keys: Mapping[str, KeySource] = field(default_factory=dict)
    sign: Sign | Removed | None = None
    clock_seconds: float | None = None
    proxy: ProxyRoute | SystemProxy | Direct | None = None
    client: str | None = None
    redirects: RedirectPolicy | None = None
    timeout_seconds: float | None = None
    auto_headers: AutoHeaders | None = None
    http: str | None = None
    tls: TlsSettings | None = None
    resolve: Resolve | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPlan:
    """The request of one variant, complete, before any source is read.

    `keys` maps `key` and `keys.<name>` to their sources. `query` is appended to the URL's own.
    """

    method: str
    url: Template | EnvUrl
    query: tuple[tuple[str, Template], ...] = ()
    headers: tuple[tuple[str, Template], ...] = ()
    body: Body | None = None
    keys: Mapping[str, KeySource] = field(default_factory=dict)
    sign: Sign | None = None
    clock_seconds: float = 0.0
    proxy: ProxyRoute | SystemProxy | None = None
    client: str = "aiohttp"
    redirects: RedirectPolicy = RedirectPolicy()
    timeout_seconds: float = 30.0
    auto_headers: AutoHeaders = AutoHeaders.CLIENT
    http: str = "1.1"
    tls: TlsSettings = TlsSettings()
    resolve: Resolve = ()


@dataclass(frozen=True, slots=True, repr=False)
class ProxyHop:
    """A proxy with its credentials resolved; its URL has no userinfo."""

    url: str
    username: Secret | None = None
    password: Secret | None = None
    tls: TlsSettings = TlsSettings()

    def __repr__(self) -> str:
        """Say nothing of the route: a proxy's host may be private."""
        return "<ProxyHop>"

    @property
    def scheme(self) -> str:
        """The scheme of its URL, lower case."""
        return self.url.partition("://")[0].lower()

    @property
    def forwards_http(self) -> bool:
        """True for a proxy that speaks HTTP itself; a SOCKS proxy hands bytes on unread."""
        return self.scheme in {"http", "https"}


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class SignedRequest:
    """What one attempt will send: secrets are in it in clear, so it has no `repr`.

    `credential_headers` names the headers (lower case) that carry a credential, which a
    redirect to another origin must not take along, nor a body with `has_credential_body`.
    `proxy_why` says where the proxy comes from
    when the environment decides, or why there is none.
    """

    method: str
    url: str
    headers: HeaderPairs
    body: bytes | None
    proxy: ProxyHop | None
    client: str
    redirects: RedirectPolicy
    timeout_seconds: float
    credential_headers: frozenset[str] = frozenset()
    has_credential_body: bool = False
    proxy_why: str = ""
    auto_headers: AutoHeaders = AutoHeaders.CLIENT
    http: str = "1.1"
    tls: TlsSettings = TlsSettings()
    resolve: Resolve = ()

    def __repr__(self) -> str:
        """Name the method only: the URL and the headers may hold a secret."""
        return f"<SignedRequest {self.method}>"
