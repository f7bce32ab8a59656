"""Which key sources a request really uses, and under which name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.matrix.sign_fields import main_field, message_references, own_sources
from harness.model.key_source import KeySource
from harness.model.request import (
    FormBody,
    Json,
    JsonBody,
    ProxyRoute,
    RequestPlan,
    TextBody,
)
from harness.model.signature import OAuth2Sign
from harness.model.template import Template

TextOf = Callable[[str], Template]
"""Parses a string of a JSON body, which may hold key references."""


def request_sources(plan: RequestPlan, text_of: TextOf) -> dict[str, KeySource]:
    """Return the sources whose values go into the request, by name, in order of use."""
    used = template_sources(plan, text_of)
    for name, source in sign_sources(plan).items():
        used.setdefault(name, source)
    return used


def template_sources(plan: RequestPlan, text_of: TextOf) -> dict[str, KeySource]:
    """Return the sources that the request refers to as `${key}` or `${keys.name}`."""
    used: dict[str, KeySource] = {}
    for template in _templates(plan, text_of):
        for reference in template.references:
            if reference.name in plan.keys:
                used[reference.name] = plan.keys[reference.name]
    return used


def sign_sources(plan: RequestPlan) -> dict[str, KeySource]:
    """Return the sources that the signature uses: its own, or `key` where it names none."""
    if plan.sign is None:
        return {}
    own = own_sources(plan.sign)
    used = {f"sign.{name}": source for name, source in own.items()}
    if main_field(plan.sign) not in own and "key" in plan.keys:
        used["key"] = plan.keys["key"]
    return used


def token_sources(plan: RequestPlan) -> dict[str, KeySource]:
    """Return the sources that go to a token endpoint; the request's own origin gets a token."""
    return sign_sources(plan) if isinstance(plan.sign, OAuth2Sign) else {}


def proxy_sources(plan: RequestPlan) -> dict[str, KeySource]:
    """Return the sources of the proxy's credentials, by name."""
    if not isinstance(plan.proxy, ProxyRoute):
        return {}
    named = {"proxy.username": plan.proxy.username, "proxy.password": plan.proxy.password}
    return {
        name: source
        for name, source in named.items()
        if source is not None and not isinstance(source, str)
    }


def _templates(plan: RequestPlan, text_of: TextOf) -> Iterator[Template]:
    if isinstance(plan.url, Template):
        yield plan.url
    yield from (value for _, value in plan.query)
    yield from (value for _, value in plan.headers)
    match plan.body:
        case JsonBody(document):
            yield from (text_of(text) for text in _strings(document))
        case FormBody(fields):
            yield from (value for _, value in fields)
        case TextBody(text):
            yield text
        case _:
            pass
    yield Template(message_references(plan.sign))


def _strings(document: Json) -> Iterator[str]:
    if isinstance(document, str):
        yield document
    elif isinstance(document, list):
        for value in document:
            yield from _strings(value)
    elif isinstance(document, dict):
        for value in document.values():
            yield from _strings(value)
