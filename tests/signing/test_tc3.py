"""The worked example of Tencent's reference; its secret is masked there, its signing key is not."""

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st
from signing.drafts import draft, secret, values

from harness.model.signature import Tc3Sign
from harness.signing.tc3 import canonical_request, sign_tc3, signing_key, string_to_sign

NOW = 1551113065.0
SIGN = Tc3Sign(
    secret_id="id",
    service="cvm",
    region="ap-guangzhou",
    action="DescribeInstances",
    version="2017-03-12",
)
BODY = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
URL = "https://cvm.tencentcloudapi.com"
PUBLISHED_KEY = "b596b923aad85185e2d1f6659d2a062e0a86731226e021e61bfe06f7ed05f5af"
PUBLISHED_REQUEST = "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84"
PUBLISHED_SIGNATURE = "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"


def signed_at(now, method="POST", url=URL, sign=SIGN, body=BODY, *headers):
    return sign_tc3(draft(method, url, *headers, body=body), sign, "id", secret("s3"), now)


def test_the_published_example_comes_out():
    signed = signed_at(NOW)
    assert hashlib.sha256(canonical_request(signed)).hexdigest() == PUBLISHED_REQUEST
    text = string_to_sign(signed, "cvm", int(NOW)).encode()
    assert text.startswith(b"TC3-HMAC-SHA256\n1551113065\n2019-02-25/cvm/tc3_request\n")
    key = bytes.fromhex(PUBLISHED_KEY)
    assert hmac.new(key, text, hashlib.sha256).hexdigest() == PUBLISHED_SIGNATURE


def test_the_headers_are_those_of_the_reference():
    signed = signed_at(NOW)
    assert dict(signed.headers[:5]) == {
        "Content-Type": "application/json; charset=utf-8",
        "X-TC-Action": "DescribeInstances",
        "X-TC-Version": "2017-03-12",
        "X-TC-Timestamp": "1551113065",
        "X-TC-Region": "ap-guangzhou",
    }
    assert values(signed, "Authorization")[0].startswith(
        "TC3-HMAC-SHA256 Credential=id/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host;x-tc-action, Signature="
    )
    assert signed.credentials == {"authorization"}


def test_no_region_is_sent_where_none_is_named_and_a_content_type_stays():
    sign = Tc3Sign(secret_id="id", service="s", action="A", version="v")
    signed = signed_at(NOW, "POST", URL, sign, BODY, ("content-type", "application/json"))
    assert not values(signed, "X-TC-Region")
    assert values(signed, "content-type") == ["application/json"]


def test_values_are_signed_trimmed_and_in_lower_case():
    """Signature method v3: key and value of a header in lower case, without blanks around."""
    headers = (("Content-Type", " application/JSON; charset=UTF-8 "), ("Host", "CVM.example.com"))
    signed = signed_at(NOW, "POST", URL, SIGN, BODY, *headers)
    assert canonical_request(signed).split(b"\n")[3:6] == [
        b"content-type:application/json; charset=utf-8",
        b"host:cvm.example.com",
        b"x-tc-action:describeinstances",
    ]
    assert values(signed, "Content-Type") == [" application/JSON; charset=UTF-8 "]


def test_a_get_signs_its_query():
    signed = signed_at(NOW, "GET", f"{URL}/?Limit=1", SIGN, None)
    assert canonical_request(signed).split(b"\n")[:4] == [
        *(b"GET", b"/", b"Limit=1", b"content-type:application/x-www-form-urlencoded"),
    ]


@given(st.binary(max_size=30), st.integers(0, 4_000_000_000))
def test_what_is_signed_verifies_and_the_clock_moves_only_times(body, now):
    signed, later = signed_at(now, body=body), signed_at(now + 86_400, body=body)
    changed = [
        one[0] for one, other in zip(signed.headers, later.headers, strict=True) if one != other
    ]
    assert changed == ["X-TC-Timestamp", "Authorization"]
    value = values(signed, "Authorization")[0]
    day = value.split("/")[1]
    key = b"TC3s3"
    for part in (day, "cvm", "tc3_request", string_to_sign(signed, "cvm", now)):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    assert value.endswith(f"Signature={key.hex()}")
    assert signing_key(b"s3", day, "cvm") != signing_key(b"s4", day, "cvm")
