"""The verdict of a run in one sentence."""

from __future__ import annotations

from collections import Counter

from harness.diagnosis.facts import and_list
from harness.model.finding import Finding, Verdict
from harness.model.outcome import Outcome
from harness.model.result import RunResult
from harness.reports.finding_block import flip_levels, is_cause, is_expected


def headline(run: RunResult) -> str:
    """Return what the run found."""
    if run.verdict is Verdict.ALL_DENIED:
        return "everything that was sent is denied"
    if run.verdict is Verdict.NO_VERDICT:
        return f"no verdict: nothing passed and nothing was denied ({_counts(run)})"
    if run.findings:
        return _found(run)
    if run.verdict is Verdict.FLIP:
        return f"outcomes differ, and no cause is named ({_counts(run)})"
    return f"nothing flips ({_counts(run)})"


def _found(run: RunResult) -> str:
    news = [finding for finding in run.findings if not is_expected(run, finding)]
    expected = len(run.findings) - len(news)
    causes = [finding for finding in news if is_cause(finding)]
    parts = [_causes(causes), _others(len(news) - len(causes), after=bool(causes))]
    if expected:
        things = "flip is" if expected == 1 else "flips are"
        parts.append(f"{expected} {'more ' if news else ''}{things} as expected")
    return "; ".join(filter(None, parts))


def _causes(causes: list[Finding]) -> str:
    if len(causes) != 1:
        return f"{len(causes)} causes, each enough on its own" if causes else ""
    cause = causes[0]
    heals = cause.to is Outcome.PASS
    verb = "decides" if len(cause.flip) == 1 else "together decide"
    good, bad = _levels(cause, end=heals), _levels(cause, end=not heals)
    return f"{and_list(list(cause.flip))} {verb} it: {good} passes, {bad} is denied"


def _others(count: int, *, after: bool) -> str:
    if not count:
        return ""
    levels = "level fails" if count == 1 else "levels fail"
    return f"{count} {'more ' if after else ''}{levels} for a reason that is not the key"


def _levels(finding: Finding, *, end: bool) -> str:
    return ",".join(f"{axis}={level}" for axis, level in flip_levels(finding, end=end).items())


def _counts(run: RunResult) -> str:
    counts = Counter(item.outcome for item in run.variants)
    words = [f"{outcome} {counts[outcome]}" for outcome in Outcome if counts[outcome]]
    return ", ".join(words) or "no variant was run"
