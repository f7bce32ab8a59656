"""Build the signed request of a variant."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, quote_plus

from harness.matrix.uses import proxy_sources, request_sources
from harness.model.key_source import KeySource
from harness.model.request import (
    Body,
    EnvUrl,
    FileBody,
    FormBody,
    JsonBody,
    ProxyHop,
    ProxyRoute,
    RequestPlan,
    SignedRequest,
    TextBody,
    TlsSettings,
)
from harness.model.secret import Provenance, Secret
from harness.model.template import Template
from harness.scenario_file.credential_body import carries_credential
from harness.scenario_file.credential_names import is_credential_header
from harness.scenario_file.secret_looks import looks_secret
from harness.scenario_file.template import parse_template
from harness.signing.draft import Draft
from harness.signing.fill import fill, fill_json
from harness.signing.sign import sign_draft
from harness.signing.system_route import ChooseProxy, no_system_proxy, routed

_QUERY_SAFE = "-._~!$'()*,;:@/?"
"""Characters that a query field keeps as they are (RFC 3986, section 3.4, less `&`, `=`, `+`)."""


@dataclass(frozen=True, slots=True)
class World:
    """What building needs from outside: files, URL variables, the environment's proxy."""

    read_body_file: Callable[[str], bytes]
    resolve_url: Callable[[EnvUrl], str]
    choose_proxy: ChooseProxy = no_system_proxy
    path_of: Callable[[str], str] = str
    """Makes the path of a file of `tls`, written relative to the scenario file, usable here."""


def used_sources(plan: RequestPlan) -> dict[str, KeySource]:
    """Return every source that the request needs, by name, the proxy's included."""
    return {**request_sources(plan, parse_template), **proxy_sources(plan)}


def named_secrets(plan: RequestPlan, secrets: Mapping[KeySource, Secret]) -> dict[str, Secret]:
    """Return the secrets of every source that the request needs, by name.

    Raises:
        KeyError: a source that the plan uses is not in `secrets`; the caller checks first.
    """
    return {name: secrets[source] for name, source in used_sources(plan).items()}


def build(
    plan: RequestPlan, secrets: Mapping[KeySource, Secret], world: World, now: float
) -> SignedRequest:
    """Fill, encode and sign; `now` is the true time, the variant's clock offset is added here.

    Raises:
        KeyError: a source that the plan uses is not in `secrets`; the caller checks first.
        SourceError: a secret does not fit the signature asked for.
    """
    named = named_secrets(plan, secrets)
    draft = sign_draft(_fill(plan, named, world), plan.sign, named, now + plan.clock_seconds)
    request = SignedRequest(
        method=plan.method,
        url=draft.url,
        headers=draft.headers,
        body=draft.body,
        proxy=_proxy(plan.proxy, named, world.path_of)
        if isinstance(plan.proxy, ProxyRoute)
        else None,
        client=plan.client,
        redirects=plan.redirects,
        timeout_seconds=plan.timeout_seconds,
        credential_headers=draft.credentials,
        has_credential_body=carries_credential(plan.body),
        auto_headers=plan.auto_headers,
        http=plan.http,
        tls=_tls(plan.tls, world.path_of),
        resolve=plan.resolve,
    )
    return routed(request, plan, world.choose_proxy)


def _fill(plan: RequestPlan, named: Mapping[str, Secret], world: World) -> Draft:
    url = world.resolve_url(plan.url) if isinstance(plan.url, EnvUrl) else fill(plan.url, named)
    body, content_type = _body(plan.body, named, world)
    headers = tuple((name, fill(value, named)) for name, value in plan.headers)
    if content_type and not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, ("Content-Type", content_type))
    credentials = {name.lower() for name, value in plan.headers if _is_credential(name, value)}
    draft = Draft(url, headers, body, frozenset(credentials), plan.method)
    for name, value in plan.query:
        encoded = quote(fill(value, named).encode("utf-8", "surrogateescape"), safe=_QUERY_SAFE)
        draft = draft.with_query(quote(name, safe=_QUERY_SAFE), encoded)
    return draft


def _is_credential(name: str, value: Template) -> bool:
    """Tell whether a header must not leave its origin, whoever wrote its value."""
    return bool(value.references) or is_credential_header(name) or looks_secret(str(value))


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


def _tls(tls: TlsSettings, path_of: Callable[[str], str]) -> TlsSettings:
    return replace(
        tls,
        ca=tls.ca and path_of(tls.ca),
        cert=tls.cert and path_of(tls.cert),
        key=tls.key and path_of(tls.key),
    )


def _proxy(
    route: ProxyRoute, named: Mapping[str, Secret], path_of: Callable[[str], str]
) -> ProxyHop:
    user = route.username
    if isinstance(user, str):
        username: Secret | None = Secret(user, Provenance("scenario", "proxy.username"))
    else:
        username = named.get("proxy.username")
    tls = _tls(route.tls, path_of)
    return ProxyHop(route.url, username, named.get("proxy.password"), tls)
