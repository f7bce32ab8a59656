"""Causes in time and on the way: clock, token times, proxy, URL."""

from __future__ import annotations

from urllib.parse import urlsplit

from harness.diagnosis.answers import (
    challenges_only,
    lacks_credential,
    rejects_key,
    same_answer,
    says_expired,
    says_not_yet_valid,
    says_signature_time,
)
from harness.diagnosis.context import FlipContext
from harness.diagnosis.facts import url_of
from harness.diagnosis.rule import Match
from harness.model.arrival import Arrival
from harness.model.outcome import Outcome
from harness.model.request import JwtSign, SystemProxy


def clock(context: FlipContext) -> Match | None:
    """Recognise a flip by the clock of what is signed; the server's words win over the sign."""
    ahead = context.failing.plan.clock_seconds - context.passing.plan.clock_seconds
    if not ahead or context.failing.outcome is not Outcome.DENIED:
        return None
    answer = context.failing.answer
    if says_signature_time(answer) or not isinstance(context.failing.plan.sign, JwtSign):
        return Match("C01")
    if says_not_yet_valid(answer):
        return Match("C02")
    if says_expired(answer):
        return Match("C03")
    return Match("C02" if ahead > 0 else "C03")


def token_times(context: FlipContext) -> Match | None:
    """Recognise a token whose own times are wrong: their unit, or a life that is over."""
    passing, failing = context.passing.plan.sign, context.failing.plan.sign
    if not isinstance(passing, JwtSign) or not isinstance(failing, JwtSign):
        return None
    if context.failing.outcome is not Outcome.DENIED or passing == failing:
        return None
    if passing.unit != failing.unit:
        return Match("C05")
    over = _what_is_over(passing, failing) if says_expired(context.failing.answer) else ""
    return Match("C03", facts={"offset": f"as it is and {over}"}) if over else None


def _what_is_over(passing: JwtSign, failing: JwtSign) -> str:
    """Say which sign of its own ends the token early, or ""."""
    if failing.claims.get("exp") != passing.claims.get("exp"):
        return "an exp of its own"
    if failing.ttl_seconds < passing.ttl_seconds:
        return f"a life of {failing.ttl_seconds:g} seconds"
    return ""


def proxy(context: FlipContext) -> Match | None:
    """Recognise a proxy that takes the credential away, or sends another."""
    failing = context.failing
    if not _other_proxy(context):
        return None
    if failing.outcome is not Outcome.DENIED:
        return None
    answer = failing.answer
    if lacks_credential(answer) or same_answer(answer, context.without_credential):
        return Match("P02")
    if rejects_key(answer):
        return Match("P05")
    return Match("P02", also=("P05",)) if challenges_only(answer) else None


def _other_proxy(context: FlipContext) -> bool:
    """Tell whether the failing side goes through a proxy, and not that of the passing one."""
    route, last = context.failing.plan.proxy, context.failing.last
    if isinstance(route, SystemProxy) and (last is None or last.proxy is None):
        return False  # the environment names none for this URL
    return route is not None and route != context.passing.plan.proxy


def arrival(context: FlipContext) -> Match | None:
    """Recognise what became of a made-up key on the way; its end says what mere words cannot."""
    arrived = context.failing.arrival
    if arrived is None or context.failing.outcome is not Outcome.DENIED:
        return None
    by_proxy = _other_proxy(context)
    if arrived is Arrival.ABSENT:
        return Match("P02" if by_proxy else "P09")
    if arrived is Arrival.REPLACED:
        return Match("P05" if by_proxy else "P10")
    return Match("P11")


def url(context: FlipContext) -> Match | None:
    """Recognise a denial at another host or path."""
    same_url = context.failing.plan.url == context.passing.plan.url
    if same_url or context.failing.outcome is not Outcome.DENIED:
        return None
    passing, failing = urlsplit(url_of(context.passing)), urlsplit(url_of(context.failing))
    if passing.hostname != failing.hostname:
        return Match("K23") if context.changed_key() is None else None
    same_origin = (passing.scheme, passing.netloc) == (failing.scheme, failing.netloc)
    return Match("U02") if same_origin and passing.path != failing.path else None
