"""When are two requests the same request: what the wire would show, with keys as symbols."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields

from harness.matrix.sign_fields import main_field, own_sources, signs_time
from harness.matrix.uses import TextOf
from harness.model.key_source import KeySource, LiteralSource
from harness.model.request import (
    Body,
    EnvUrl,
    FileBody,
    FormBody,
    Json,
    JsonBody,
    ProxyRoute,
    RequestPlan,
    SystemProxy,
    TextBody,
)
from harness.model.signature import Message
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
        symbols.signature(),
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

    def text(self, template: Template | Message) -> Hashable:
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

    def signature(self) -> Hashable:
        sign, plan = self.plan.sign, self.plan
        if sign is None:
            return None
        main_name = main_field(sign)
        named = tuple(
            (field.name, self._sign_value(getattr(sign, field.name)))
            for field in fields(sign)
            if field.name != main_name
        )
        main = own_sources(sign).get(main_name) or plan.keys.get("key")
        return (
            type(sign).__name__,
            named,
            None if main is None else self.value_of(main),
            plan.clock_seconds if signs_time(sign) else None,
        )

    def _sign_value(self, value: object) -> Hashable:
        if isinstance(value, KeySource):
            return ("source", self.value_of(value))
        return self.text(value) if isinstance(value, Message) else repr(value)


def _route(proxy: ProxyRoute | SystemProxy | None, value_of: ValueOf) -> Hashable:
    if proxy is None or isinstance(proxy, SystemProxy):
        return proxy  # what the environment says stands for a value of its own
    user = proxy.username
    return (
        proxy.url,
        user if user is None or isinstance(user, str) else value_of(user),
        None if proxy.password is None else value_of(proxy.password),
        proxy.tls,
    )
