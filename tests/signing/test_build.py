import base64

import jwt
import pytest
from support.made_keys import made_key

from harness.errors import SourceError
from harness.model.key_source import EnvSource
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
    RequestPlan,
    TextBody,
    TlsSettings,
)
from harness.model.secret import Provenance, Secret
from harness.model.template import KeyFilter, KeyReference, Template
from harness.signing.build import World, build, used_sources
from harness.signing.draft import Draft

NOW = 1_790_000_000.0
A, B, S = EnvSource("A"), EnvSource("B"), EnvSource("S")
KEY = made_key("build")
SECRETS = {
    A: Secret(KEY, Provenance("env", "A")),
    B: Secret('b&/ "ü', Provenance("env", "B")),
    S: Secret(made_key("signing"), Provenance("env", "S")),
}
BEARER = Template(("Bearer ", KeyReference("key")))


def world(files=None) -> World:
    return World(lambda path: (files or {})[path], lambda url: f"{url.default}{url.path}")


def built(now=NOW, **fields):
    plan = RequestPlan(
        **{
            "method": "POST",
            "url": Template.of("https://x.test/a%2Fb"),
            "keys": {"key": A, "keys.two": B},
            **fields,
        }
    )
    return build(plan, SECRETS, world({"body.bin": b"\x00\xff"}), now)


def header(request, name):
    return [value for key, value in request.headers if key.lower() == name.lower()]


def test_a_key_is_written_verbatim_and_its_header_is_a_credential():
    request = built(headers=(("authorization", BEARER), ("X-Plain", Template.of("1"))))
    assert request.headers == (("authorization", f"Bearer {KEY}"), ("X-Plain", "1"))
    assert request.credential_headers == {"authorization"}
    assert request.url == "https://x.test/a%2Fb"


def test_a_known_credential_header_counts_even_without_a_key():
    request = built(headers=(("X-Api-Key", Template.of("literal")),))
    assert request.credential_headers == {"x-api-key"}


@pytest.mark.parametrize("name", ["X-Auth-Token", "PRIVATE-TOKEN", "Ocp-Apim-Subscription-Key"])
def test_a_header_that_the_scenario_check_knows_counts_even_without_a_key(name):
    request = built(headers=((name, Template.of("literal")), ("X-Plain", Template.of("1"))))
    assert request.credential_headers == {name.lower()}


def test_a_header_of_any_name_that_holds_what_looks_like_a_key_counts():
    literal = made_key("literal").replace("G", "7")
    request = built(headers=(("X-Any", Template.of(literal)), ("X-Plain", Template.of("1"))))
    assert request.credential_headers == {"x-any"}


@pytest.mark.parametrize(
    ("body", "carries"),
    [
        (JsonBody({"k": "${key}"}), True),
        (FileBody("body.bin"), True),
        (TextBody(Template.of("ping")), False),
        (None, False),
    ],
)
def test_it_is_known_whether_the_body_carries_a_credential(body, carries):
    assert built(body=body).has_credential_body is carries


def test_filters_encode_the_key():
    two = KeyReference("keys.two", KeyFilter.URLENCODE)
    coded = KeyReference("keys.two", KeyFilter.BASE64)
    request = built(headers=(("A", Template((two,))), ("B", Template((coded,)))))
    assert header(request, "A") == ["b%26%2F%20%22%C3%BC"]
    assert base64.b64decode(header(request, "B")[0]).decode() == 'b&/ "ü'


def test_query_fields_are_appended_before_the_fragment():
    request = built(
        url=Template.of("https://x.test/?a=1#f"),
        query=(("q", Template((KeyReference("keys.two"),))), ("w", Template.of("a/b?c+d"))),
    )
    assert request.url == "https://x.test/?a=1&q=b%26/%20%22%C3%BC&w=a/b?c%2Bd#f"


def test_a_json_body_is_compact_utf8_and_names_its_type():
    request = built(body=JsonBody({"m": ["ü", {"k": "x ${key}"}], "n": None}))
    assert request.body == f'{{"m":["ü",{{"k":"x {KEY}"}}],"n":null}}'.encode()
    assert header(request, "Content-Type") == ["application/json"]


def test_a_content_type_of_ones_own_stays():
    request = built(headers=(("content-type", Template.of("text/x")),), body=JsonBody({}))
    assert header(request, "Content-Type") == ["text/x"]


def test_form_fields_are_encoded_in_order():
    request = built(
        body=FormBody((("b", Template((KeyReference("keys.two"),))), ("a", Template.of(" "))))
    )
    assert request.body == b"b=b%26%2F+%22%C3%BC&a=+"
    assert header(request, "Content-Type") == ["application/x-www-form-urlencoded"]


def test_text_and_file_bodies_are_sent_as_they_are():
    assert built(body=TextBody(Template.of("täxt"))).body == "täxt".encode()
    assert built(body=FileBody("body.bin")).body == b"\x00\xff"
    assert built().body is None


