"""Which sources a signature uses, what makes two of them differ, and whom the clock concerns."""

from dataclasses import replace

import pytest
from support.matrices import URL, axis, scenario

from harness.matrix.faults import matrix_faults
from harness.matrix.identity import identity, source_itself
from harness.matrix.sign_fields import main_field, own_sources, signs_time
from harness.matrix.trust_table import trust_table
from harness.matrix.uses import request_sources, sign_sources, token_sources
from harness.model.key_source import EnvSource
from harness.model.request import (
    BasicSign,
    BearerSign,
    Edit,
    HeaderSign,
    JwtSign,
    Patch,
    QuerySign,
    RequestPlan,
)
from harness.model.signature import (
    DigestSign,
    HmacSign,
    HttpSignature,
    Message,
    MessageField,
    OAuth2Sign,
    SigV4Sign,
    Tc3Sign,
)
from harness.model.template import KeyReference, Template
from harness.scenario_file.template import parse_template

KEY, ID, OTHER = EnvSource("KEY"), EnvSource("ID"), EnvSource("OTHER")
TOKEN_URL = "https://login.example.com/token"
PLAIN = Message((MessageField("method"),))
TIMED = Message((MessageField("timestamp"),))
KINDS = {
    "bearer": (BearerSign(), False),
    "basic": (BasicSign("me"), False),
    "header": (HeaderSign("X"), False),
    "query": (QuerySign("k"), False),
    "jwt": (JwtSign(), True),
    "jwt of one time": (JwtSign(claims={"iat": 1, "exp": 2}), True),
    "jwt of fixed times": (JwtSign(claims={"iat": 1, "nbf": 1, "exp": None}), False),
    "glm of fixed times": (JwtSign(preset="glm", claims={"timestamp": 1, "exp": 2}), False),
    "glm of one time": (JwtSign(preset="glm", claims={"iat": 1, "nbf": 1, "exp": 2}), True),
    "kling of fixed times": (JwtSign(preset="kling", claims={"nbf": 1, "exp": 2}), False),
    "hmac": (HmacSign(message=PLAIN), True),
    "hmac without a time": (HmacSign(message=PLAIN, timestamp_header=None), False),
    "hmac of a time": (HmacSign(message=TIMED, timestamp_header=None), True),
    "hmac beside a time": (HmacSign(message=PLAIN, value=TIMED, timestamp_header=None), True),
    "sigv4": (SigV4Sign(access_key="id", region="r", service="s"), True),
    "tc3": (Tc3Sign(secret_id="id", service="s", action="a", version="v"), True),
    "http-signature": (HttpSignature(key_id="k"), True),
    "oauth2": (OAuth2Sign(token_url=TOKEN_URL, client_id="me"), False),
    "digest": (DigestSign(username="me"), False),
}


def plan(sign, **fields) -> RequestPlan:
    return RequestPlan(method="GET", url=URL, keys={"key": KEY}, sign=sign, **fields)


def same(one: RequestPlan, other: RequestPlan) -> bool:
    made = (identity(each, source_itself, parse_template) for each in (one, other))
    return len(set(made)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_clock_changes_a_request_exactly_when_its_kind_signs_a_time(kind):
    sign, timed = KINDS[kind]
    assert signs_time(sign) is timed
    assert same(plan(sign), plan(sign, clock_seconds=60.0)) is not timed


@pytest.mark.parametrize("kind", KINDS)
def test_a_clock_axis_over_a_kind_without_a_time_is_a_fault(kind):
    sign, timed = KINDS[kind]
    clock = axis("clock", "clock", now=Patch(clock_seconds=0.0), late=Patch(clock_seconds=-60.0))
    made = scenario(clock, baseline=Patch(url=URL, keys={"key": KEY}, sign=sign))
    messages = [fault.message for fault in matrix_faults(made, parse_template)]
    assert messages == ([] if timed else ["nothing in this request depends on the clock"])


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_takes_the_key_or_a_secret_of_its_own(kind):
    sign, _ = KINDS[kind]
    own = replace(sign, **{main_field(sign): OTHER})
    assert sign_sources(plan(sign)) == {"key": KEY}
    assert sign_sources(plan(own)) == {f"sign.{main_field(sign)}": OTHER}
    assert own_sources(own) == {main_field(sign): OTHER}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_secret_named_either_way_is_the_same_request(kind):
    sign, _ = KINDS[kind]
    assert same(plan(sign), plan(replace(sign, **{main_field(sign): KEY})))
    assert not same(plan(sign), plan(replace(sign, **{main_field(sign): OTHER})))


def test_every_source_beside_the_secret_is_used_and_tells_requests_apart():
    sign = SigV4Sign(access_key=ID, session_token=OTHER, region="r", service="s")
    assert sign_sources(plan(sign)) == {
        "sign.access_key": ID,
        "sign.session_token": OTHER,
        "key": KEY,
    }
    assert not same(plan(sign), plan(replace(sign, access_key=OTHER)))
    assert not same(plan(sign), plan(replace(sign, access_key="env ID")))
    assert not same(plan(sign), plan(replace(sign, region="q")))


def test_keys_in_a_text_to_sign_are_used():
    message = Message((KeyReference("keys.id"), MessageField("path")))
    value = Message((KeyReference("keys.more"),))
    keys = {"key": KEY, "keys.id": ID, "keys.more": OTHER, "keys.unused": EnvSource("U")}
    signed = replace(plan(HmacSign(message=message, value=value)), keys=keys)
    assert request_sources(signed, parse_template) == {
        "keys.id": ID,
        "keys.more": OTHER,
        "key": KEY,
    }
    assert not same(signed, replace(signed, keys={**keys, "keys.id": OTHER}))
    assert same(signed, replace(signed, keys={**keys, "keys.unused": OTHER}))


def test_a_clients_secret_reaches_the_token_endpoint_and_what_it_buys_the_api():
    sign = OAuth2Sign(token_url=TOKEN_URL, client_id=ID)
    other = Edit("X-Other", Template((KeyReference("keys.other"),)))
    baseline = Patch(url=URL, headers=(other,), keys={"key": KEY, "keys.other": OTHER}, sign=sign)
    table = trust_table(scenario(baseline=baseline), lambda url: "", parse_template)
    assert {row.source: row.origins for row in table.rows} == {
        "env KEY": ("https://api.example.com:443", "https://login.example.com:443"),
        "env ID": ("https://api.example.com:443", "https://login.example.com:443"),
        "env OTHER": ("https://api.example.com:443",),
    }
    assert token_sources(plan(sign)) == {"sign.client_id": ID, "key": KEY}
    assert token_sources(plan(BearerSign())) == {}
