from dataclasses import replace

import pytest

from harness.matrix.identity import identity, source_itself
from harness.model.key_source import EnvSource, LiteralSource
from harness.model.request import (
    AutoHeaders,
    BasicSign,
    BearerSign,
    EnvUrl,
    FileBody,
    FormBody,
    HeaderSign,
    JsonBody,
    JwtSign,
    ProxyRoute,
    QuerySign,
    RedirectPolicy,
    RequestPlan,
    TextBody,
    TlsSettings,
)
from harness.model.secret import Provenance, Secret
from harness.model.template import KeyFilter, KeyReference, Template
from harness.scenario_file.template import parse_template

KEY = KeyReference("key")
PLAN = RequestPlan(
    method="GET",
    url=Template.of("https://x/"),
    headers=(("Authorization", Template(("Bearer ", KEY))),),
    keys={"key": EnvSource("A"), "keys.other": EnvSource("B")},
)


def same(one: RequestPlan, other: RequestPlan, value_of=source_itself) -> bool:
    return identity(one, value_of, parse_template) == identity(other, value_of, parse_template)


def test_a_plan_is_itself():
    assert same(PLAN, replace(PLAN))


@pytest.mark.parametrize(
    "change",
    [
        {"method": "POST"},
        {"auto_headers": AutoHeaders.NONE},
        {"http": "1.0"},
        {"tls": TlsSettings(verify=False)},
        {"resolve": (("x:443", "127.0.0.1:1"),)},
        {"url": Template.of("https://y/")},
        {"url": EnvUrl("U")},
        {"query": (("a", Template.of("b")),)},
        {"headers": (("authorization", Template(("Bearer ", KEY))),)},
        {
            "headers": (
                ("Authorization", Template(("Bearer ", KeyReference("key", KeyFilter.BASE64)))),
            )
        },
        {"keys": {"key": EnvSource("C")}},
        {"body": TextBody(Template.of(""))},
        {"body": FileBody("a")},
        {"body": FormBody((("a", Template.of("b")),))},
        {"body": JsonBody({"a": 1})},
        {"proxy": ProxyRoute("http://p:1")},
        {"proxy": ProxyRoute("http://p:1", "me", EnvSource("P"))},
        {"proxy": ProxyRoute("http://p:1", EnvSource("U"), EnvSource("P"))},
        {"client": "raw"},
        {"redirects": RedirectPolicy(0)},
        {"timeout_seconds": 1.0},
        {"sign": BearerSign()},
        {"sign": HeaderSign("X-Api-Key")},
        {"sign": QuerySign("key")},
        {"sign": BasicSign("me")},
        {"sign": BasicSign(EnvSource("U"), EnvSource("P"))},
        {"sign": JwtSign()},
    ],
)
def test_what_the_wire_would_show_counts(change):
    assert not same(PLAN, replace(PLAN, **change))


def test_an_unused_key_does_not_count():
    assert same(PLAN, replace(PLAN, keys={**PLAN.keys, "keys.other": EnvSource("Z")}))


def test_the_clock_counts_only_when_it_is_signed():
    assert same(PLAN, replace(PLAN, clock_seconds=60.0))
    signed = replace(PLAN, sign=JwtSign())
    assert not same(signed, replace(signed, clock_seconds=60.0))


def test_a_signer_without_a_source_uses_the_key():
    signed = replace(PLAN, headers=(), sign=BearerSign())
    assert not same(signed, replace(signed, keys={"key": EnvSource("Z")}))
    own = replace(PLAN, headers=(), sign=BearerSign(EnvSource("S")))
    assert same(own, replace(own, keys={"key": EnvSource("Z")}))


def test_a_signer_with_no_key_at_all_is_still_comparable():
    bare = replace(PLAN, keys={}, sign=BearerSign(), headers=())
    assert same(bare, replace(bare))


def test_types_in_a_json_body_count():
    assert not same(
        replace(PLAN, body=JsonBody({"a": [1, "x"]})),
        replace(PLAN, body=JsonBody({"a": [True, "x"]})),
    )


def test_a_key_inside_a_json_string_counts():
    first = replace(PLAN, headers=(), body=JsonBody({"token": "${key}"}))
    assert not same(first, replace(first, keys={"key": EnvSource("Z")}))


def test_equal_literals_are_equal_values():
    def literal(text: str) -> LiteralSource:
        return LiteralSource(Secret(text, Provenance("literal", "")))

    first = replace(PLAN, keys={"key": literal("wrong")})
    assert same(first, replace(PLAN, keys={"key": literal("wrong")}))
    assert not same(first, replace(PLAN, keys={"key": literal("other")}))


def test_a_value_class_makes_two_sources_one():
    other = replace(PLAN, keys={"key": EnvSource("Z")})
    assert same(PLAN, other, value_of=lambda _source: "s1")
