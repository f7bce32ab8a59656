"""Compare two exchanges, part by part."""

from __future__ import annotations

from collections.abc import Mapping

from harness.difference.answer_part import compare_answers
from harness.difference.difference import Comparison
from harness.difference.keys_part import KnownKeys, compare_keys, compare_tokens, fresh_ids
from harness.difference.likeness import Scope
from harness.difference.request_part import compare_requests
from harness.difference.route_part import compare_routes
from harness.difference.timing_part import compare_timing
from harness.model.exchange import RedactedExchange


def compare(
    left: RedactedExchange,
    right: RedactedExchange,
    *,
    one_cassette: bool,
    relations: Mapping[tuple[str, str], str] | None = None,
    known: KnownKeys | None = None,
) -> Comparison:
    """Return everything that differs between A and B.

    `one_cassette` says that both were read from one file at once, so that an id means one value
    in both. `relations` are what that file says of its secrets by their ids, such as
    `{("s2", "s1"): "s2 = s1 + LF"}`.
    `known` are the facts of keys that the runs left beside their exchanges.
    """
    if left is right:
        return Comparison()  # also where a secret without an id leaves it open
    scope = Scope(
        one_cassette=one_cassette,
        relations=relations or {},
        fresh_left=fresh_ids(left),
        fresh_right=fresh_ids(right),
        sent_at=(left.timing.sent_at_utc, right.timing.sent_at_utc),
    )
    return Comparison.of(
        [
            *compare_keys(left, right, scope, known or KnownKeys()),
            *compare_requests(left, right, scope),
            *compare_tokens(left.tokens, right.tokens, scope),
            *compare_routes(left, right, scope),
            *compare_answers(left, right, scope),
            *compare_timing(left, right),
        ]
    )
