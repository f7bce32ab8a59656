"""The verdict of a run in one sentence."""

from __future__ import annotations

from collections import Counter

from harness.diagnosis.facts import and_list
from harness.model.finding import Finding, Verdict
from harness.model.outcome import Outcome
from harness.model.result import RunResult
from harness.reports.finding_block import flip_levels, is_cause, is_expected

_FATES = {
    Outcome.PASS: "is denied",
    Outcome.DENIED: "is denied",
    Outcome.PROXY_DENIED: "is denied by the proxy",
    Outcome.OTHER: "gets another answer",
    Outcome.NOT_SENT: "is not sent",
    Outcome.UNREACHABLE: "reaches nobody",
}
"""What becomes of the failing side, by the outcome that a flip leads to."""


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
    causes = sum(map(is_cause, news))
    parts = [_one(news[0])] if len(news) == 1 else _several(causes, len(news) - causes)
    if expected:
        things = "flip is" if expected == 1 else "flips are"
        parts.append(f"{expected} {'more ' if news else ''}{things} as expected")
    return "; ".join(filter(None, parts))


def _one(finding: Finding) -> str:
    heals = finding.to is Outcome.PASS
    verb = "decides" if len(finding.flip) == 1 else "together decide"
    good, bad = _levels(finding, end=heals), _levels(finding, end=not heals)
    return f"{and_list(list(finding.flip))} {verb} it: {good} passes, {bad} {_FATES[finding.to]}"


def _several(causes: int, others: int) -> list[str]:
    parts = []
    if causes:
        parts.append("1 cause of a denial" if causes == 1 else f"{causes} causes of a denial")
        parts[0] += ", each enough on its own" if causes > 1 else ""
    if others:
        more = "more " if causes else ""
        parts.append(f"{others} {more}{'level fails' if others == 1 else 'levels fail'} otherwise")
    return parts


def _levels(finding: Finding, *, end: bool) -> str:
    return ",".join(f"{axis}={level}" for axis, level in flip_levels(finding, end=end).items())


def _counts(run: RunResult) -> str:
    counts = Counter(item.outcome for item in run.variants)
    words = [f"{outcome} {counts[outcome]}" for outcome in Outcome if counts[outcome]]
    return ", ".join(words) or "no variant was run"
