"""The lab's HMAC, AWS and Tencent servers: what they take, and in which words they refuse."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random

import pytest
from signing.drafts import secret

from harness.lab.http_message import Request
from harness.lab.providers.aws import AwsService
from harness.lab.providers.hmac_verifier import HmacVerifier
from harness.lab.providers.tencent import TencentService
from harness.model.scenario import LabKeyKind
from harness.model.signature import HmacSign, SigV4Sign, Tc3Sign
from harness.scenario_file.form.signature import DEFAULT_MESSAGE
from harness.scenario_file.message import parse_message
from harness.signing.draft import Draft
from harness.signing.hmac_message import sign_hmac
from harness.signing.sigv4 import SigV4Keys, sign_sigv4
from harness.signing.tc3 import sign_tc3

NOW = datetime(2026, 9, 21, 14, 0, tzinfo=UTC).timestamp()
KEYS = {
    "good": LabKeyKind.GOOD,
    "revoked": LabKeyKind.REVOKED,
    "poor": LabKeyKind.NO_BALANCE,
}
HOST = "api.eu-1.amazonaws.com"


def registered():
    return tuple(KEYS.items())


def hmac_verifier():
    return HmacVerifier(registered, leeway_seconds=300.0, now=lambda: NOW)


def aws():
    return AwsService(registered, leeway_seconds=300.0, now=lambda: NOW)


def tencent():
    random = Random(1)
    return TencentService(registered, leeway_seconds=300.0, random=random, now=lambda: NOW)


def arrived(draft: Draft, **changes: str | None) -> Request:
    """Return the draft as a server sees it; a change replaces a header, or removes it."""
    headers = {"Host": HOST, **dict(draft.headers)}
    for name, value in changes.items():
        headers[name.replace("_", "-")] = value
    return Request(
        method=draft.method,
        target=draft.url.partition(HOST)[2],
        minor_version=1,
        headers=tuple((name, value) for name, value in headers.items() if value is not None),
        body=draft.body or b"",
        scheme="https",
    )


def unsigned() -> Draft:
    return Draft(f"https://{HOST}/a%20b?c=1", (), b"{}", frozenset(), "POST")


def by_hmac(key="good", now=NOW, **changes):
    sign = HmacSign(message=parse_message(DEFAULT_MESSAGE))
    return hmac_verifier()(arrived(sign_hmac(unsigned(), sign, secret(key), {}, now), **changes))


def by_aws(key="good", now=NOW, **changes):
    fields = {"access_key": "id", "region": "eu-1", "service": "api"}
    fields |= {name: changes.pop(name) for name in ("region", "signed_headers") if name in changes}
    keys = SigV4Keys("id", secret(key))
    return aws()(arrived(sign_sigv4(unsigned(), SigV4Sign(**fields), keys, now), **changes))


def by_tencent(key="good", now=NOW, **changes):
    sign = Tc3Sign(secret_id="id", service="cvm", action="A", version="v")
    return tencent()(arrived(sign_tc3(unsigned(), sign, "id", secret(key), now), **changes))


def message(answer) -> str:
    document = json.loads(answer.body)
    if "Response" in document:
        return document["Response"].get("Error", {}).get("Code", "")
    return document.get("message", "")


@pytest.mark.parametrize("by", [by_hmac, by_aws, by_tencent])
def test_what_is_signed_in_time_with_a_good_key_is_taken(by):
    for offset in (-300, 0, 300):
        answer = by(now=NOW + offset)
        assert (answer.status, message(answer)) == (200, "")


@pytest.mark.parametrize(
    ("by", "status", "words"),
    [
        (by_hmac, 401, "the signature does not match"),
        (by_aws, 403, "The request signature is not the one that was calculated here."),
        (by_tencent, 200, "AuthFailure.SignatureFailure"),
    ],
)
def test_an_unknown_key_is_refused(by, status, words):
    answer = by("unknown")
    assert (answer.status, message(answer)) == (status, words)


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (by_hmac, "the signature does not match"),
        (by_aws, "The security token is not valid."),
        (by_tencent, "AuthFailure.SignatureFailure"),
    ],
)
def test_a_revoked_key_is_refused(by, words):
    assert message(by("revoked")) == words


@pytest.mark.parametrize("by", [by_hmac, by_aws, by_tencent])
def test_a_known_key_may_still_not_pay(by):
    assert by("poor").status == 402


@pytest.mark.parametrize(
    ("by", "offset", "words"),
    [
        (by_hmac, -301, "signature expired: X-Timestamp is more than 300 seconds from the"),
        (by_hmac, 301, "signature expired"),
        (
            by_aws,
            -600,
            (
                "Signature expired: 20260921T135000Z is now earlier than 20260921T135500Z "
                "(20260921T140000Z - 5 min.)"
            ),
        ),
        (
            by_aws,
            600,
            (
                "Signature not yet current: 20260921T141000Z is still later than 20260921T140500Z "
                "(20260921T140000Z + 5 min.)"
            ),
        ),
        (by_tencent, -301, "AuthFailure.SignatureExpire"),
        (by_tencent, 301, "AuthFailure.SignatureExpire"),
    ],
)
def test_a_time_out_of_the_window_is_said_so(by, offset, words):
    assert message(by(now=NOW + offset)).startswith(words)


@pytest.mark.parametrize(
    ("by", "changes", "words"),
    [
        (by_hmac, {"X_Timestamp": None}, "missing X-Timestamp or X-Signature"),
        (by_hmac, {"X_Signature": None}, "missing X-Timestamp or X-Signature"),
        (by_hmac, {"X_Timestamp": "soon"}, "X-Timestamp must be seconds since the epoch"),
        (by_aws, {"Authorization": None}, "Missing Authentication Token"),
        (by_aws, {"Authorization": "AWS4-HMAC-SHA256 Signature=1"}, "Missing Authentication Token"),
        (by_aws, {"X_Amz_Date": "soon"}, "Date must be in ISO-8601 'basic format'"),
        (
            by_aws,
            {"X_Amz_Meta": "1"},
            "There were headers present in the request which were not signed",
        ),
        (
            by_aws,
            {"signed_headers": ("x-amz-date",)},
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        ),
        (
            by_aws,
            {"region": "us-1"},
            "Credential should be scoped to a valid region, not 'us-1'.",
        ),
        (by_tencent, {"Authorization": None}, "AuthFailure.InvalidAuthorization"),
        (by_tencent, {"X_TC_Timestamp": "soon"}, "AuthFailure.InvalidAuthorization"),
        (
            by_tencent,
            {"Authorization": "TC3-HMAC-SHA256 Credential=id/day, SignedHeaders=host, Signature=0"},
            "AuthFailure.InvalidAuthorization",
        ),
    ],
)
def test_what_is_missing_or_malformed_is_named(by, changes, words):
    assert message(by(**changes)) == words


def test_aws_wants_a_whole_scope_and_takes_any_region_at_another_host():
    header = "AWS4-HMAC-SHA256 Credential=id/1, SignedHeaders=host, Signature=0"
    assert "exactly 5" in message(by_aws(Authorization=header))
    answer = by_aws(region="us-1", Host="localhost")
    assert message(answer).startswith("The request signature")


def test_a_body_that_changed_on_the_way_is_refused():
    sign = HmacSign(message=parse_message(DEFAULT_MESSAGE))
    signed = sign_hmac(unsigned(), sign, secret("good"), {}, NOW)
    changed = Draft(signed.url, signed.headers, b"{ }", frozenset(), signed.method)
    assert hmac_verifier()(arrived(changed)).status == 401


def test_a_signature_of_odd_bytes_is_refused():
    assert message(by_hmac(X_Signature="ü\udcff")) == "the signature does not match"
