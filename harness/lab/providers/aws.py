"""An AWS-like service: Signature Version 4, refusals as 403 in the form of AWS.

Chosen, because no recording shows it: the order of the checks; that a region counts as wrong
when the host names another (`service.region.amazonaws.com`).
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

from harness.lab.http_message import Answer, Clock, Request
from harness.lab.providers.json_answer import account_answer, json_answer
from harness.lab.providers.key_finder import (
    Registered,
    as_draft,
    scoped_credentials,
    signer_standing,
)
from harness.model.scenario import LabKeyKind
from harness.signing.sigv4 import ALGORITHM, canonical_request, signing_key

_STAMP = "%Y%m%dT%H%M%SZ"
_SCOPE_PARTS = 5
_MISMATCH = "The request signature is not the one that was calculated here."


class AwsService:
    """Checks scope, time, set of headers and signature; any access key id will do."""

    def __init__(self, registered: Registered, *, leeway_seconds: float, now: Clock) -> None:
        """Try the secrets of `registered`; allow clocks to differ by `leeway_seconds`."""
        self._registered = registered
        self._leeway_seconds = leeway_seconds
        self._now = now

    def __call__(self, request: Request) -> Answer:
        """Return the answer; the path plays no part but being signed."""
        value = next(iter(request.values("Authorization")), "")
        fields = scoped_credentials(value, ALGORITHM)
        if fields is None:
            return self._refusal("MissingAuthenticationToken", "Missing Authentication Token")
        scope = fields["Credential"].split("/")
        stamp = next(iter(request.values("X-Amz-Date")), "")
        names = tuple(fields["SignedHeaders"].split(";"))
        fault = self._fault_of_scope(scope, request) or self._fault_of_time(stamp)
        fault = fault or _fault_of_headers(request, names)
        if fault:
            return self._refusal("InvalidSignatureException", fault)
        _, day, region, service, _ = scope
        hashed = hashlib.sha256(canonical_request(as_draft(request), service, names)).hexdigest()
        text = f"{ALGORITHM}\n{stamp}\n{'/'.join(scope[1:])}\n{hashed}"
        raw = text.encode("utf-8", "surrogateescape")
        standing = signer_standing(
            self._registered,
            fields["Signature"],
            lambda key: hmac.digest(signing_key(key, day, region, service), raw, "sha256").hex(),
        )
        if standing is LabKeyKind.REVOKED:
            message = "The security token is not valid."
            return self._refusal("UnrecognizedClientException", message)
        if standing is LabKeyKind.UNKNOWN:
            return self._refusal("InvalidSignatureException", _MISMATCH)
        return account_answer(standing, now=self._now) or json_answer(
            200, "OK", {"authenticated": True}, now=self._now
        )

    def _fault_of_scope(self, scope: list[str], request: Request) -> str:
        if len(scope) != _SCOPE_PARTS or scope[-1] != "aws4_request":
            return "Credential must have exactly 5 slash-delimited elements"
        host = request.authority.split(".")
        if "amazonaws" in host and scope[2] not in host:
            return f"Credential should be scoped to a valid region, not '{scope[2]}'."
        return ""

    def _fault_of_time(self, stamp: str) -> str:
        try:
            signed = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            return "Date must be in ISO-8601 'basic format'"
        ahead = signed.timestamp() - self._now()
        here, minutes = _written(self._now()), f"{self._leeway_seconds / 60:g} min."
        if ahead < -self._leeway_seconds:
            edge = _written(self._now() - self._leeway_seconds)
            return f"Signature expired: {stamp} is now earlier than {edge} ({here} - {minutes})"
        if ahead > self._leeway_seconds:
            edge = _written(self._now() + self._leeway_seconds)
            late = f"{stamp} is still later than {edge} ({here} + {minutes})"
            return f"Signature not yet current: {late}"
        return ""

    def _refusal(self, kind: str, message: str) -> Answer:
        headers = (("x-amzn-ErrorType", kind),)
        return json_answer(403, "Forbidden", {"message": message}, now=self._now, headers=headers)


def _fault_of_headers(request: Request, names: tuple[str, ...]) -> str:
    if "host" not in names:
        return "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
    present = {name.lower() for name, _ in request.headers}
    if any(name.startswith("x-amz-") and name not in names for name in present):
        return "There were headers present in the request which were not signed"
    return ""


def _written(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):{_STAMP}}"
