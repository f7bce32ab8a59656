"""Tencent Cloud's TC3-HMAC-SHA256 (API reference, "Signature method v3")."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

from harness.model.secret import Secret
from harness.model.signature import Tc3Sign
from harness.signing.draft import Draft
from harness.signing.target import body_sha256, target_of

ALGORITHM = "TC3-HMAC-SHA256"
SIGNED_HEADERS = ("content-type", "host", "x-tc-action")
_CONTENT_TYPES = {"GET": "application/x-www-form-urlencoded"}
_CONTENT_TYPE = "application/json; charset=utf-8"


def sign_tc3(draft: Draft, sign: Tc3Sign, secret_id: str, secret: Secret, now: float) -> Draft:
    """Set the `X-TC-` headers and `Authorization`; a missing `Content-Type` is added."""
    timestamp = int(now)
    day = f"{datetime.fromtimestamp(timestamp, UTC):%Y-%m-%d}"
    if draft.header("Content-Type") is None:
        kind = _CONTENT_TYPES.get(draft.method, _CONTENT_TYPE)
        draft = draft.with_plain_header("Content-Type", kind)
    draft = draft.with_plain_header("X-TC-Action", sign.action)
    draft = draft.with_plain_header("X-TC-Version", sign.version)
    draft = draft.with_plain_header("X-TC-Timestamp", str(timestamp))
    if sign.region:
        draft = draft.with_plain_header("X-TC-Region", sign.region)
    text = string_to_sign(draft, sign.service, timestamp)
    signature = _mac(signing_key(secret.to_bytes(), day, sign.service), text).hex()
    return draft.with_header(
        "Authorization",
        f"{ALGORITHM} Credential={secret_id}/{day}/{sign.service}/tc3_request, "
        f"SignedHeaders={';'.join(SIGNED_HEADERS)}, Signature={signature}",
    )


def canonical_request(draft: Draft) -> bytes:
    """Return the request as it is hashed; the path is always `/` in this kind of API.

    Names and values of headers are in lower case (step 1 of the reference).
    """
    target = target_of(draft)
    values = {
        "content-type": draft.header("Content-Type") or "",
        "host": target.authority,
        "x-tc-action": draft.header("X-TC-Action") or "",
    }
    lines = (
        draft.method,
        "/",
        target.query or "",
        *(f"{name}:{values[name].lower()}" for name in SIGNED_HEADERS),
        "",
        ";".join(SIGNED_HEADERS),
        body_sha256(draft),
    )
    return _bytes("\n".join(lines))


def string_to_sign(draft: Draft, service: str, timestamp: int) -> str:
    """Return what is signed: time, scope and the hash of the canonical request."""
    day = f"{datetime.fromtimestamp(timestamp, UTC):%Y-%m-%d}"
    hashed = hashlib.sha256(canonical_request(draft)).hexdigest()
    return "\n".join((ALGORITHM, str(timestamp), f"{day}/{service}/tc3_request", hashed))


def signing_key(secret: bytes, day: str, service: str) -> bytes:
    """Return the key of one day and service."""
    key = b"TC3" + secret
    for part in (day, service, "tc3_request"):
        key = _mac(key, part)
    return key


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, _bytes(text), "sha256")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
