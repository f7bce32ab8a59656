"""Comparisons that a report must read well in."""

from __future__ import annotations

import json
from collections.abc import Callable

from difference.samples import WIRE, answer, redacted

from harness.difference.compare import compare
from harness.difference.result import DiffResult, Side
from harness.model.exchange import ExchangeKey, Failure, Phase, RedactedExchange, Timing
from harness.model.outcome import Outcome

HOSTILE = "\x1b]8;;http://evil.example\x07\u202e<script>\r\n\u200b" + "W" * 90 + "\ud800"
QUOTED = (("Authorization", "Bearer RDX~s2.sk.L36.Chex.wtdq1~"),)
PLAIN = (("Authorization", "Bearer RDX~s1.sk.L35.Chex~"),)


def result(
    left: RedactedExchange,
    right: RedactedExchange,
    *,
    one_cassette: bool = True,
    outcomes: tuple[Outcome, Outcome] = (Outcome.PASS, Outcome.DENIED),
) -> DiffResult:
    sides = (
        Side("cassettes/deepseek-401.yaml", left, outcomes[0]),
        Side("cassettes/deepseek-401.yaml", right, outcomes[1]),
    )
    comparison = compare(left, right, one_cassette=one_cassette)
    return DiffResult(*sides, comparison, one_cassette=one_cassette)


def key_and_url() -> DiffResult:
    left = redacted(headers_sent=PLAIN, wire=WIRE, response=answer(200, '{"a":1}'))
    right = redacted(
        key=ExchangeKey("key=dotenv,url=v1"),
        headers_sent=QUOTED,
        secret_ids={"key": "s2"},
        url="https://api.deepseek.com/v1/chat/completions?debug=true",
        wire=WIRE,
        sequence=5,
        timing=Timing(1_763_000_000.5, 0.25),
    )
    return result(left, right)


def white_space() -> DiffResult:
    left = redacted(headers_sent=(("X-Tenant", "a b"), ("Accept", "*/*")))
    right = redacted(headers_sent=(("Accept", "*/* "), ("X-Tenant", " a  b")))
    return result(left, right)


def two_cassettes() -> DiffResult:
    return result(redacted(), redacted(), one_cassette=False)


def same() -> DiffResult:
    return result(redacted(), redacted())


def many() -> DiffResult:
    left = answer(200, json.dumps({f"a{number}": 1 for number in range(30)}))
    right = answer(200, json.dumps({"z": "long " * 200}))
    return result(redacted(response=left), redacted(response=right))


def unreachable() -> DiffResult:
    failure = Failure(Phase.CONNECT, "refused", "cannot connect: connection refused")
    right = redacted(headers_sent=(), response=None, failure=failure, proxy="http://127.0.0.1:1")
    return result(redacted(), right, outcomes=(Outcome.DENIED, Outcome.UNREACHABLE))


def hostile() -> DiffResult:
    left = redacted(
        key=ExchangeKey(HOSTILE),
        headers_sent=((HOSTILE, HOSTILE),),
        response=answer(200, HOSTILE, reason=HOSTILE, headers=((HOSTILE, "1"),)),
    )
    right = redacted(
        method=HOSTILE,
        url=f"https://{HOSTILE}/{HOSTILE}?{HOSTILE}#{HOSTILE}",
        proxy=HOSTILE,
        body=HOSTILE,
    )
    return result(left, right)


SAMPLES: dict[str, Callable[[], DiffResult]] = {
    "key_and_url": key_and_url,
    "white_space": white_space,
    "two_cassettes": two_cassettes,
    "same": same,
    "many": many,
    "unreachable": unreachable,
    "hostile": hostile,
}
