"""Build the signed request of a variant."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, quote_plus

from harness.matrix.uses import proxy_sources, request_sources
from harness.model.key_source import KeySource
from harness.model.request import (
    BasicSign,
    BearerSign,
    Body,
    EnvUrl,
    FileBody,
    FormBody,
    HeaderSign,
    JsonBody,
    JwtSign,
    ProxyHop,
    QuerySign,
    RequestPlan,
    SignedRequest,
    TextBody,
    TlsSettings,
)
from harness.model.secret import Provenance, Secret
from harness.model.template import Template
from harness.scenario_file.template import parse_template
from harness.signing.draft import Draft
from harness.signing.fill import fill, fill_json
from harness.signing.json_web_token import sign_jwt
from harness.signing.schemes import sign_basic, sign_bearer, sign_header, sign_query

# Names that carry a credential whoever wrote them: such headers never leave the origin.
CREDENTIAL_HEADERS = frozenset(
    {"authorization", "cookie", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key"}
)
_QUERY_SAFE = "-._~!$'()*,;:@/?"
"""Characters that a query field keeps as they are (RFC 3986, section 3.4, less `&`, `=`, `+`)."""


@dataclass(frozen=True, slots=True)
class World:
    """What building needs from outside: files, URL variables."""

    read_body_file: Callable[[str], bytes]
    resolve_url: Callable[[EnvUrl], str]
    path_of: Callable[[str], str] = str
    """Makes the path of a file of `tls`, written relative to the scenario file, usable here."""


def used_sources(plan: RequestPlan) -> dict[str, KeySource]:
    """Return every source that the request needs, by name, the proxy's included."""
    return {**request_sources(plan, parse_template), **proxy_sources(plan)}


def build(
    plan: RequestPlan, secrets: Mapping[KeySource, Secret], world: World, now: float
) -> SignedRequest:
    """Fill, encode and sign; `now` is the true time, the variant's clock offset is added here.

    Raises:
        KeyError: a source that the plan uses is not in `secrets`; the caller checks first.
        SourceError: a secret does not fit the signature asked for.
    """
    named = {name: secrets[source] for name, source in used_sources(plan).items()}
    draft = _sign(_fill(plan, named, world), plan, named, now + plan.clock_seconds)
    return SignedRequest(
        method=plan.method,
        url=draft.url,
        headers=draft.headers,
        body=draft.body,
        proxy=_proxy(plan, named),
        client=plan.client,
        redirects=plan.redirects,
        timeout_seconds=plan.timeout_seconds,
        credential_headers=draft.credentials,
        auto_headers=plan.auto_headers,
        http=plan.http,
        tls=_tls(plan.tls, world.path_of),
        resolve=plan.resolve,
    )


def _fill(plan: RequestPlan, named: Mapping[str, Secret], world: World) -> Draft:
    url = world.resolve_url(plan.url) if isinstance(plan.url, EnvUrl) else fill(plan.url, named)
    body, content_type = _body(plan.body, named, world)
    headers = tuple((name, fill(value, named)) for name, value in plan.headers)
    if content_type and not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, ("Content-Type", content_type))
    secret_headers = {name.lower() for name, value in plan.headers if value.references}
    known = {name.lower() for name, _ in headers} & CREDENTIAL_HEADERS
    draft = Draft(url, headers, body, frozenset(secret_headers | known))
    for name, value in plan.query:
        encoded = quote(fill(value, named).encode("utf-8", "surrogateescape"), safe=_QUERY_SAFE)
        draft = draft.with_query(quote(name, safe=_QUERY_SAFE), encoded)
    return draft


def _body(body: Body | None, named: Mapping[str, Secret], world: World) -> tuple[bytes | None, str]:
    match body:
        case JsonBody(document):
            filled = fill_json(document, named)
            text = json.dumps(filled, ensure_ascii=False, separators=(",", ":"))
            return _bytes(text), "application/json"
        case FormBody(fields):
            pairs = ((quote_plus(name), _form_value(value, named)) for name, value in fields)
            text = "&".join(f"{name}={value}" for name, value in pairs)
            return text.encode("ascii"), "application/x-www-form-urlencoded"
        case TextBody(text_template):
            return _bytes(fill(text_template, named)), ""
        case FileBody(path):
            return world.read_body_file(path), ""
        case None:
            return None, ""


def _form_value(value: Template, named: Mapping[str, Secret]) -> str:
    return quote_plus(_bytes(fill(value, named)))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _sign(draft: Draft, plan: RequestPlan, named: Mapping[str, Secret], now: float) -> Draft:
    match plan.sign:
        case BearerSign():
            return sign_bearer(draft, _secret(named, "sign.key"))
        case BasicSign(username):
            user = username if isinstance(username, str) else named["sign.username"].reveal()
            return sign_basic(draft, user, _secret(named, "sign.password"))
        case HeaderSign(name):
            return sign_header(draft, name, _secret(named, "sign.key"))
        case QuerySign(name):
            return sign_query(draft, name, _secret(named, "sign.key"))
        case JwtSign():
            return sign_jwt(draft, plan.sign, _secret(named, "sign.secret"), now)
        case None:
            return draft


def _secret(named: Mapping[str, Secret], own: str) -> Secret:
    """Return the signer's own source, or `key` where it names none."""
    return named[own] if own in named else named["key"]


def _tls(tls: TlsSettings, path_of: Callable[[str], str]) -> TlsSettings:
    return replace(
        tls,
        ca=tls.ca and path_of(tls.ca),
        cert=tls.cert and path_of(tls.cert),
        key=tls.key and path_of(tls.key),
    )


def _proxy(plan: RequestPlan, named: Mapping[str, Secret]) -> ProxyHop | None:
    if plan.proxy is None:
        return None
    user = plan.proxy.username
    if isinstance(user, str):
        username: Secret | None = Secret(user, Provenance("scenario", "proxy.username"))
    else:
        username = named.get("proxy.username")
    return ProxyHop(plan.proxy.url, username, named.get("proxy.password"))
