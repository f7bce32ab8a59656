"""The first lines: what the run found, in one sentence, then each finding."""

from __future__ import annotations

from harness.model.finding import Confidence, Diagnosis, Finding, Verdict
from harness.model.result import RunResult
from harness.reports.finding_block import CAUSE, add_finding, flip_words, is_expected, rank
from harness.reports.headline import headline
from harness.reports.page import Page, Style

ALL_DENIED_CODES = frozenset({"X03", "X05", "X07"})


def add_verdict(page: Page, run: RunResult) -> None:
    """Add the head line, the verdict, and a block for each finding that needs one."""
    marks = [name for name, on in (("lab", run.lab), ("replayed", run.replayed)) if on]
    mark = f" ({', '.join(marks)})" if marks else ""
    page.labelled(
        f"{run.scenario}{mark}:", headline(run), label_style=Style.BOLD, indent=0, label_width=0
    )
    if run.description:
        page.paragraph(run.description, style=Style.DIM)
    if run.ended:
        page.labelled("Ended early:", run.ended, label_style=Style.WARN, indent=0)
    news, expected = _ordered(run)
    if len(news) > 1:
        _add_summary(page, news)
    for finding, heading in zip(news, _headings(news), strict=True):
        add_finding(page, run, finding, heading)
    if expected:
        _add_expected(page, expected)
    if run.verdict is Verdict.ALL_DENIED:
        _add_all_denied(page, run)


def _ordered(run: RunResult) -> tuple[list[Finding], list[Finding]]:
    """Return the findings to tell in full, causes first, and those that were foreseen.

    When everything was foreseen, all of it is told in full.
    """
    ordered = sorted(run.findings, key=rank)
    news = [finding for finding in ordered if not is_expected(run, finding)]
    if not news:
        return ordered, []
    return news, [finding for finding in ordered if is_expected(run, finding)]


def _add_summary(page: Page, findings: list[Finding]) -> None:
    page.blank()
    for number, finding in enumerate(findings, 1):
        text = f"{finding.diagnosis.code} {finding.diagnosis.title} ({flip_words(finding)})"
        page.labelled(f"{number}.", text, label_width=3)


def _headings(findings: list[Finding]) -> list[str]:
    best = min(map(rank, findings), default=0)
    words = [CAUSE if rank(finding) == best else "ALSO FAILS" for finding in findings]
    if len(findings) == 1:
        return words
    return [f"{number}. {word}" for number, word in enumerate(words, 1)]


def _add_expected(page: Page, findings: list[Finding]) -> None:
    page.blank()
    page.paragraph("AS EXPECTED", style=Style.BOLD)
    for finding in findings:
        sure = "" if finding.confidence is Confidence.PROVED else ", suspected"
        text = f"{finding.diagnosis.title} ({flip_words(finding)}{sure})"
        page.labelled(finding.diagnosis.code, text, label_width=5)


def _add_all_denied(page: Page, run: RunResult) -> None:
    found = next((item for item in run.observations if item.code in ALL_DENIED_CODES), None)
    page.blank()
    if found is None:
        found = Diagnosis("X03", "", _ALL_DENIED_WHY, _ALL_DENIED_NEXT)
    page.labelled("Why", found.explanation)
    page.labelled("NEXT", found.fix, label_style=Style.FIX, style=Style.BOLD)


_ALL_DENIED_WHY = (
    "No axis here decides it: the key itself, the account or the provider does, "
    "or something that the scenario does not vary."
)
_ALL_DENIED_NEXT = "add a freshly made key as one more level of `key`, and look at the account"
