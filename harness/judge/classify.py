"""What became of an exchange, by the scenario's rules."""

from __future__ import annotations

import json
import re

from harness.judge.arrival import arrival_outcome
from harness.model.exchange import (
    PROXY_LOGIN,
    Failure,
    Phase,
    RedactedExchange,
    RedactedResponse,
    Step,
)
from harness.model.outcome import (
    Matcher,
    MatchKind,
    Outcome,
    OutcomeRule,
    OutcomeRules,
    Signal,
    StatusRange,
)
from harness.model.request import Json

PROXY_AUTH_REQUIRED = 407
TOKEN_RULES = OutcomeRules(
    denied=(
        OutcomeRule(statuses=(StatusRange(401, 401),)),
        *(
            OutcomeRule(json=(("/error", Matcher(MatchKind.EQUALS, error)),))
            for error in ("invalid_client", "unauthorized_client", "invalid_grant", "access_denied")
        ),
    )
)
"""How a token endpoint refuses a client, whatever the API itself does (RFC 6749, section 5.2)."""


class _Absent:
    """What a pointer finds where there is nothing."""


_ABSENT = _Absent()
_INDEX = re.compile(r"(?:0|[1-9][0-9]{0,9})", re.ASCII)


def classify(exchange: RedactedExchange, rules: OutcomeRules) -> Outcome:
    """Return the outcome of one exchange.

    A 407 that a configured proxy gave is `proxy-denied` before any rule, and so is the refusal
    of a login by a SOCKS proxy; any other answer of a proxy to CONNECT means that the origin was
    not reached. `denied` is tried before `pass`.
    A token endpoint's answer is judged by rules of its own. With the signal `arrival` how the
    made-up key arrived decides.
    """
    response = exchange.response
    if response is None:
        return _without_answer(exchange.failure)
    if response.from_proxy:
        refused = response.status == PROXY_AUTH_REQUIRED
        return Outcome.PROXY_DENIED if refused else Outcome.UNREACHABLE
    if exchange.key.step is Step.AUTH:
        rules = TOKEN_RULES
    if rules.signal is Signal.ARRIVAL:
        return arrival_outcome(exchange)
    if any(_holds(rule, response) for rule in rules.denied):
        return Outcome.DENIED
    if any(_holds(rule, response) for rule in rules.passing):
        return Outcome.PASS
    return Outcome.OTHER


def _without_answer(failure: Failure | None) -> Outcome:
    if failure is not None and failure.phase is Phase.NOT_SENT:
        return Outcome.NOT_SENT
    if failure is not None and failure.kind == PROXY_LOGIN:
        return Outcome.PROXY_DENIED
    return Outcome.UNREACHABLE


def resolve_pointer(document: Json, pointer: str) -> Json | _Absent:
    """Return what an RFC 6901 pointer names, or a mark of absence."""
    found: Json = document
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and name in found:
            found = found[name]
        elif isinstance(found, list) and _INDEX.fullmatch(name) and int(name) < len(found):
            found = found[int(name)]
        else:
            return _ABSENT
    return found


def _holds(rule: OutcomeRule, response: RedactedResponse) -> bool:
    return (
        _status_holds(rule, response.status)
        and all(_header_holds(name, matcher, response) for name, matcher in rule.headers)
        and _json_holds(rule, response.body)
        and all(_matches(matcher, response.body) for matcher in rule.text)
    )


def _status_holds(rule: OutcomeRule, status: int) -> bool:
    return not rule.statuses or any(span.low <= status <= span.high for span in rule.statuses)


def _header_holds(name: str, matcher: Matcher, response: RedactedResponse) -> bool:
    values = [value for key, value in response.headers if key.lower() == name]
    if matcher.kind is MatchKind.PRESENT:
        return bool(values) is bool(matcher.value)
    return any(_matches(matcher, value) for value in values)


def _json_holds(rule: OutcomeRule, body: str) -> bool:
    if not rule.json:
        return True
    try:
        document: Json = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return all(
        _matches(matcher, resolve_pointer(document, pointer)) for pointer, matcher in rule.json
    )


def _matches(matcher: Matcher, found: Json | _Absent) -> bool:
    there = not isinstance(found, _Absent)
    match matcher.kind:
        case MatchKind.PRESENT:
            return there is bool(matcher.value)
        case MatchKind.EQUALS:
            # To Python, True is 1; to JSON it is not.
            same_kind = isinstance(found, bool) is isinstance(matcher.value, bool)
            return there and same_kind and found == matcher.value
        case MatchKind.CONTAINS:
            return isinstance(found, str) and str(matcher.value) in found
