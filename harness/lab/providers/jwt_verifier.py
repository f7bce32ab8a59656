"""A server that takes a JSON Web Token signed with a good key and in time for its own clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.lab.http_message import Answer, Clock, Request
from harness.lab.providers.credentials import bearer_token
from harness.lab.providers.json_answer import account_answer, json_answer
from harness.model.scenario import LabKeyKind

if TYPE_CHECKING:
    from jwt.types import Options

_REALM = 'Bearer realm="lab"'


class JwtVerifier:
    """Checks a signature (RFC 7515), then `exp`, `nbf` and `iat` (RFC 7519) with leeway.

    The challenge names the claim that failed, in the words of the widespread verifier `jose`.
    """

    def __init__(
        self,
        registered: Callable[[], tuple[tuple[str, LabKeyKind], ...]],
        *,
        leeway_seconds: float,
        now: Clock,
    ) -> None:
        """Try the secrets of `registered`; allow clocks to differ by `leeway_seconds`."""
        self._registered = registered
        self._leeway_seconds = leeway_seconds
        self._now = now

    def __call__(self, request: Request) -> Answer:
        """Return the answer; the path plays no part."""
        value = next(iter(request.values("Authorization")), "")
        if value.partition(" ")[0].lower() != "bearer":
            return self._challenge(401, "Unauthorized", _REALM, "unauthorized")
        token = bearer_token(value)
        if token is None:
            challenge = f'{_REALM}, error="invalid_request"'
            return self._challenge(400, "Bad Request", challenge, "invalid_request")
        claims, standing, fault = self._verify(token)
        fault = fault or self._time_fault(claims)
        if fault:
            challenge = f'{_REALM}, error="invalid_token", error_description="{fault}"'
            return self._challenge(401, "Unauthorized", challenge, "invalid_token")
        return account_answer(standing, now=self._now) or json_answer(
            200, "OK", {"authenticated": True}, now=self._now
        )

    def _verify(self, token: str) -> tuple[dict[str, object], LabKeyKind, str]:
        """Return claims, the signer's standing, and what is wrong, empty when nothing is."""
        # Lazy: PyJWT loads cryptography, which only this provider needs.
        import jwt  # noqa: PLC0415

        from harness.lab.key_pairs import checking_key  # noqa: PLC0415 - brings cryptography

        options: Options = {
            "verify_exp": False,
            "verify_nbf": False,
            "verify_iat": False,
            "verify_aud": False,
            "verify_sub": False,
            "verify_jti": False,
        }
        raw = token.encode("utf-8", "surrogateescape")
        fault = "signature verification failed"
        for secret, standing in self._registered():
            key, algorithms = checking_key(secret)
            try:
                claims = jwt.decode(raw, key, algorithms=algorithms, options=options)
            except (jwt.InvalidSignatureError, jwt.InvalidKeyError):
                continue
            except jwt.InvalidAlgorithmError:
                fault = "the algorithm is none that such a key signs with"
                continue
            except jwt.InvalidTokenError:
                return {}, standing, "the token is malformed"
            fault = "the key is revoked" if standing is LabKeyKind.REVOKED else ""
            return claims, standing, fault
        return {}, LabKeyKind.UNKNOWN, fault

    def _time_fault(self, claims: dict[str, object]) -> str:
        for name in ("exp", "nbf", "iat"):
            value = claims.get(name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                return f"'{name}' claim must be a number"
            ahead = value - self._now()
            late = name == "exp" and ahead + self._leeway_seconds <= 0
            early = name != "exp" and ahead - self._leeway_seconds > 0
            if late or early:
                return f"'{name}' claim timestamp check failed"
        return ""

    def _challenge(self, status: int, reason: str, challenge: str, error: str) -> Answer:
        headers = (("WWW-Authenticate", challenge),)
        return json_answer(status, reason, {"error": error}, now=self._now, headers=headers)
