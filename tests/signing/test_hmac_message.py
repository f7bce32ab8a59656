import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signing.drafts import draft, secret, values

from harness.errors import SourceError
from harness.model.signature import HmacSign, Message, MessageField
from harness.model.template import KeyFilter, KeyReference
from harness.signing.hmac_message import sign_hmac

NOW = 1_790_000_000.25
NAMED = {"key": secret("k&1"), "keys.id": secret("me")}
FIELDS = ("method", "host", "path", "query", "target", "url", "timestamp", "body_sha256", "body")


def message(*parts) -> Message:
    return Message(tuple(MessageField(p[1:]) if p[:1] == "@" else p for p in parts))


DEFAULT = message("@method", "\n", "@path", "\n", "@timestamp", "\n", "@body_sha256")


def signed_with(request, now=NOW, key="secret", **fields):
    sign = HmacSign(**{"message": DEFAULT, **fields})
    return sign_hmac(request, sign, secret(key), NAMED, now)


def mac(text: bytes, key: bytes = b"secret", algorithm: str = "sha256") -> str:
    return hmac.new(key, text, algorithm).hexdigest()


def test_the_default_form_signs_method_path_time_and_body():
    signed = signed_with(draft("POST", "https://x.test/v1/me?a=1", body=b"{}"))
    text = f"POST\n/v1/me\n1790000000\n{hashlib.sha256(b'{}').hexdigest()}"
    assert values(signed, "X-Timestamp") == ["1790000000"]
    assert values(signed, "X-Signature") == [mac(text.encode())]
    assert signed.credentials == {"x-signature"}


def test_every_field_has_the_value_that_the_wire_shows():
    request = draft(
        "PUT", "https://u:p@X.test:443/a%20b?q=1#f", ("X-A", " 1 "), ("x-a", "2"), body=b"\xff"
    )
    parts = [part for name in FIELDS for part in (f"@{name}", "\n")]
    signed = signed_with(request, message=message(*parts, "@header.x-a", "|", "@header.none"))
    text = (
        b"PUT\nx.test\n/a%20b\nq=1\n/a%20b?q=1\nhttps://u:p@X.test:443/a%20b?q=1\n1790000000\n"
        + hashlib.sha256(b"\xff").hexdigest().encode()
        + b"\n\xff\n1, 2|"
    )
    assert values(signed, "X-Signature") == [mac(text)]


def test_keys_may_stand_in_the_message_and_around_the_signature():
    reference = KeyReference("keys.id")
    value = Message(
        ("HMAC ", reference, ":", MessageField("signature"), " t=", *message("@timestamp").parts)
    )
    coded = Message((KeyReference("key", KeyFilter.URLENCODE),))
    signed = signed_with(draft(), message=coded, value=value, header="Authorization")
    assert values(signed, "Authorization") == [f"HMAC me:{mac(b'k%261')} t=1790000000"]


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("s", "1790000000"),
        ("ms", "1790000000250"),
        ("rfc3339", "2026-09-21T14:13:20Z"),
        ("http-date", "Mon, 21 Sep 2026 14:13:20 GMT"),
    ],
)
def test_the_time_has_the_form_asked_for(form, shown):
    signed = signed_with(draft(), timestamp_format=form, timestamp_header="Date")
    assert values(signed, "Date") == [shown]


def test_without_a_time_header_none_is_sent():
    signed = signed_with(draft(), timestamp_header=None, message=message("@method"))
    assert [name for name, _ in signed.headers] == ["X-Signature"]
    assert values(signed, "X-Signature") == [mac(b"GET")]


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
def test_algorithm_and_encodings(algorithm):
    coded = base64.b64encode(b"\x00key").decode()
    signed = signed_with(
        draft(),
        key=coded,
        secret_encoding="base64",
        encoding="base64",
        algorithm=algorithm,
        message=message("@method"),
    )
    (value,) = values(signed, "X-Signature")
    assert base64.b64decode(value).hex() == mac(b"GET", b"\x00key", algorithm)


def test_a_secret_in_hex():
    signed = signed_with(draft(), key="00ff", secret_encoding="hex", message=message("@method"))
    assert values(signed, "X-Signature") == [mac(b"GET", b"\x00\xff")]


@pytest.mark.parametrize(("encoding", "text"), [("hex", "xyz"), ("base64", "a b"), ("hex", "ü")])
def test_a_secret_of_another_encoding_is_a_source_error(encoding, text):
    with pytest.raises(SourceError, match=f"is not {encoding}") as caught:
        signed_with(draft(), key=text, secret_encoding=encoding)
    assert text not in f"{caught.value.message.partition('env S')[2]}"


@given(st.binary(max_size=40), st.text("ab/-.%2F", max_size=10), st.integers(0, 10**10))
def test_what_is_signed_verifies_and_the_clock_moves_only_times(body, path, now):
    request = draft("POST", f"http://x/{path}", ("X-Other", "1"), body=body)
    one, two = (signed_with(request, now=moment) for moment in (now, now + 1))
    changed = [a[0] for a, b in zip(one.headers, two.headers, strict=True) if a != b]
    assert changed == ["X-Timestamp", "X-Signature"]
    text = f"POST\n/{path}\n{now}\n{hashlib.sha256(body).hexdigest()}"
    assert values(one, "X-Signature") == [mac(text.encode())]
