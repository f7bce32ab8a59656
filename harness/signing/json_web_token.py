"""A JSON Web Token whose time claims follow the variant's clock, never the process's."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

from harness.errors import SourceError
from harness.model.request import Json, JwtSign
from harness.model.secret import Secret
from harness.signing.draft import Draft

UNITS_PER_SECOND = {"s": 1, "ms": 1000}
KLING_LEEWAY_SECONDS = 5


def sign_jwt(
    draft: Draft, sign: JwtSign, secret: Secret, now: float, issuer: str | None = None
) -> Draft:
    """Set `Authorization: Bearer <JWT>` with its times counted from `now`.

    `now` is in seconds since the epoch, the clock's offset already in it. Claims and headers
    given in the scenario win over those made here (RFC 7519, section 4.1).

    Raises:
        SourceError: the secret or a header does not fit the algorithm, so nothing can be signed.
    """
    import jwt  # noqa: PLC0415 - brings cryptography along; only signing needs it

    headers = dict(sign.headers)
    if sign.preset == "glm":
        key_id, secret = _glm_parts(secret)
        headers = {"sign_type": "SIGN", **headers}
        claims: dict[str, Json] = {"api_key": key_id}
    else:
        claims = {} if issuer is None else {"iss": issuer}
    claims |= _times(sign, now) | dict(sign.claims)
    try:
        with warnings.catch_warnings():
            # A short secret is the scenario's business; the server is what judges it.
            warnings.simplefilter("ignore", jwt.warnings.InsecureKeyLengthWarning)
            token = jwt.encode(claims, secret.to_bytes(), algorithm=sign.algorithm, headers=headers)
    except (jwt.PyJWTError, ValueError, TypeError, NotImplementedError):
        _refuse_headers(headers, sign.algorithm)
        raise SourceError(
            f"cannot sign a JWT with {sign.algorithm} and the secret from {secret.provenance}",
            hint="is the secret of the kind that the algorithm needs (PEM for RS…, ES…, PS…)?",
        ) from None
    return draft.with_header("Authorization", f"Bearer {token}")


def _refuse_headers(headers: Mapping[str, Json], algorithm: str) -> None:
    """Say which of the token's headers is why it cannot be signed, if one is.

    Raises:
        SourceError: one is.
    """
    named = headers.get("alg", algorithm)
    if named != algorithm:
        raise SourceError(
            f"cannot sign a JWT: its header `alg` says {named}, and `alg` {algorithm}",
            hint="name the algorithm with `alg` beside `headers`, and take it out of `headers`",
        )
    if not isinstance(headers.get("kid", ""), str):
        raise SourceError(
            "cannot sign a JWT: its header `kid` is no text", hint="write it in quotes"
        )


def _times(sign: JwtSign, now: float) -> dict[str, Json]:
    unit = UNITS_PER_SECOND[sign.unit]
    issued, expires = int(now * unit), int((now + sign.ttl_seconds) * unit)
    match sign.preset:
        case "glm":
            return {"exp": expires, "timestamp": issued}
        case "kling":
            return {"exp": expires, "nbf": int((now - KLING_LEEWAY_SECONDS) * unit)}
        case _:
            return {"iat": issued, "nbf": issued, "exp": expires}


def _glm_parts(secret: Secret) -> tuple[str, Secret]:
    """Return the id, which goes into the token, and the secret that signs it."""
    key_id, dot, value = secret.reveal().partition(".")
    if not dot or not key_id or not value:
        raise SourceError(
            f"cannot sign a GLM token with the key from {secret.provenance}",
            hint="such a key is `<id>.<secret>`, with a dot in between",
        )
    return key_id, Secret(value, secret.provenance)
