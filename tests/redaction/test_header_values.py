from __future__ import annotations

import base64

import jwt
import pytest
from redaction.samples import BASE62, made_up, secret

from harness.redaction.header_values import redact_header
from harness.redaction.registry import SecretRegistry
from harness.redaction.scrub import Scrubber

KEY = made_up(1)
LABEL = "RDX~s1.sk.L35.Chex~"


@pytest.fixture
def scrub() -> Scrubber:
    registry = SecretRegistry()
    registry.add(secret(KEY))
    return Scrubber(registry)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (f"Bearer {KEY}", f"Bearer {LABEL}"),
        (f"bearer {KEY}", f"bearer {LABEL}"),
        (f"Bearer  {KEY}", f"Bearer  {LABEL}"),
        (f"Bearer\u00a0{KEY}", f"Bearer\u00a0{LABEL}"),
        (f"Bearer Bearer {KEY}", f"Bearer Bearer {LABEL}"),
        (f"Bearer: {KEY}", f"Bearer: {LABEL}"),
        (f'"Bearer {KEY}"', f'"Bearer {LABEL}"'),
        (f"Token {KEY}", f"Token {LABEL}"),
        (KEY, LABEL),
        (f"Bearer{KEY}", f"Bearer{LABEL}"),
        (f"Bearer '{KEY}'", f"Bearer '{LABEL}'"),
        ("Bearer ", "Bearer "),
        ("Bearer", "Bearer"),
        ("", ""),
        ("Bearer null", "Bearer RDX~s2.L4.Cb62.mnull~"),
        ("Bearer ${DEEPSEEK_API_KEY}", "Bearer RDX~s2.L19.Cascii.menv~"),
        (f"Bearer {KEY.upper()}", "Bearer RDX~s1.sk.L35.Chex.ecase~"),
    ],
)
def test_the_scheme_word_survives_as_it_was_written(
    scrub: Scrubber, value: str, shown: str
) -> None:
    made = redact_header(scrub, "Authorization", value)[1]
    assert made.replace(".L4-7.", ".L6.") == shown


@pytest.mark.parametrize("name", ["Authorisation", "Auth", "X-API-KEY ", "x_api_key", "X-Whatever"])
def test_a_name_that_nobody_listed_hides_its_value(scrub: Scrubber, name: str) -> None:
    value = made_up(7, 30, BASE62, "")
    shown_name, shown = redact_header(scrub, name, value)
    assert shown_name == name
    assert shown == "RDX~s2.L30.Cb62~"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Type", "application/json; charset=utf-8"),
        ("Date", "Sat, 22 Nov 2026 10:00:00 GMT"),
        ("x-ds-trace-id", "0123456789abcdef0123456789abcdef"),
        ("request-id", "req_011CSHoEeqs5C35K2UUqR7Fy"),
        ("x-ratelimit-remaining-requests", "59"),
        ("Access-Control-Allow-Origin", "*"),
        ("User-Agent", "Python/3.11 aiohttp/3.14.5"),
        ("Retry-After", "20"),
        ("Location", "https://api.deepseek.com/v1/chat/completions"),
    ],
)
def test_what_is_listed_stays(scrub: Scrubber, name: str, value: str) -> None:
    assert redact_header(scrub, name, value) == (name, value)


def test_a_known_key_in_a_listed_header_or_in_a_name_goes(scrub: Scrubber) -> None:
    assert redact_header(scrub, "User-Agent", f"curl {KEY}")[1] == f"curl {LABEL}"
    assert redact_header(scrub, f"X-{KEY}", "")[0] == f"X-{LABEL}"


@pytest.mark.parametrize(
    "challenge",
    [
        'Bearer realm="https://auth.example2.com/v1/token", error="invalid_token"',
        'Bearer realm="api", service="registry.docker.io", scope="repository:a/b:pull"',
        'Bearer error="invalid_token", error_description="The audience \'x\' is invalid"',
        'Basic realm="Fake Realm"',
        "Negotiate",
        "Bearer",
    ],
)
def test_a_challenge_survives(scrub: Scrubber, challenge: str) -> None:
    assert redact_header(scrub, "WWW-Authenticate", challenge)[1] == challenge
    assert redact_header(scrub, "Proxy-Authenticate", challenge)[1] == challenge


def test_a_challenge_loses_its_nonces(scrub: Scrubber) -> None:
    value = 'Digest realm="a", nonce="dcd98b7102dd2f0e", opaque="5ccc069c403ebaf9", qop="auth"'
    shown = redact_header(scrub, "WWW-Authenticate", value)[1]
    assert shown == (
        'Digest realm="a", nonce="RDX~s2.nonce.L16.Chex~", opaque="RDX~s3.nonce.L16.Chex~",'
        ' qop="auth"'
    )


def test_a_handshake_token_goes(scrub: Scrubber) -> None:
    token = made_up(9, 60, BASE62, "")
    shown = redact_header(scrub, "WWW-Authenticate", f"Negotiate {token}")[1]
    assert shown == "Negotiate RDX~s2.nonce.L60.Cb62~"


def test_the_next_nonce_goes(scrub: Scrubber) -> None:
    shown = redact_header(scrub, "Authentication-Info", 'nextnonce="abc123def456", qop=auth')[1]
    assert shown == 'nextnonce="RDX~s2.nonce.L12.Chex~", qop=auth'


