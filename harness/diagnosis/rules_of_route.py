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
from harness.model.exchange import RedactedResponse
from harness.model.outcome import Outcome
from harness.model.request import JwtSign, ProxyRoute, SystemProxy
from harness.model.signature import HttpSignature


def clock(context: FlipContext) -> Match | None:
    """Recognise a flip by the clock of what is signed; the server's words win over the sign."""
    ahead = context.failing.plan.clock_seconds - context.passing.plan.clock_seconds
    if not ahead or context.failing.outcome is not Outcome.DENIED:
        return None
    answer = context.failing.answer
    if says_signature_time(answer) or not isinstance(context.failing.plan.sign, JwtSign):
        by_http_signature = isinstance(context.failing.plan.sign, HttpSignature)
        return Match("C01", also=("C06",) if by_http_signature else ())
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
    if _refuses_login(context):
        return Match("P01", also=("P02",))
    if _arrives_without_key(context):
        return Match("P02")
    if rejects_key(failing.answer):
        return Match("P05")
    return Match("P02", also=("P05",)) if challenges_only(failing.answer) else None


def _arrives_without_key(context: FlipContext) -> bool:
    """Tell by the words; where these are one and the same, the challenge may tell them apart."""
    answer, without = context.failing.answer, context.without_credential
    if lacks_credential(answer):
        return True
    told_apart = rejects_key(answer) and not rejects_key(without)
    return same_answer(answer, without) and not told_apart


def _refuses_login(context: FlipContext) -> bool:
    """Tell whether the proxy itself said 401, as tinyproxy 1.11 does to a wrong login.

    It wants Basic, which the API was not sent, and names another server than the API does.
    """
    proxy, answer = context.failing.plan.proxy, context.failing.answer
    if not isinstance(proxy, ProxyRoute) or proxy.username is None or answer is None:
        return False
    challenge = _header(answer, "www-authenticate").lower()
    servers = {_header(answer, "server"), _header(context.passing.answer, "server")}
    return challenge.startswith("basic ") and "" not in servers and len(servers) > 1


def _header(answer: RedactedResponse | None, name: str) -> str:
    pairs = answer.headers if answer is not None else ()
    return next((value for key, value in pairs if key.lower() == name), "")


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
