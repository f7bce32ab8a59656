"""AWS Signature Version 4, in the `Authorization` header.

The steps are those of the AWS reference, "Create a signed AWS API request"; the tests hold them
to the published test suite.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote_to_bytes

from harness.errors import SourceError
from harness.model.secret import Secret
from harness.model.signature import SigV4Sign
from harness.signing.draft import Draft
from harness.signing.target import body_sha256, target_of

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED_HEADERS = frozenset(
    {"authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id"}
)
"""Headers that clients or proxies on the way change: not signed unless the scenario says so."""

_UNRESERVED = "-_.~"


@dataclass(frozen=True, slots=True, repr=False)
class SigV4Keys:
    """What is signed with: the id of the key, the key, and a session's token."""

    access_key: str
    secret_key: Secret
    session_token: Secret | None = None

    def __repr__(self) -> str:
        """Say nothing: the name may come from a source too."""
        return "<SigV4Keys>"


def sign_sigv4(draft: Draft, sign: SigV4Sign, keys: SigV4Keys, now: float) -> Draft:
    """Set `X-Amz-Date` and `Authorization`, and what a session and S3 need besides.

    Raises:
        SourceError: a header to sign is not in the request.
    """
    moment = datetime.fromtimestamp(int(now), UTC)
    stamp, day = f"{moment:%Y%m%dT%H%M%SZ}", f"{moment:%Y%m%d}"
    draft = draft.with_plain_header("X-Amz-Date", stamp)
    if keys.session_token is not None:
        draft = draft.with_header("X-Amz-Security-Token", keys.session_token.reveal())
    if sign.service == "s3":
        draft = draft.with_plain_header("X-Amz-Content-Sha256", body_sha256(draft))
    names = _signed_names(draft, sign)
    scope = f"{day}/{sign.region}/{sign.service}/aws4_request"
    hashed = hashlib.sha256(canonical_request(draft, sign.service, names)).hexdigest()
    text = f"{ALGORITHM}\n{stamp}\n{scope}\n{hashed}"
    key = keys.secret_key.to_bytes()
    signature = _mac(signing_key(key, day, sign.region, sign.service), text).hex()
    return draft.with_header(
        "Authorization",
        f"{ALGORITHM} Credential={keys.access_key}/{scope}, "
        f"SignedHeaders={';'.join(names)}, Signature={signature}",
    )


def canonical_request(draft: Draft, service: str, names: tuple[str, ...]) -> bytes:
    """Return the request in the one form that both sides can make of it."""
    target = target_of(draft)
    lines = (
        draft.method,
        _canonical_path(target.path, service),
        _canonical_query(target.query or ""),
        *(f"{name}:{_canonical_value(draft, name, target.authority)}" for name in names),
        "",
        ";".join(names),
        body_sha256(draft),
    )
    return _bytes("\n".join(lines))


def signing_key(secret: bytes, day: str, region: str, service: str) -> bytes:
    """Return the key of one day, region and service."""
    key = b"AWS4" + secret
    for part in (day, region, service, "aws4_request"):
        key = _mac(key, part)
    return key


def _signed_names(draft: Draft, sign: SigV4Sign) -> tuple[str, ...]:
    present = {"host"} | {name.lower() for name, _ in draft.headers}
    if sign.signed_headers is not None:
        wanted = {name.lower() for name in sign.signed_headers}
        for name in sorted(wanted - present):
            raise SourceError(
                f"cannot sign: the request has no header `{name}`, which `signed_headers` names",
                hint="add the header, or take it out of `signed_headers`",
            )
        return tuple(sorted(wanted))
    return tuple(sorted(present - UNSIGNED_HEADERS))


def _canonical_path(path: str, service: str) -> str:
    """Encode the path once more, dot segments removed; S3 alone takes it as it is."""
    if service == "s3":
        return quote(unquote_to_bytes(_bytes(path)), safe="/" + _UNRESERVED)
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in {"", "."}:
            kept.append(segment)
    plain = "/".join(kept)
    end = "/" if plain and path.endswith("/") else ""
    return quote(_bytes(f"/{plain}{end}"), safe="/" + _UNRESERVED)


def _canonical_query(query: str) -> str:
    pairs = (part.partition("=") for part in query.split("&") if part)
    encoded = sorted((_encoded(name), _encoded(value)) for name, _, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)


def _encoded(text: str) -> str:
    return quote(unquote_to_bytes(_bytes(text)), safe=_UNRESERVED)


def _canonical_value(draft: Draft, name: str, authority: str) -> str:
    values = [" ".join(value.split()) for key, value in draft.headers if key.lower() == name]
    return authority if name == "host" else ",".join(values)


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, _bytes(text), "sha256")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