def test_a_url_may_come_from_the_environment():
    assert (
        built(url=EnvUrl("BASE", "https://y.test/v1", "/models")).url == "https://y.test/v1/models"
    )


def test_bearer_replaces_a_header_of_that_name_in_place():
    request = built(
        headers=(("AUTHORIZATION", Template.of("old")), ("X", Template.of("1"))), sign=BearerSign()
    )
    assert request.headers == (("Authorization", f"Bearer {KEY}"), ("X", "1"))
    assert "authorization" in request.credential_headers


def test_basic_joins_user_and_password():
    request = built(sign=BasicSign("me", B))
    decoded = base64.b64decode(header(request, "Authorization")[0].removeprefix("Basic "))
    assert decoded.decode() == 'me:b&/ "ü'
    request = built(sign=BasicSign(B, S))
    decoded = base64.b64decode(header(request, "Authorization")[0].removeprefix("Basic "))
    assert decoded.decode() == f'b&/ "ü:{SECRETS[S].reveal()}'


def test_header_and_query_signatures():
    assert header(built(sign=HeaderSign("X-Api-Key", S)), "x-api-key") == [SECRETS[S].reveal()]
    assert built(sign=QuerySign("key")).url == f"https://x.test/a%2Fb?key={KEY}"


def claims_of(request, **options):
    token = header(request, "Authorization")[0].removeprefix("Bearer ")
    options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, **options}
    return jwt.decode(token, SECRETS[S].reveal(), algorithms=["HS256"], options=options)


def test_a_jwt_follows_the_clock_of_the_variant():
    claims = claims_of(built(sign=JwtSign(S), clock_seconds=-600.0))
    assert claims == {"iat": NOW - 600, "nbf": NOW - 600, "exp": NOW - 300}


def test_jwt_claims_headers_and_unit_are_as_told():
    sign = JwtSign(
        S, ttl_seconds=60, claims={"iss": "me", "nbf": 5}, headers={"kid": "k1"}, unit="ms"
    )
    request = built(sign=sign)
    assert claims_of(request) == {
        "iat": NOW * 1000,
        "nbf": 5,
        "exp": (NOW + 60) * 1000,
        "iss": "me",
    }
    token = header(request, "Authorization")[0].removeprefix("Bearer ")
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT", "kid": "k1"}


def test_a_secret_that_does_not_fit_the_algorithm_is_a_source_error():
    with pytest.raises(SourceError, match="cannot sign a JWT with RS256") as caught:
        built(sign=JwtSign(S, algorithm="RS256"))
    assert SECRETS[S].reveal() not in str(caught.value)


def test_proxy_credentials_stay_apart_from_the_url():
    request = built(proxy=ProxyRoute("http://p.test:1", "me", S))
    assert request.proxy is not None
    assert request.proxy.url == "http://p.test:1"
    assert request.proxy.username is not None
    assert request.proxy.username.reveal() == "me"
    assert request.proxy.password is SECRETS[S]
    bare = built(proxy=ProxyRoute("http://p.test:1"))
    assert bare.proxy is not None
    assert (bare.proxy.username, bare.proxy.password) == (None, None)
    assert built().proxy is None


def test_used_sources_holds_the_proxys_too():
    plan = RequestPlan(
        method="GET",
        url=Template.of("https://x/"),
        headers=(("Authorization", BEARER),),
        keys={"key": A},
        proxy=ProxyRoute("http://p", B, S),
    )
    assert used_sources(plan) == {"key": A, "proxy.username": B, "proxy.password": S}


def test_nothing_that_holds_a_secret_prints_it():
    request = built(headers=(("Authorization", BEARER),), proxy=ProxyRoute("http://p", B, S))
    draft = Draft(request.url, request.headers, None, frozenset())
    shown = f"{draft!r} {request!r} {request} {request.proxy!r}"
    shown += f"{SECRETS[A]!r} {SECRETS[A]} {SECRETS[A]:>9}"
    assert KEY not in shown


def test_the_fields_of_the_connection_are_passed_on_and_files_of_tls_found():
    tls = TlsSettings(verify=False, ca="ca.pem", cert="c.pem", key="k.pem", sni="x.test")
    plan = RequestPlan(
        method="GET",
        url=Template.of("https://x.test/"),
        auto_headers=AutoHeaders.NONE,
        http="1.0",
        tls=tls,
        resolve=(("x.test:443", "127.0.0.1:1"),),
    )
    there = World(lambda path: b"", lambda url: "", path_of=lambda path: f"/there/{path}")
    request = build(plan, SECRETS, there, NOW)
    assert (request.auto_headers, request.http) == (AutoHeaders.NONE, "1.0")
    assert request.resolve == (("x.test:443", "127.0.0.1:1"),)
    assert (request.tls.ca, request.tls.cert, request.tls.key) == (
        "/there/ca.pem",
        "/there/c.pem",
        "/there/k.pem",
    )
    assert (request.tls.verify, request.tls.sni) == (False, "x.test")
    assert built().tls == TlsSettings()
