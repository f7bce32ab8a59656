"""A JSON Web Token whose time claims follow the variant's clock, never the process's."""

from __future__ import annotations

import warnings

from harness.errors import SourceError
from harness.model.request import Json, JwtSign
from harness.model.secret import Secret
from harness.signing.draft import Draft

UNITS_PER_SECOND = {"s": 1, "ms": 1000}


def sign_jwt(draft: Draft, sign: JwtSign, secret: Secret, now: float) -> Draft:
    """Set `Authorization: Bearer <JWT>` with `iat`, `nbf` and `exp` counted from `now`.

    `now` is in seconds since the epoch, the clock's offset already in it. Claims given in the
    scenario win over these three (RFC 7519, section 4.1).

    Raises:
        SourceError: the secret does not fit the algorithm, so nothing can be signed.
    """
    import jwt  # noqa: PLC0415 - brings cryptography along; only signing needs it

    unit = UNITS_PER_SECOND[sign.unit]
    claims: dict[str, Json] = {
        "iat": int(now * unit),
        "nbf": int(now * unit),
        "exp": int((now + sign.ttl_seconds) * unit),
        **sign.claims,
    }
    try:
        with warnings.catch_warnings():
            # A short secret is the scenario's business; the server is what judges it.
            warnings.simplefilter("ignore", jwt.warnings.InsecureKeyLengthWarning)
            token = jwt.encode(
                claims, secret.to_bytes(), algorithm=sign.algorithm, headers=dict(sign.headers)
            )
    except (jwt.PyJWTError, ValueError, TypeError, NotImplementedError):
        raise SourceError(
            f"cannot sign a JWT with {sign.algorithm} and the secret from {secret.provenance}",
            hint="is the secret of the kind that the algorithm needs (PEM for RS…, ES…, PS…)?",
        ) from None
    return draft.with_header("Authorization", f"Bearer {token}")
