"""The answer to a `Digest` challenge (RFC 7616): a pure function of request, secrets, challenge."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.errors import SourceError
from harness.model.request import SignedRequest
from harness.model.secret import Secret
from harness.signing.challenge import DigestChallenge
from harness.signing.draft import Draft
from harness.signing.target import target_of

_NONCE_COUNT = "00000001"
_HASHES: Mapping[str, Callable[[bytes], str]] = {
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
}
"""The algorithms that are answered, the best first; each with a `-sess` form."""


@dataclass(frozen=True, slots=True, repr=False)
class DigestAccount:
    """Who answers: a user name and a password."""

    username: str
    password: Secret

    def __repr__(self) -> str:
        """Say nothing: the name may come from a source too."""
        return "<DigestAccount>"


def chosen(challenges: tuple[DigestChallenge, ...]) -> DigestChallenge:
    """Return the best challenge that can be answered.

    Raises:
        SourceError: there is none.
    """
    for algorithm in _HASHES:
        for challenge in challenges:
            if _base(challenge) == algorithm and (not challenge.qops or _qop(challenge)):
                return challenge
    offered = ", ".join(dict.fromkeys(_offer(challenge) for challenge in challenges))
    raise SourceError(
        f"cannot answer the digest challenge: the server offers {offered} only",
        hint="this version answers MD5 and SHA-256, with qop auth, auth-int or none",
    )


def digest_authorization(
    request: SignedRequest,
    account: DigestAccount,
    challenge: DigestChallenge,
    client_nonce: str | None = None,
) -> str:
    """Return the value of `Authorization`.

    Without a `client_nonce` it is derived from the password and the server's nonce: new for
    every challenge, unknown to others, and the same for the same request.
    """
    hashed, qop = _HASHES[_base(challenge)], _qop(challenge)
    draft = Draft(request.url, request.headers, request.body, frozenset(), request.method)
    uri = target_of(draft).request_target
    nonce, realm = challenge.nonce, challenge.realm
    cnonce = client_nonce or _client_nonce(account.password, f"{nonce}:{request.method}:{uri}")
    user = _bytes(account.username)
    first = hashed(b":".join((user, _bytes(realm), account.password.to_bytes())))
    if challenge.algorithm.upper().endswith("-SESS"):
        first = hashed(_bytes(f"{first}:{nonce}:{cnonce}"))
    second = f"{request.method}:{uri}"
    if qop == "auth-int":
        second += f":{hashed(request.body or b'')}"
    middle = f"{nonce}:{_NONCE_COUNT}:{cnonce}:{qop}" if qop else nonce
    response = hashed(_bytes(f"{first}:{middle}:{hashed(_bytes(second))}"))
    shown_user = account.username
    if challenge.userhash:
        shown_user = hashed(user + b":" + _bytes(realm))
    parts = [
        f"username={_quoted(shown_user)}",
        f"realm={_quoted(realm)}",
        f"nonce={_quoted(nonce)}",
        f"uri={_quoted(uri)}",
        f'response="{response}"',
        f"algorithm={challenge.algorithm}",
    ]
    if qop:
        parts += [f"qop={qop}", f"nc={_NONCE_COUNT}", f"cnonce={_quoted(cnonce)}"]
    if challenge.opaque is not None:
        parts.append(f"opaque={_quoted(challenge.opaque)}")
    if challenge.userhash:
        parts.append("userhash=true")
    return f"Digest {', '.join(parts)}"


def _base(challenge: DigestChallenge) -> str:
    return challenge.algorithm.upper().removesuffix("-SESS")


def _qop(challenge: DigestChallenge) -> str:
    return next((qop for qop in ("auth", "auth-int") if qop in challenge.qops), "")


def _offer(challenge: DigestChallenge) -> str:
    qops = "/".join(challenge.qops)
    return f"{challenge.algorithm} with qop {qops}" if qops else challenge.algorithm


def _client_nonce(password: Secret, context: str) -> str:
    return hmac.digest(password.to_bytes(), _bytes(f"cnonce {context}"), "sha256").hex()[:16]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
