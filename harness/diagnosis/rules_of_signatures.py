"""Causes in what is signed, told by how both sides sign and by what the servers say."""

from __future__ import annotations

from harness.diagnosis.answers import says_not_signed, says_scope
from harness.diagnosis.context import FlipContext
from harness.diagnosis.rule import Match
from harness.model.exchange import Step
from harness.model.outcome import Outcome
from harness.model.request import Sign
from harness.model.signature import HmacSign, HttpSignature, OAuth2Sign, SigV4Sign, Tc3Sign


def token_endpoint(context: FlipContext) -> Match | None:
    """Recognise a client that the token endpoint refuses."""
    last = context.failing.last
    refused = last is not None and last.key.step is Step.AUTH
    return Match("T03") if refused and context.failing.outcome is Outcome.DENIED else None


def signed_parts(context: FlipContext) -> Match | None:
    """Recognise another scope, set of headers, audience or unit of time in the signature."""
    if context.failing.outcome is not Outcome.DENIED:
        return None
    answer, code = context.failing.answer, _difference(context)
    if says_scope(answer):
        return Match("S04")
    if says_not_signed(answer):
        return Match("S02")
    return Match(code) if code else None


def _difference(context: FlipContext) -> str:
    good, bad = context.passing.plan.sign, context.failing.plan.sign
    if type(good) is not type(bad):
        return ""
    for kind, fields, code in _DIFFERENCES:
        if isinstance(good, kind) and any(getattr(good, f) != getattr(bad, f) for f in fields):
            return code
    return ""


_DIFFERENCES: tuple[tuple[type[Sign], tuple[str, ...], str], ...] = (
    (SigV4Sign, ("region", "service"), "S04"),
    (Tc3Sign, ("service",), "S04"),
    (SigV4Sign, ("signed_headers",), "S02"),
    (HttpSignature, ("components",), "S02"),
    (HmacSign, ("timestamp_format",), "C05"),
    (OAuth2Sign, ("audience", "scope"), "T01"),
)
"""Which fields of a kind, when they differ, name which cause; the first that fits."""
