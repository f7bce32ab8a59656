"""A resource server that takes any good key as a bearer token (RFC 6750)."""

from __future__ import annotations

from collections.abc import Callable

from harness.lab.http_message import Answer, Clock, Request
from harness.lab.providers.credentials import bearer_token
from harness.lab.providers.json_answer import account_answer, json_answer
from harness.model.scenario import LabKeyKind

_REALM = 'Bearer realm="lab"'


class HttpBearer:
    """Answers 401 with a Bearer challenge, 400 for a malformed credential, else 200."""

    def __init__(self, standing: Callable[[str], LabKeyKind], *, now: Clock) -> None:
        """Ask `standing` what to think of a token."""
        self._standing = standing
        self._now = now

    def __call__(self, request: Request) -> Answer:
        """Return the answer; the path plays no part."""
        value = next(iter(request.values("Authorization")), "")
        if value.partition(" ")[0].lower() != "bearer":
            # RFC 6750 section 3: no error code where no bearer credential was given.
            return self._challenge(401, "Unauthorized", _REALM, "unauthorized")
        token = bearer_token(value)
        if token is None:
            challenge = f'{_REALM}, error="invalid_request"'
            return self._challenge(400, "Bad Request", challenge, "invalid_request")
        standing = self._standing(token)
        if standing in {LabKeyKind.UNKNOWN, LabKeyKind.REVOKED}:
            text = "token is revoked" if standing is LabKeyKind.REVOKED else "token is not known"
            challenge = f'{_REALM}, error="invalid_token", error_description="{text}"'
            return self._challenge(401, "Unauthorized", challenge, "invalid_token")
        return account_answer(standing, now=self._now) or json_answer(
            200, "OK", {"authenticated": True}, now=self._now
        )

    def _challenge(self, status: int, reason: str, challenge: str, error: str) -> Answer:
        headers = (("WWW-Authenticate", challenge),)
        return json_answer(status, reason, {"error": error}, now=self._now, headers=headers)
