"""Causes when no answer came: nothing was sent, or nobody was reached."""

from __future__ import annotations

from harness.diagnosis.context import FlipContext
from harness.diagnosis.key_words import shape_cause
from harness.diagnosis.rule import Match
from harness.diagnosis.send_remedy import is_of_a_key, send_remedy
from harness.model.exchange import Failure, Phase
from harness.model.key_facts import KeyFacts
from harness.model.outcome import Outcome


def not_sent(context: FlipContext) -> Match | None:
    """Say why nothing left: no key, or a value that the client refuses."""
    if context.failing.outcome is not Outcome.NOT_SENT:
        return None
    for name, facts in context.failing.keys.items():
        if facts.error:
            return _missing_key(context.passing.keys.get(name), facts)
    failure = context.failing.failure
    if failure is None or failure.phase is not Phase.NOT_SENT:
        return None
    remedy = {"send_remedy": send_remedy(context, failure.kind)}
    if not is_of_a_key(failure.kind):
        return Match("L02", facts=remedy)
    passing, failing = context.changed_key() or (None, None)
    code = shape_cause(failing.shape if failing else None, passing.shape if passing else None)
    return Match(code, also=("L02",)) if code else Match("L02", facts=remedy)


def unreachable(context: FlipContext) -> Match | None:
    """Say how far the request got."""
    if context.failing.outcome is not Outcome.UNREACHABLE:
        return None
    failure = context.failing.failure
    if failure is None:
        return Match("N05") if context.failing.answer is not None else None
    return Match(code_of_failure(failure))


def code_of_failure(failure: Failure) -> str:
    """Return the cause that a failure tells of by itself."""
    match failure.phase:
        case Phase.PROXY:
            return _WITH_A_PROXY.get(failure.kind, "N02")
        case Phase.DNS | Phase.CONNECT:
            return "N01"
        case Phase.TLS:
            return "N03"
        case _:
            return "N04"


_WITH_A_PROXY = {
    "proxy-refused": "N05",
    **dict.fromkeys(("not-http", "not-socks", "tls-failed", "disconnected"), "N06"),
    "certificate-not-trusted": "N06",
}


def _missing_key(passing: KeyFacts | None, failing: KeyFacts) -> Match:
    kind, _, name = failing.source.partition(" ")
    facts = {"key_error": failing.error}
    if kind == "env" and passing is not None and not passing.error:
        good_kind, _, rest = passing.source.partition(" ")
        if good_kind == "dotenv" and rest.split()[-1:] == [name]:
            return Match("K06", facts=facts)
    return Match("K01", also=("K06",) if kind == "dotenv" else (), facts=facts)
