"""A server that wants HTTP Basic credentials (RFC 7617) with a good key as the password."""

from __future__ import annotations

from collections.abc import Callable

from harness.lab.http_message import Answer, Clock, Request
from harness.lab.providers.credentials import basic_credentials
from harness.lab.providers.json_answer import account_answer, json_answer
from harness.model.scenario import LabKeyKind


class HttpBasic:
    """Takes any user name; with an empty password the user name is the key, as some APIs do."""

    def __init__(self, standing: Callable[[str], LabKeyKind], *, now: Clock) -> None:
        """Ask `standing` what to think of a password."""
        self._standing = standing
        self._now = now

    def __call__(self, request: Request) -> Answer:
        """Return the answer; the path plays no part."""
        credentials = basic_credentials(next(iter(request.values("Authorization")), ""))
        if credentials is None:
            return self._unauthorized()
        username, password = credentials
        standing = self._standing(password or username)
        if standing in {LabKeyKind.UNKNOWN, LabKeyKind.REVOKED}:
            return self._unauthorized()
        return account_answer(standing, now=self._now) or json_answer(
            200, "OK", {"authenticated": True}, now=self._now
        )

    def _unauthorized(self) -> Answer:
        headers = (("WWW-Authenticate", 'Basic realm="lab", charset="UTF-8"'),)
        document = {"error": "unauthorized"}
        return json_answer(401, "Unauthorized", dict(document), now=self._now, headers=headers)
