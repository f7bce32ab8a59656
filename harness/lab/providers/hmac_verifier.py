"""A server that wants `X-Timestamp` and `X-Signature`: the defaults of `sign: {hmac: {}}`."""

from __future__ import annotations

import hashlib
import hmac

from harness.lab.http_message import Answer, Clock, Request
from harness.lab.providers.json_answer import account_answer, json_answer
from harness.lab.providers.key_finder import Registered, signer_standing
from harness.model.scenario import LabKeyKind


class HmacVerifier:
    """Checks the time against its own clock first, then HMAC-SHA256 over four lines in hex.

    The lines are the method, the path, the time in seconds and the SHA-256 of the body.
    """

    def __init__(self, registered: Registered, *, leeway_seconds: float, now: Clock) -> None:
        """Try the secrets of `registered`; allow clocks to differ by `leeway_seconds`."""
        self._registered = registered
        self._leeway_seconds = leeway_seconds
        self._now = now

    def __call__(self, request: Request) -> Answer:
        """Return the answer; the path plays no part but being signed."""
        stamp = next(iter(request.values("X-Timestamp")), "")
        signature = next(iter(request.values("X-Signature")), "")
        if not stamp or not signature:
            return self._refusal("missing X-Timestamp or X-Signature")
        if not (stamp.isascii() and stamp.isdecimal()):
            return self._refusal("X-Timestamp must be seconds since the epoch")
        if abs(int(stamp) - self._now()) > self._leeway_seconds:
            return self._refusal(
                "signature expired: X-Timestamp is more than "
                f"{self._leeway_seconds:g} seconds from the server's time"
            )
        body = hashlib.sha256(request.body).hexdigest()
        text = f"{request.method}\n{request.path}\n{stamp}\n{body}"
        raw = text.encode("utf-8", "surrogateescape")
        standing = signer_standing(
            self._registered, signature, lambda key: hmac.digest(key, raw, "sha256").hex()
        )
        if standing in {LabKeyKind.UNKNOWN, LabKeyKind.REVOKED}:
            return self._refusal("the signature does not match")
        return account_answer(standing, now=self._now) or json_answer(
            200, "OK", {"authenticated": True}, now=self._now
        )

    def _refusal(self, message: str) -> Answer:
        document = {"error": "invalid_signature", "message": message}
        return json_answer(401, "Unauthorized", dict(document), now=self._now)
