"""What counts as passed and as denied."""

from __future__ import annotations

from pydantic import JsonValue

from harness.model.outcome import Matcher, MatchKind, OutcomeRule, OutcomeRules, StatusRange
from harness.scenario_file.form.outcome import (
    JsonMatcherForm,
    OutcomeForm,
    RuleForm,
    TextMatcherForm,
)


def rules_of(form: OutcomeForm, preset: OutcomeRules) -> OutcomeRules:
    """Return the scenario's rules; what it does not say is the preset's."""
    return OutcomeRules(
        passing=tuple(map(_rule, form.passing)) if form.passing else preset.passing,
        denied=tuple(map(_rule, form.denied)) if form.denied else preset.denied,
    )


def _rule(form: RuleForm) -> OutcomeRule:
    texts = form.text if isinstance(form.text, list) else [form.text] if form.text else []
    return OutcomeRule(
        statuses=_statuses(form.status),
        headers=tuple((name.lower(), _matcher(one)) for name, one in form.header.items()),
        json=tuple((pointer, _matcher(one)) for pointer, one in form.json_.items()),
        text=tuple(map(_matcher, texts)),
    )


def _matcher(form: TextMatcherForm | JsonMatcherForm) -> Matcher:
    if form.contains is not None:
        return Matcher(MatchKind.CONTAINS, form.contains)
    if form.present is not None:
        return Matcher(MatchKind.PRESENT, form.present)
    return Matcher(MatchKind.EQUALS, form.equals)


def _statuses(form: JsonValue) -> tuple[StatusRange, ...]:
    if form is None:
        return ()
    return tuple(_status(str(one)) for one in (form if isinstance(form, list) else [form]))


def _status(text: str) -> StatusRange:
    return StatusRange(int(text.replace("x", "0")), int(text.replace("x", "9")))
