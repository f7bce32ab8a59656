"""RFC 9421's own vectors (appendix B.2), and a verifier written apart from the signer."""

import base64
import re

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st
from signing.drafts import draft, secret, values

from harness.errors import SourceError
from harness.model.signature import DERIVED_COMPONENTS, HttpSignature
from harness.signing.http_signature import Covered, sign_http_signature, signature_base
from harness.signing.http_signature_keys import signature_of

NOW = 1618884473.0
# B.1.5 test-shared-secret, and the 32 bytes of the private key in B.1.4 test-key-ed25519.
SHARED = "".join(
    (
        *("uzvJfB4u3N0Jy4T7NZ75MDVc", "r8zSTInedJtkgcu46YW4XByz"),
        *("NJjxBdtjUkdJPBtbmHhIDi6p", "cl8jsasjlTMtDQ=="),
    )
)
ED25519 = "n4Ni-HpISpVObnQMW0wOh{}2ZYb2p9KcU".format("CKROaIKqKtW_")
MESSAGE = draft(
    "POST",
    "https://example.com/foo?param=Value&Pet=dog",
    ("Host", "example.com"),
    ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
    ("Content-Type", "application/json"),
    ("Content-Length", "18"),
    body=b'{"hello": "world"}',
)


def pem(key) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def test_b_2_5_hmac_sha256():
    covered = Covered(
        components=("date", "@authority", "content-type"),
        created=int(NOW),
        key_id="test-shared-secret",
    )
    base = signature_base(MESSAGE, covered)
    assert base == (
        '"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@authority": example.com\n'
        '"content-type": application/json\n"@signature-params": '
        '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"'
    )
    made = signature_of(base.encode(), "hmac-sha256", secret(SHARED), "base64")
    assert base64.b64encode(made) == b"pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="


def test_b_2_6_ed25519():
    covered = Covered(
        components=("date", "@method", "@path", "@authority", "content-type", "content-length"),
        created=int(NOW),
        key_id="test-key-ed25519",
    )
    key = ed25519.Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(ED25519 + "="))
    base = signature_base(MESSAGE, covered).encode()
    made = signature_of(base, "ed25519", secret(pem(key)), "text")
    assert base64.b64encode(made) == (
        b"wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    )


def test_every_derived_component_has_the_value_of_the_rfc():
    covered = Covered(components=DERIVED_COMPONENTS, created=1, key_id='a"b')
    assert signature_base(MESSAGE, covered).split("\n")[:-1] == [
        '"@method": POST',
        '"@target-uri": https://example.com/foo?param=Value&Pet=dog',
        '"@authority": example.com',
        '"@scheme": https',
        '"@request-target": /foo?param=Value&Pet=dog',
        '"@path": /foo',
        '"@query": ?param=Value&Pet=dog',
    ]
    assert str(covered).endswith(';keyid="a\\"b"')


def test_the_usual_components_cover_the_body_where_there_is_one():
    sign = HttpSignature(key_id="k")
    with_body = sign_http_signature(draft("POST", body=b"x"), sign, "k", secret("s"), NOW)
    without = sign_http_signature(draft(), sign, "k", secret("s"), NOW)
    assert '"@query" "content-digest")' in values(with_body, "Signature-Input")[0]
    assert values(with_body, "Content-Digest")[0].startswith("sha-256=:")
    assert not values(without, "Content-Digest")
    assert with_body.credentials == {"signature", "signature-input"}


def test_a_covered_date_is_made_of_the_clock_and_one_of_ones_own_stays():
    sign = HttpSignature(key_id="k", components=("Date", "content-digest", "host"))
    made = sign_http_signature(draft(), sign, "k", secret("s"), NOW)
    assert values(made, "Date") == ["Tue, 20 Apr 2021 02:07:53 GMT"]
    own = (("date", "old"), ("content-digest", "d"))
    kept = sign_http_signature(draft("GET", "https://x/", *own), sign, "k", secret("s"), NOW)
    assert kept.headers[:2] == own


def test_expires_follows_the_clock():
    sign = HttpSignature(key_id="k", expires_seconds=300.0)
    signed = sign_http_signature(draft(), sign, "k", secret("s"), NOW)
    assert f";created={NOW:.0f};expires={NOW + 300:.0f};" in values(signed, "Signature-Input")[0]


def test_a_covered_header_that_is_missing_cannot_be_signed():
    sign = HttpSignature(key_id="k", components=("x-nope",))
    with pytest.raises(SourceError, match="no header `x-nope`"):
        sign_http_signature(draft(), sign, "k", secret("s"), NOW)


KEYS = {
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
    "ecdsa-p256-sha256": ec.generate_private_key(ec.SECP256R1()),
    "rsa-v1_5-sha256": rsa.generate_private_key(65537, 2048),
}
KEYS["rsa-pss-sha512"] = KEYS["rsa-v1_5-sha256"]


def check(algorithm: str, signature: bytes, base: bytes) -> None:
    public, sha512 = KEYS[algorithm].public_key(), hashes.SHA512()
    match algorithm:
        case "ed25519":
            public.verify(signature, base)
        case "ecdsa-p256-sha256":
            r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
            public.verify(encode_dss_signature(r, s), base, ec.ECDSA(hashes.SHA256()))
        case "rsa-v1_5-sha256":
            public.verify(signature, base, padding.PKCS1v15(), hashes.SHA256())
        case _:
            public.verify(signature, base, padding.PSS(padding.MGF1(sha512), 64), sha512)


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_private_key_signs_what_its_public_key_verifies(algorithm):
    sign = HttpSignature(key_id="k", algorithm=algorithm)
    signed = sign_http_signature(MESSAGE, sign, "k", secret(pem(KEYS[algorithm])), NOW)
    params = values(signed, "Signature-Input")[0].removeprefix("sig1=")
    assert f'alg="{algorithm}"' in params
    lines = [f'"{name}": {seen(signed, name)}' for name in re.findall(r'"([@a-z-]+)"[ )]', params)]
    base = "\n".join([*lines, f'"@signature-params": {params}']).encode()
    check(algorithm, base64.b64decode(values(signed, "Signature")[0][6:-1]), base)


def seen(signed, name: str) -> str:
    known = {
        "@method": "POST",
        "@authority": "example.com",
        "@path": "/foo",
        "@query": "?param=Value&Pet=dog",
    }
    return known.get(name) or values(signed, name)[0]


@pytest.mark.parametrize("algorithm", KEYS)
@pytest.mark.parametrize("text", ["no PEM", pem(ec.generate_private_key(ec.SECP384R1()))])
def test_a_secret_of_another_kind_is_refused_without_showing_it(algorithm, text):
    with pytest.raises(SourceError, match=f"cannot sign with {algorithm}") as caught:
        signature_of(b"x", algorithm, secret(text), "text")
    assert text[:30] not in f"{caught.value} {caught.value.hint}"


@given(st.integers(0, 4_000_000_000))
def test_the_clock_moves_only_times(now):
    sign = HttpSignature(key_id="k")
    one = sign_http_signature(MESSAGE, sign, "k", secret("s"), now)
    two = sign_http_signature(MESSAGE, sign, "k", secret("s"), now + 1)
    changed = [a[0] for a, b in zip(one.headers, two.headers, strict=True) if a != b]
    assert changed == ["Signature-Input", "Signature"]
