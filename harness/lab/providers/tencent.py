"""A Tencent-like service: TC3-HMAC-SHA256, refusals as 200 with an error inside `Response`."""

from __future__ import annotations

import hmac
import uuid
from random import Random

from harness.lab.http_message import Answer, Clock, Request
from harness.lab.providers.json_answer import account_answer, json_answer
from harness.lab.providers.key_finder import (
    Registered,
    as_draft,
    scoped_credentials,
    signer_standing,
)
from harness.model.request import Json
from harness.model.scenario import LabKeyKind
from harness.signing.tc3 import ALGORITHM, SIGNED_HEADERS, signing_key, string_to_sign


class TencentService:
    """Checks the time, then the signature; any secret id will do. Its window is 5 minutes."""

    def __init__(
        self, registered: Registered, *, leeway_seconds: float, random: Random, now: Clock
    ) -> None:
        """Try the secrets of `registered`; `random` makes request ids, never keys."""
        self._registered = registered
        self._leeway_seconds = leeway_seconds
        self._random = random
        self._now = now

    def __call__(self, request: Request) -> Answer:
        """Return the answer; nothing is done but verifying."""
        value = next(iter(request.values("Authorization")), "")
        fields = scoped_credentials(value, ALGORITHM)
        stamp = next(iter(request.values("X-TC-Timestamp")), "")
        if fields is None or not (stamp.isascii() and stamp.isdecimal()):
            return self._refusal("InvalidAuthorization", "no usable Authorization header")
        if abs(int(stamp) - self._now()) > self._leeway_seconds:
            return self._refusal("SignatureExpire", "the signature is too old or from the future")
        scope = fields["Credential"].split("/")
        if len(scope) != 4 or fields["SignedHeaders"].split(";") != [*SIGNED_HEADERS]:  # noqa: PLR2004
            return self._refusal("InvalidAuthorization", "no usable Authorization header")
        _, day, service, _ = scope
        text = string_to_sign(as_draft(request), service, int(stamp))
        raw = text.encode("utf-8", "surrogateescape")
        standing = signer_standing(
            self._registered,
            fields["Signature"],
            lambda key: hmac.digest(signing_key(key, day, service), raw, "sha256").hex(),
        )
        if standing in {LabKeyKind.UNKNOWN, LabKeyKind.REVOKED}:
            return self._refusal("SignatureFailure", "the signature does not match")
        return account_answer(standing, now=self._now) or self._answer({"Authenticated": True})

    def _refusal(self, code: str, message: str) -> Answer:
        return self._answer({"Error": {"Code": f"AuthFailure.{code}", "Message": message}})

    def _answer(self, response: dict[str, Json]) -> Answer:
        request_id = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        document: Json = {"Response": {**response, "RequestId": request_id}}
        return json_answer(200, "OK", document, now=self._now)
