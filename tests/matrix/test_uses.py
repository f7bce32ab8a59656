import pytest

from harness.matrix.uses import proxy_sources, request_sources
from harness.model.key_source import EnvSource
from harness.model.request import (
    BasicSign,
    BearerSign,
    FileBody,
    FormBody,
    HeaderSign,
    JsonBody,
    JwtSign,
    ProxyRoute,
    QuerySign,
    RequestPlan,
    TextBody,
)
from harness.model.template import KeyReference, Template
from harness.scenario_file.template import parse_template

A, B, S = EnvSource("A"), EnvSource("B"), EnvSource("S")
TWO = Template((KeyReference("keys.two"),))


def used(**fields):
    plan = RequestPlan(
        **{
            "method": "GET",
            "url": Template.of("https://x/"),
            "keys": {"key": A, "keys.two": B},
            **fields,
        }
    )
    return request_sources(plan, parse_template)


def test_a_declared_key_is_used_only_where_it_is_named():
    assert used() == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"url": TWO},
        {"query": (("q", TWO),)},
        {"headers": (("H", TWO),)},
        {"body": TextBody(TWO)},
        {"body": FormBody((("f", TWO),))},
        {"body": JsonBody({"a": ["x", {"b": "${keys.two}"}, 1]})},
    ],
)
def test_a_key_may_be_named_anywhere(fields):
    assert used(**fields) == {"keys.two": B}


def test_a_file_body_names_no_key():
    assert used(body=FileBody("x")) == {}


@pytest.mark.parametrize(
    ("sign", "wanted"),
    [
        (BearerSign(), {"key": A}),
        (BearerSign(S), {"sign.key": S}),
        (HeaderSign("X", S), {"sign.key": S}),
        (QuerySign("x"), {"key": A}),
        (JwtSign(), {"key": A}),
        (JwtSign(S), {"sign.secret": S}),
        (BasicSign("me", S), {"sign.password": S}),
        (BasicSign(B, S), {"sign.username": B, "sign.password": S}),
    ],
)
def test_a_signature_uses_its_own_source_or_the_key(sign, wanted):
    assert used(sign=sign) == wanted


def test_a_signature_without_any_source_uses_none():
    plan = RequestPlan(method="GET", url=Template.of("https://x/"), sign=BearerSign())
    assert request_sources(plan, parse_template) == {}


def test_proxy_credentials_are_sources_of_the_route():
    plan = RequestPlan(
        method="GET", url=Template.of("https://x/"), proxy=ProxyRoute("http://p", "me", S)
    )
    assert proxy_sources(plan) == {"proxy.password": S}