def test_basic_credentials_go_whole_and_the_password_is_known_from_then_on(
    scrub: Scrubber,
) -> None:
    token = base64.b64encode(b"ann:open sesame 7").decode()
    shown = redact_header(scrub, "Authorization", f"Basic {token}")[1]
    assert shown == "Basic RDX~s4.basic.L24.Cb64u.mb64~"
    assert scrub.message("it was open sesame 7.") == "it was RDX~s3.pw.L12-15.Cascii.wmsp2~."
    assert scrub.message("ann is a name") == "ann is a name"


@pytest.mark.parametrize("rest", ["not base64!", base64.b64encode(b"no colon here").decode()])
def test_broken_basic_credentials_go_too(scrub: Scrubber, rest: str) -> None:
    shown = redact_header(scrub, "Authorization", f"Basic {rest}")[1]
    assert shown.startswith("Basic RDX~s2.")
    assert rest not in shown


def test_digest_and_signatures_keep_what_is_public(scrub: Scrubber) -> None:
    value = (
        'Digest username="ann", realm="a b", nonce="dcd98b7102dd2f0e", uri="/p", qop=auth,'
        ' nc=00000001, response="6629fae49393a05397450978507c4ef1"'
    )
    assert redact_header(scrub, "Authorization", value)[1] == (
        'Digest username="RDX~s2.user.L1-3.Cb62~", realm="a b", nonce="RDX~s3.nonce.L16.Chex~",'
        ' uri="/p", qop=auth, nc=00000001, response="RDX~s4.sig.L32.Chex~"'
    )


def test_sigv4_keeps_its_scope_and_loses_its_signature(scrub: Scrubber) -> None:
    value = (
        f"AWS4-HMAC-SHA256 Credential={made_up(3, 20, BASE62, '')}"
        "/20261122/us-east-1/s3/aws4_request,"
        f" SignedHeaders=host;x-amz-date, Signature={made_up(4, 64, prefix='')}"
    )
    shown = redact_header(scrub, "Authorization", value)[1]
    assert "/20261122/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date" in shown
    assert shown.endswith("Signature=RDX~s3.sig.L64.Chex~")
    assert made_up(3, 20, BASE62, "") not in shown


def test_cookies_keep_names_and_attributes(scrub: Scrubber) -> None:
    sid = made_up(5, 24, BASE62, "")
    shown = redact_header(scrub, "Set-Cookie", f"sid={sid}; Path=/; HttpOnly; Max-Age=60")[1]
    assert shown == "sid=RDX~s2.cookie.L24.Cb62~; Path=/; HttpOnly; Max-Age=60"
    shown = redact_header(scrub, "Cookie", f"lang=de; sid={sid}; flag")[1]
    assert shown == (
        "lang=RDX~s3.cookie.L2.Chex~; sid=RDX~s2.cookie.L24.Cb62~;RDX~s4.cookie.L5.Cb62.wlsp1~"
    )


def test_a_secret_with_separators_is_not_cut(scrub: Scrubber) -> None:
    odd = "abc;def=ghi;jkl=mno9"
    scrub.registry.add(secret(odd))
    assert redact_header(scrub, "Cookie", f"k={odd}")[1] == "k=RDX~s2.L20.Cascii~"


def test_redacting_twice_changes_nothing(scrub: Scrubber) -> None:
    pairs = [
        ("Authorization", f"Bearer {KEY}\n"),
        ("Authorization", "Basic " + base64.b64encode(b"ann:open sesame 7").decode()),
        ("Cookie", "a=b; c=d"),
        ("Set-Cookie", "a=b; Path=/"),
        ("WWW-Authenticate", 'Digest realm="a", nonce="dcd98b7102dd2f0e"'),
        ("X-Odd", "some value, with words"),
        ("Location", f"https://a/?key={KEY}&x=%20"),
    ]
    once = [redact_header(scrub, *pair) for pair in pairs]
    fresh = Scrubber(SecretRegistry("x"))
    assert [redact_header(fresh, *pair) for pair in once] == once


@pytest.mark.parametrize("pair", [b":", b"ann:", b":open sesame 7"])
def test_basic_credentials_without_a_user_or_a_password_go_whole(
    scrub: Scrubber, pair: bytes
) -> None:
    token = base64.b64encode(pair).decode()
    shown = redact_header(scrub, "Authorization", f"Basic {token}")[1]
    assert shown.startswith("Basic RDX~s")
    assert token not in shown


def test_a_jwt_that_encodes_a_known_key_is_one_secret(scrub: Scrubber) -> None:
    token = jwt.encode({"iss": KEY}, "k" * 32)
    assert redact_header(scrub, "X-Token", token)[1].startswith("RDX~s2.jwt.L")


def test_a_listed_name_that_is_a_secret_shows_nothing(scrub: Scrubber) -> None:
    scrub.registry.add(secret("x-ratelimit-remaining-9"))
    shown = redact_header(scrub, "x-ratelimit-remaining-9", "word")
    assert shown == ("RDX~s2.L23.Cb64u~", "RDX~s3.L4-7.Cb62~")
