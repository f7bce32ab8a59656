"""Causes that the failing answer itself shows, whichever axis flipped."""

from __future__ import annotations

from urllib.parse import urlsplit

from harness.diagnosis.answers import speaks_of_model, speaks_of_rate
from harness.diagnosis.context import FlipContext, Side
from harness.diagnosis.credential_form import Carrier, credential_forms
from harness.diagnosis.held_back import redirect_facts, was_held_back
from harness.diagnosis.rule import Match
from harness.model.outcome import Outcome
from harness.scenario_file.credential_names import is_credential_header

_LOOK_ALIKES = {402: "A02", 403: "A08", 429: "V06"}
_PROXY_AUTHENTICATION_REQUIRED = 407
_SERVER_ERRORS = 500
_NOT_FOUND = (404, 405)
_BODY_FAULTS = (400, 404, 422)


def proxy_denied(context: FlipContext) -> Match | None:
    """Recognise the proxy's own refusal."""
    answer = context.failing.answer
    asked = answer is not None and answer.status == _PROXY_AUTHENTICATION_REQUIRED
    return Match("P01") if asked or context.failing.outcome is Outcome.PROXY_DENIED else None


def redirect_lost_credential(context: FlipContext) -> Match | None:
    """Recognise a denied last hop that went out without the credential of the first."""
    hops = context.failing.main_hops
    if context.failing.outcome is not Outcome.DENIED or len(hops) < 2:  # noqa: PLR2004
        return None
    first, last = hops[0], hops[-1]
    if first.key.hop == last.key.hop or not _credentials(first.headers, context.failing):
        return None
    if _credentials(last.headers, context.failing):
        return None
    begin, end = urlsplit(first.url), urlsplit(last.url)
    upgraded = (begin.scheme, end.scheme) == ("http", "https") and begin.hostname == end.hostname
    return Match("U05" if upgraded else "R01")


def redirect_held_back(context: FlipContext) -> Match | None:
    """Recognise a redirect that was not followed for the sake of the key in the body."""
    last = context.failing.last
    return Match("R06", facts=redirect_facts(last)) if last and was_held_back(last) else None


def rate_limit(context: FlipContext) -> Match | None:
    """Recognise a denial that is about too many requests."""
    denied = context.failing.outcome is Outcome.DENIED
    return Match("V03") if denied and speaks_of_rate(context.failing.answer) else None


def look_alike(context: FlipContext) -> Match | None:
    """Recognise answers that are no denial: balance, permission, rate, path, body, server."""
    answer = context.failing.answer
    if context.failing.outcome is not Outcome.OTHER or answer is None:
        return None
    if answer.status in _LOOK_ALIKES:
        return Match(_LOOK_ALIKES[answer.status])
    if answer.status >= _SERVER_ERRORS:
        return Match("V07")
    if answer.status in _BODY_FAULTS and (speaks_of_model(answer) or _body_changed(context)):
        return Match("V05")
    return Match("U02") if answer.status in _NOT_FOUND and _url_changed(context) else None


def _credentials(headers: tuple[tuple[str, str], ...], side: Side) -> set[str]:
    named = {
        form.name.lower() for form in credential_forms(side.plan) if form.carrier is Carrier.HEADER
    }
    names = {name.lower() for name, _ in headers}
    return {name for name in names if name in named or is_credential_header(name)}


def _body_changed(context: FlipContext) -> bool:
    return context.failing.plan.body != context.passing.plan.body


def _url_changed(context: FlipContext) -> bool:
    return context.failing.plan.url != context.passing.plan.url
