"""A DeepSeek-like gateway: status lines, headers and bodies as recorded from the real one.

Known from recordings: the answer without a header (status line, headers, the 31 bytes, no
Content-Type, no WWW-Authenticate), the text for a malformed header, the JSON for an unknown key
in its three wordings, 402 and the 400 for an unknown model. Chosen, because no recording
shows it: the scheme is taken in any case (RFC 9110 section 11.1); a value that is not
`Bearer` and one word is malformed, and is answered by the same layer as a missing one; the key
is checked before the path, and the account only where it costs something; a key shorter than
four characters is echoed whole behind the stars; `Authorization` wins over `x-api-key`; a key
that may not be used gets the 403 page of the layer in front, as a blocked network does.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from harness.errors import UsageError
from harness.lab.http_message import Answer, Clock, Request, error_page, http_date
from harness.lab.providers.credentials import bearer_token
from harness.lab.providers.deepseek_api import ApiReply, api_reply
from harness.lab.providers.json_answer import compact_json
from harness.model.request import HeaderPairs, Json
from harness.model.scenario import LabKeyKind

NO_HEADER = b"Authentication Fails (governor)"
MALFORMED_HEADER = b"Authentication Fails (auth header format should be Bearer sk-...)"
WORDINGS = ("current", "without-request-id", "legacy")
"""Since September 2026; before that; and that of January and February 2025."""

_VARY = "origin, access-control-request-method, access-control-request-headers"
_HSTS = "max-age=31536000; includeSubDomains; preload"


@dataclass(frozen=True, slots=True)
class _Fault:
    status: int
    reason: str
    message: str
    type: str


class DeepSeekGateway:
    """Answers for the bases `/`, `/v1`, `/beta` and `/anthropic` on any host."""

    def __init__(
        self,
        standing: Callable[[str], LabKeyKind],
        *,
        wording: str,
        random: Random,
        now: Clock,
    ) -> None:
        """Ask `standing` what to think of a key; `random` makes trace ids, never keys.

        Raises:
            UsageError: there is no such wording.
        """
        if wording not in WORDINGS:
            raise UsageError(
                f"lab.wording: {wording!r} is not known", hint=f"use one of {', '.join(WORDINGS)}"
            )
        self._standing = standing
        self._wording = wording
        self._random = random
        self._now = now

    def __call__(self, request: Request) -> Answer:
        """Return the answer to any request."""
        on_anthropic = request.path.startswith("/anthropic/")
        api_keys = request.values("x-api-key") if on_anthropic else ()
        authorizations = request.values("Authorization")
        if not (authorizations or api_keys):
            return self._text(NO_HEADER)
        token = bearer_token(authorizations[0]) if authorizations else api_keys[0]
        if not token:
            return self._text(MALFORMED_HEADER)
        standing = self._standing(token)
        if standing in {LabKeyKind.UNKNOWN, LabKeyKind.REVOKED}:
            return self._fault(
                _Fault(401, "Unauthorized", self._invalid_key(token), "authentication_error")
            )
        if standing is LabKeyKind.FORBIDDEN:
            return error_page(403, "Forbidden", server="openresty", now=self._now)
        reply = api_reply(request, created=int(self._now()), new_id=self._new_uuid)
        return (reply.costs and self._account_fault(standing)) or self._reply(reply)

    def _invalid_key(self, token: str) -> str:
        if self._wording == "legacy":
            return "Authentication Fails (no such user)"
        message = f"Authentication Fails, Your api key: ****{token[-4:]} is invalid"
        if self._wording == "without-request-id":
            return message
        return f"{message} (request_id: {self._new_uuid()})"

    def _account_fault(self, standing: LabKeyKind) -> Answer | None:
        if standing is LabKeyKind.NO_BALANCE:
            return self._fault(
                _Fault(402, "Payment Required", "Insufficient Balance", "unknown_error")
            )
        if standing is LabKeyKind.RATE_LIMITED:
            return self._fault(
                _Fault(429, "Too Many Requests", "Rate limit reached", "unknown_error")
            )
        return None

    def _fault(self, fault: _Fault) -> Answer:
        error: dict[str, Json] = {
            "message": fault.message,
            "type": fault.type,
            "param": None,
            "code": "invalid_request_error",
        }
        body = compact_json({"error": error})
        return self._answer(fault.status, fault.reason, body, "application/json")

    def _reply(self, reply: ApiReply) -> Answer:
        return self._answer(
            reply.status, reply.reason, reply.body, reply.content_type, reply.headers
        )

    def _text(self, body: bytes) -> Answer:
        return self._answer(401, "Authorization Required", body, "")

    def _answer(
        self, status: int, reason: str, body: bytes, content_type: str, more: HeaderPairs = ()
    ) -> Answer:
        kind = (("Content-Type", content_type),) if content_type else ()
        headers = (
            ("Server", "openresty"),
            ("vary", _VARY),
            ("access-control-allow-credentials", "true"),
            ("x-ds-trace-id", f"{self._random.getrandbits(128):032x}"),
            ("Strict-Transport-Security", _HSTS),
            ("X-Content-Type-Options", "nosniff"),
            *kind,
            *more,
            ("Content-Length", str(len(body))),
            ("Date", http_date(self._now)),
            ("EO-LOG-UUID", str(self._random.getrandbits(64))),
            ("EO-Cache-Status", "MISS"),
        )
        return Answer(status, reason, headers, body)

    def _new_uuid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))
