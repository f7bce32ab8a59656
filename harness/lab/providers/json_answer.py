"""JSON answers of the plain providers, and those that speak of the account, not of the key."""

from __future__ import annotations

import json

from harness.lab.http_message import Answer, Clock, http_date
from harness.model.request import HeaderPairs, Json
from harness.model.scenario import LabKeyKind

SERVER = "flip401-lab"


def compact_json(document: Json) -> bytes:
    """Return the document as most servers write it: no spaces, text as UTF-8."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def json_answer(
    status: int, reason: str, document: Json, *, now: Clock, headers: HeaderPairs = ()
) -> Answer:
    """Return an answer with a JSON body; `headers` stand after the usual ones."""
    body = compact_json(document)
    usual = (
        ("Server", SERVER),
        ("Date", http_date(now)),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
    )
    return Answer(status, reason, usual + headers, body)


def account_answer(standing: LabKeyKind, *, now: Clock) -> Answer | None:
    """Return what a known key gets that may not do this now, or None when it may."""
    if standing is LabKeyKind.FORBIDDEN:
        return json_answer(403, "Forbidden", {"error": "not allowed with this key"}, now=now)
    if standing is LabKeyKind.NO_BALANCE:
        return json_answer(402, "Payment Required", {"error": "no balance left"}, now=now)
    if standing is LabKeyKind.RATE_LIMITED:
        retry = (("Retry-After", "1"),)
        return json_answer(
            429, "Too Many Requests", {"error": "rate limited"}, now=now, headers=retry
        )
    return None
