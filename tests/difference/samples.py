"""Redacted exchanges for comparisons, each with what a test changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from functools import cache

from redaction.samples import exchange, made_up

from harness.difference.difference import Difference, Kind, Weight
from harness.difference.likeness import Scope
from harness.model.exchange import RedactedExchange, RedactedResponse
from harness.model.wire import RedactedMessage, RedactedWire, TlsFacts
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

ONE = Scope(one_cassette=True)
TWO = Scope(one_cassette=False)
ASKED = RedactedMessage(
    lines=("POST /chat/completions HTTP/1.1", "Host: api.deepseek.com", "Accept: */*")
)
ANSWERED = RedactedMessage(lines=("HTTP/1.1 401 Unauthorized", "Server: openresty"))
TLS = TlsFacts(version="TLSv1.3", sni="api.deepseek.com", issuer="CN=Root", subject="CN=A")
WIRE = RedactedWire(
    sent=ASKED, received=ANSWERED, peer="192.0.2.1:443", local="127.0.0.1:5000", tls=TLS, tries=1
)
MIRRORED = {Kind.ONLY_A: Kind.ONLY_B, Kind.ONLY_B: Kind.ONLY_A}


def redacted(**changes: object) -> RedactedExchange:
    """A request with one key `s1` and its 401, with some fields replaced."""
    return dataclasses.replace(_plain(), **changes)  # type: ignore[arg-type]


@cache
def _plain() -> RedactedExchange:
    return Redactor(SecretRegistry()).redact(exchange(made_up(1)))


def answer(status: int = 200, body: str = "{}", **fields: object) -> RedactedResponse:
    made = RedactedResponse(status=status, reason="Said", headers=(), body=body)
    return dataclasses.replace(made, **fields)  # type: ignore[arg-type]


def told(found: Iterable[Difference]) -> list[tuple[str, str | None, str | None, str]]:
    """What counts of the differences: place, both sides, words."""
    return [
        (one.place, one.left, one.right, one.words) for one in found if one.weight is Weight.DIFFERS
    ]


def aside(found: Iterable[Difference]) -> dict[str, str]:
    """Why each place is set aside."""
    return {one.place: one.words for one in found if one.weight is Weight.SET_ASIDE}


def mirrored(one: Difference) -> tuple[object, ...]:
    kind = MIRRORED.get(one.kind, one.kind)
    return (one.part, kind, one.right, one.left, one.weight)


def plain(one: Difference) -> tuple[object, ...]:
    return (one.part, one.kind, one.left, one.right, one.weight)
