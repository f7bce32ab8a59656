"""Compare what came back: status, failure, headers, body."""

from __future__ import annotations

from collections.abc import Iterator

from harness.difference.bodies import compare_bodies
from harness.difference.difference import Difference, Part
from harness.difference.judgement import Pair, judge
from harness.difference.likeness import Likeness, Scope, liken
from harness.difference.named_fields import FieldRules, NamedField, compare_fields
from harness.difference.request_part import header_fields, same_header
from harness.difference.volatile import (
    BODY_LENGTH,
    COMPUTED_ANEW,
    header_reason,
    is_issued_by,
)
from harness.model.exchange import Failure, RedactedExchange, RedactedResponse


def compare_answers(
    left: RedactedExchange, right: RedactedExchange, scope: Scope
) -> Iterator[Difference]:
    """Yield what differs between two answers, or between an answer and a failure."""
    failures = (_failure(left.failure), _failure(right.failure))
    yield from judge(Pair(Part.FAILURE, "failure", *failures), scope)
    one, other = left.response, right.response
    yield from judge(Pair(Part.STATUS, "status", _status(one), _status(other)), scope)
    if one is None or other is None:
        return
    givers = (_giver(one), _giver(other))
    yield from judge(Pair(Part.STATUS, "who answered", *givers), scope)
    versions = (_version(left), _version(right))
    if None not in versions:
        yield from judge(Pair(Part.STATUS, "HTTP version of the answer", *versions), scope)
    yield from _compare_headers(one, other, scope)
    yield from compare_bodies(one.body, other.body, Part.ANSWER_BODY, scope)
    wholes = (_whole(one), _whole(other))
    yield from judge(Pair(Part.ANSWER_BODY, "end of the body", *wholes), scope)


def _compare_headers(
    left: RedactedResponse, right: RedactedResponse, scope: Scope
) -> Iterator[Difference]:
    bodies_differ = left.body != right.body

    def reason_of(a: NamedField, b: NamedField) -> str:
        name = same_header(a.name)
        if name == "content-length" and bodies_differ:
            return BODY_LENGTH
        if is_issued_by(name) and _one_shape(a.value, b.value):
            return COMPUTED_ANEW
        return header_reason(name)

    rules = FieldRules(
        part=Part.ANSWER_HEADERS,
        order_place="order of the headers",
        part_of=lambda _left, _right: Part.ANSWER_HEADERS,
        reason_of=reason_of,
        key_of=same_header,
    )
    yield from compare_fields(
        header_fields(left.headers), header_fields(right.headers), rules, scope
    )


def _one_shape(left: str, right: str) -> bool:
    return liken(left, right, Scope(one_cassette=False)).likeness <= Likeness.OPEN


def _status(response: RedactedResponse | None) -> str | None:
    return f"{response.status} {response.reason}".strip() if response else None


def _giver(response: RedactedResponse) -> str:
    return "the proxy" if response.from_proxy else "the server"


def _version(exchange: RedactedExchange) -> str | None:
    lines = exchange.wire.received.lines if exchange.wire else ()
    return lines[0].partition(" ")[0] if lines else None


def _whole(response: RedactedResponse) -> str:
    return "cut off" if response.body_truncated else "whole"


def _failure(failure: Failure | None) -> str | None:
    return f"{failure.phase}/{failure.kind}: {failure.message}" if failure else None
