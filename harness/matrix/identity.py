"""When are two requests the same request: what the wire would show, with keys as symbols."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from harness.matrix.uses import TextOf
from harness.model.key_source import KeySource, LiteralSource
from harness.model.request import (
    BasicSign,
    Body,
    EnvUrl,
    FileBody,
    FormBody,
    Json,
    JsonBody,
    JwtSign,
    ProxyRoute,
    RequestPlan,
    TextBody,
)
from harness.model.template import KeyReference, Template

ValueOf = Callable[[KeySource], Hashable]
"""What stands for a source's value: the source itself before a run, its value class in one."""


def source_itself(source: KeySource) -> Hashable:
    """Let each source stand for a value of its own; equal literals are equal."""
    if isinstance(source, LiteralSource):
        return ("literal", source.value.to_bytes())
    return source


def identity(plan: RequestPlan, value_of: ValueOf, text_of: TextOf) -> Hashable:
    """Return a value that is equal for two plans exactly when they send the same.

    The clock counts only when the signature depends on it; a key counts only where it is used.
    """
    symbols = _Symbols(plan, value_of, text_of)
    return (
        plan.method,
        plan.url if isinstance(plan.url, EnvUrl) else symbols.text(plan.url),
        symbols.fields(plan.query),
        symbols.fields(plan.headers),
        symbols.body(plan.body),
        _signature(plan, value_of),
        _route(plan.proxy, value_of),
        plan.client,
        plan.redirects,
        plan.timeout_seconds,
        plan.auto_headers,
        plan.http,
        plan.tls,
        plan.resolve,
    )


@dataclass(frozen=True, slots=True)
class _Symbols:
    """Templates with every key reference replaced by what stands for its value."""

    plan: RequestPlan
    value_of: ValueOf
    text_of: TextOf

    def text(self, template: Template) -> Hashable:
        return tuple(
            (self.value_of(self.plan.keys[part.name]), part.filter)
            if isinstance(part, KeyReference) and part.name in self.plan.keys
            else part
            for part in template.parts
        )

    def fields(self, fields: tuple[tuple[str, Template], ...]) -> Hashable:
        return tuple((name, self.text(value)) for name, value in fields)

    def body(self, body: Body | None) -> Hashable:
        match body:
            case JsonBody(document):
                return ("json", self.document(document))
            case FormBody(fields):
                return ("form", self.fields(fields))
            case TextBody(text):
                return ("text", self.text(text))
            case FileBody(path):
                return ("file", path)
            case None:
                return None

    def document(self, document: Json) -> Hashable:
        if isinstance(document, dict):
            return ("{", tuple((name, self.document(value)) for name, value in document.items()))
        if isinstance(document, list):
            return ("[", tuple(self.document(value) for value in document))
        if isinstance(document, str):
            return ("text", self.text(self.text_of(document)))
        return (type(document).__name__, document)


def _signature(plan: RequestPlan, value_of: ValueOf) -> Hashable:
    sign = plan.sign
    if sign is None:
        return None
    if isinstance(sign, BasicSign):
        user = sign.username if isinstance(sign.username, str) else value_of(sign.username)
        return ("basic", user, _key_value(sign.password, plan, value_of))
    if isinstance(sign, JwtSign):
        return (
            "jwt",
            _key_value(sign.secret, plan, value_of),
            sign.algorithm,
            sign.ttl_seconds,
            repr(sign.claims),
            repr(sign.headers),
            sign.unit,
            plan.clock_seconds,
        )
    name = getattr(sign, "name", "")
    return (type(sign).__name__, name, _key_value(sign.key, plan, value_of))


def _key_value(source: KeySource | None, plan: RequestPlan, value_of: ValueOf) -> Hashable:
    wanted = source or plan.keys.get("key")
    return None if wanted is None else value_of(wanted)


def _route(proxy: ProxyRoute | None, value_of: ValueOf) -> Hashable:
    if proxy is None:
        return None
    user = proxy.username
    return (
        proxy.url,
        user if user is None or isinstance(user, str) else value_of(user),
        None if proxy.password is None else value_of(proxy.password),
    )
