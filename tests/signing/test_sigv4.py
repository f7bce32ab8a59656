"""AWS's own vectors: the suite's name, its request and the signature that it publishes."""

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signing.drafts import draft, secret, values

from harness.errors import SourceError
from harness.model.signature import SigV4Sign
from harness.signing.sigv4 import SigV4Keys, canonical_request, sign_sigv4

NOW = datetime(2015, 8, 30, 12, 36, tzinfo=UTC).timestamp()
SIGN = SigV4Sign(access_key="AKIDEXAMPLE", region="us-east-1", service="service")
PUBLISHED_SECRET = "wJalrXUtnFEMI/K7MDENG+{}EXAMPLEKEY"
KEYS = SigV4Keys("AKIDEXAMPLE", secret(PUBLISHED_SECRET.format("bPxRfiCY")))
HOST = "https://example.amazonaws.com"
UNRESERVED = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FORM = ("Content-Type", "application/x-www-form-urlencoded")

VECTORS = {
    "get-vanilla": (
        draft("GET", f"{HOST}/"),
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    "get-vanilla-query": (
        draft("GET", f"{HOST}/?"),
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    "get-vanilla-empty-query-key": (
        draft("GET", f"{HOST}/?Param1=value1"),
        "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
    ),
    "get-vanilla-query-order-key": (
        draft("GET", f"{HOST}/?Param1=value2&Param1=Value1"),
        "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1",
    ),
    "get-vanilla-query-order-key-case": (
        draft("GET", f"{HOST}/?Param2=value2&Param1=value1"),
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ),
    "get-vanilla-query-order-value": (
        draft("GET", f"{HOST}/?Param1=value2&Param1=value1"),
        "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694",
    ),
    "get-vanilla-query-unreserved": (
        draft("GET", f"{HOST}/?{UNRESERVED}={UNRESERVED}"),
        "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
    ),
    "get-vanilla-utf8-query": (
        draft("GET", f"{HOST}/?ሴ=bar"),
        "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
    ),
    "get-header-key-duplicate": (
        draft(
            "GET",
            f"{HOST}/",
            ("My-Header1", "value2"),
            ("My-Header1", "value2"),
            ("My-Header1", "value1"),
        ),
        "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
    ),
    "get-header-value-order": (
        draft("GET", f"{HOST}/", *(("My-Header1", f"value{n}") for n in (4, 1, 3, 2))),
        "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
    ),
    "get-header-value-trim": (
        draft("GET", f"{HOST}/", ("My-Header1", " value1"), ("My-Header2", ' "a   b   c"')),
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
    ),
    "get-unreserved": (
        draft("GET", f"{HOST}/{UNRESERVED}"),
        "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
    ),
    "get-utf8": (
        draft("GET", f"{HOST}/ሴ"),
        "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
    ),
    "get-relative": (
        draft("GET", f"{HOST}/example/.."),
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    "get-relative-relative": (
        draft("GET", f"{HOST}/example1/example2/../.."),
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    "get-slash": (
        draft("GET", f"{HOST}//"),
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    "get-slash-dot-slash": (
        draft("GET", f"{HOST}/./"),
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    "get-slash-pointless-dot": (
        draft("GET", f"{HOST}/./example"),
        "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
    ),
    "get-space": (
        draft("GET", f"{HOST}/example space/"),
        "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
    ),
    "post-vanilla": (
        draft("POST", f"{HOST}/"),
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    ),
    "post-vanilla-query": (
        draft("POST", f"{HOST}/?Param1=value1"),
        "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
    ),
    "post-header-key-sort": (
        draft("POST", f"{HOST}/", ("My-Header1", "value1")),
        "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
    ),
    "post-header-value-case": (
        draft("POST", f"{HOST}/", ("My-Header1", "VALUE1")),
        "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
    ),
    "post-x-www-form-urlencoded": (
        draft("POST", f"{HOST}/", FORM, body=b"Param1=value1"),
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ),
    "post-x-www-form-urlencoded-parameters": (
        draft("POST", f"{HOST}/", (FORM[0], f"{FORM[1]}; charset=utf8"), body=b"Param1=value1"),
        "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
    ),
}


def signature(signed) -> str:
    return values(signed, "Authorization")[0].rpartition("Signature=")[2]


@pytest.mark.parametrize("name", VECTORS)
def test_the_published_vectors_come_out(name):
    request, published = VECTORS[name]
    assert signature(sign_sigv4(request, SIGN, KEYS, NOW)) == published


def test_a_sessions_token_is_sent_signed_and_kept_on_the_origin():
    token = secret("a session's token")
    signed = sign_sigv4(draft(), SIGN, SigV4Keys("id", KEYS.secret_key, token), NOW)
    assert values(signed, "X-Amz-Security-Token") == [token.reveal()]
    assert "SignedHeaders=host;x-amz-date;x-amz-security-token," in authorization(signed)
    assert signed.credentials == {"authorization", "x-amz-security-token"}


def test_s3_takes_the_path_as_it_is_and_wants_the_bodys_hash():
    s3 = SigV4Sign(access_key="id", region="eu-west-1", service="s3")
    signed = sign_sigv4(draft("GET", "https://b.s3.test/a%20b//./c"), s3, KEYS, NOW)
    assert values(signed, "X-Amz-Content-Sha256") == [hashlib.sha256(b"").hexdigest()]
    names = ("host", "x-amz-content-sha256", "x-amz-date")
    assert canonical_request(signed, "s3", names).split(b"\n")[1] == b"/a%20b//./c"
    assert canonical_request(signed, "service", names).split(b"\n")[1] == b"/a%2520b/c"


@pytest.mark.parametrize(
    ("path", "signed"),
    [("/a/", "/a/"), ("/a/.", "/a"), ("/a/b/..", "/a"), ("/../a//b/", "/a/b/"), ("", "/")],
)
def test_a_path_is_normalised_as_awss_own_clients_do(path, signed):
    text = canonical_request(draft("GET", f"https://x{path}"), "service", ("host",))
    assert text.split(b"\n")[1] == signed.encode()


def test_the_headers_to_sign_may_be_named():
    sign = SigV4Sign(access_key="i", region="r", service="s", signed_headers=("X-B", "Host"))
    signed = sign_sigv4(draft("GET", "https://x/", ("X-A", "1"), ("X-B", "2")), sign, KEYS, NOW)
    assert "SignedHeaders=host;x-b," in authorization(signed)


def test_a_header_to_sign_that_is_not_there_is_an_error():
    sign = SigV4Sign(access_key="i", region="r", service="s", signed_headers=("Host", "X-Missing"))
    with pytest.raises(SourceError) as caught:
        sign_sigv4(draft("GET", "https://x/"), sign, KEYS, NOW)
    assert caught.value.message == (
        "cannot sign: the request has no header `x-missing`, which `signed_headers` names"
    )


def test_headers_that_change_on_the_way_are_not_signed():
    request = draft("GET", "https://x/", ("User-Agent", "a"), ("Authorization", "old"))
    signed = sign_sigv4(request, SIGN, KEYS, NOW)
    assert "SignedHeaders=host;x-amz-date," in authorization(signed)
    assert len(values(signed, "authorization")) == 1


def test_a_host_of_ones_own_is_what_is_signed():
    plain = draft("GET", "https://other.test:8443/", ("Host", "example.amazonaws.com"))
    assert signature(sign_sigv4(plain, SIGN, KEYS, NOW)) == VECTORS["get-vanilla"][1]


def authorization(signed) -> str:
    return values(signed, "Authorization")[0]


def verified(signed, url_path: str, query: str, body: bytes) -> bool:
    """Verify as a server does: from what arrived alone, written apart from the signer."""
    text = authorization(signed)
    fields = dict(part.split("=", 1) for part in text.partition(" ")[2].split(", "))
    _, day, region, service, _ = fields["Credential"].split("/")
    arrived = {name.lower(): value for name, value in signed.headers} | {"host": "x.test"}
    names = fields["SignedHeaders"].split(";")
    pairs = [tuple(quote(one, safe="-_.~") for one in pair.split("=")) for pair in query.split("&")]
    creq = "\n".join(
        [
            *("PUT", quote(url_path, safe="/-_.~")),
            "&".join("=".join(pair) for pair in sorted(pairs)),
            *(f"{name}:{arrived[name].strip()}" for name in names),
            *("", ";".join(names), hashlib.sha256(body).hexdigest()),
        ]
    )
    text = "\n".join(
        [
            *("AWS4-HMAC-SHA256", arrived["x-amz-date"], f"{day}/{region}/{service}/aws4_request"),
            hashlib.sha256(creq.encode()).hexdigest(),
        ]
    )
    key = b"AWS4" + KEYS.secret_key.to_bytes()
    for part in (day, region, service, "aws4_request", text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex() == fields["Signature"]


@given(
    st.text("abc-_.~%", min_size=1, max_size=12).filter(lambda text: set(text) != {"."}),
    st.text("XYZ09", min_size=1, max_size=8),
    st.binary(max_size=40),
    st.integers(0, 4_000_000_000),
)
def test_what_is_signed_verifies_and_the_clock_moves_only_times(segment, value, body, now):
    segment = segment.replace(".", "d")
    request = draft("PUT", f"https://x.test/{segment}?q={value}&p=1", ("X-V", value), body=body)
    signed = sign_sigv4(request, SIGN, KEYS, now)
    assert verified(signed, f"/{segment}", f"q={value}&p=1", body)
    later = sign_sigv4(request, SIGN, KEYS, now + 86_400)
    changed = [
        one[0] for one, other in zip(signed.headers, later.headers, strict=True) if one != other
    ]
    assert changed == ["X-Amz-Date", "Authorization"]
    assert (signed.url, signed.body) == (later.url, later.body)
