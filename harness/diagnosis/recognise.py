"""Name the cause of a flip by what was observed on both of its sides."""

from __future__ import annotations

from harness.diagnosis.causes import CAUSES
from harness.diagnosis.context import FlipContext
from harness.diagnosis.facts import and_list, exchange_ids, flip_facts
from harness.diagnosis.rule import Match, Rule
from harness.diagnosis.rules_of_answers import (
    look_alike,
    proxy_denied,
    rate_limit,
    redirect_held_back,
    redirect_lost_credential,
)
from harness.diagnosis.rules_of_form import credential_form, other_header
from harness.diagnosis.rules_of_keys import key_shape, key_value
from harness.diagnosis.rules_of_route import arrival, clock, proxy, token_times, url
from harness.diagnosis.rules_of_signatures import signed_parts, token_endpoint
from harness.diagnosis.rules_without_answer import not_sent, unreachable
from harness.model.finding import Diagnosis

RULES: tuple[Rule, ...] = (
    not_sent,
    unreachable,
    proxy_denied,
    redirect_lost_credential,
    redirect_held_back,
    token_endpoint,
    rate_limit,
    look_alike,
    credential_form,
    key_shape,
    arrival,
    token_times,
    signed_parts,
    clock,
    proxy,
    url,
    other_header,
    key_value,
)
"""Tried in order: what the answer itself shows, then what differs, the least certain last."""


def diagnose(context: FlipContext) -> Diagnosis:
    """Return the cause that fits first; one of the open questions X01 and X02 when none does."""
    match = _not_narrowed(context) or _first_match(context) or _open_question(context)
    diagnosis = CAUSES[match.code].diagnosis(
        flip_facts(context, match.facts),
        also=match.also,
        exchanges=exchange_ids(context.passing.last, context.failing.last),
    )
    return _as_interaction(diagnosis, context)


def _first_match(context: FlipContext) -> Match | None:
    return next(filter(None, (rule(context) for rule in RULES)), None)


def _not_narrowed(context: FlipContext) -> Match | None:
    """Name no cause while several changes are suspects: any of them may be innocent."""
    return None if context.narrowed or len(context.changes) == 1 else Match("X04")


def _open_question(context: FlipContext) -> Match:
    return Match("X01" if len(context.changes) == 1 else "X02")


def _as_interaction(diagnosis: Diagnosis, context: FlipContext) -> Diagnosis:
    """Say that it takes several changes together, where it does."""
    if len(context.changes) == 1 or diagnosis.code in {"X02", "X04"}:
        return diagnosis
    levels = and_list([f"{change.axis}={change.failing.name}" for change in context.changes])
    return Diagnosis(
        code=diagnosis.code,
        title=diagnosis.title,
        explanation=f"It takes {levels} together. {diagnosis.explanation}",
        fix=diagnosis.fix,
        also=diagnosis.also,
        exchanges=diagnosis.exchanges,
    )
