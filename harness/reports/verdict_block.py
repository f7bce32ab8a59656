"""The first lines: what the run found, in one sentence, then each finding."""

from __future__ import annotations

from collections import Counter

from harness.diagnosis.facts import and_list
from harness.model.finding import Diagnosis, Finding, Verdict
from harness.model.outcome import Outcome
from harness.model.result import RunResult
from harness.reports.finding_block import add_finding, flip_levels, flip_words, is_cause
from harness.reports.page import Page, Style

ALL_DENIED_CODE = "X03"


def add_verdict(page: Page, run: RunResult) -> None:
    """Add the head line, the verdict, and a block for each finding."""
    marks = [name for name, on in (("lab", run.lab), ("replayed", run.replayed)) if on]
    mark = f" ({', '.join(marks)})" if marks else ""
    page.labelled(f"{run.scenario}{mark}:", _headline(run), label_style=Style.BOLD, indent=0)
    if run.description:
        page.paragraph(run.description, style=Style.DIM)
    if run.ended:
        page.labelled("Ended early:", run.ended, label_style=Style.WARN, indent=0)
    ordered = sorted(run.findings, key=lambda finding: not is_cause(finding))
    if len(ordered) > 1:
        _add_summary(page, ordered)
    for finding, heading in zip(ordered, _headings(ordered), strict=True):
        add_finding(page, run, finding, heading)
    if run.verdict is Verdict.ALL_DENIED:
        _add_all_denied(page, run)


def _headline(run: RunResult) -> str:
    causes = sum(map(is_cause, run.findings))
    others = len(run.findings) - causes
    if run.verdict is Verdict.FLIP and run.findings:
        return "; ".join(filter(None, (_causes(run), _others(others, causes))))
    if run.verdict is Verdict.ALL_DENIED:
        return "everything that was sent is denied"
    if run.verdict is Verdict.NO_VERDICT:
        return f"no verdict: nothing passed and nothing was denied ({_counts(run)})"
    if run.verdict is Verdict.FLIP:
        return f"outcomes differ, and no cause is named ({_counts(run)})"
    return f"nothing flips ({_counts(run)})"


def _causes(run: RunResult) -> str:
    causes = [finding for finding in run.findings if is_cause(finding)]
    if len(causes) != 1:
        return f"{len(causes)} causes, each enough on its own" if causes else ""
    heals = causes[0].to is Outcome.PASS
    good, bad = (_levels(causes[0], end=heals), _levels(causes[0], end=not heals))
    verb = "decides" if len(causes[0].flip) == 1 else "together decide"
    return f"{and_list(list(causes[0].flip))} {verb} it: {good} passes, {bad} is denied"


def _others(count: int, causes: int) -> str:
    if not count:
        return ""
    levels = "level fails" if count == 1 else "levels fail"
    return f"{count} {'more ' if causes else ''}{levels} for a reason that is not the key"


def _levels(finding: Finding, *, end: bool) -> str:
    return ",".join(f"{axis}={level}" for axis, level in flip_levels(finding, end=end).items())


def _counts(run: RunResult) -> str:
    counts = Counter(item.outcome for item in run.variants)
    words = [f"{outcome} {counts[outcome]}" for outcome in Outcome if counts[outcome]]
    return ", ".join(words) or "no variant was run"


def _add_summary(page: Page, findings: list[Finding]) -> None:
    page.blank()
    for number, finding in enumerate(findings, 1):
        text = f"{finding.diagnosis.code} {finding.diagnosis.title} ({flip_words(finding)})"
        page.labelled(f"{number}.", text, label_width=3)


def _headings(findings: list[Finding]) -> list[str]:
    words = ["CAUSE" if is_cause(finding) else "ALSO FAILS" for finding in findings]
    if len(findings) == 1:
        return words
    return [f"{number}. {word}" for number, word in enumerate(words, 1)]


def _add_all_denied(page: Page, run: RunResult) -> None:
    found = next((item for item in run.observations if item.code == ALL_DENIED_CODE), None)
    page.blank()
    if found is None:
        found = Diagnosis(ALL_DENIED_CODE, "", _ALL_DENIED_WHY, _ALL_DENIED_NEXT)
    page.labelled("Why", found.explanation)
    page.labelled("NEXT", found.fix, label_style=Style.FIX, style=Style.BOLD)


_ALL_DENIED_WHY = (
    "No axis here decides it: the key itself, the account or the provider does, "
    "or something that the scenario does not vary."
)
_ALL_DENIED_NEXT = "add a freshly made key as one more level of `key`, and look at the account"
