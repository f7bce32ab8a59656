"""What comes after the matrix: observations, keys, notes, what was sent and what was not."""

from __future__ import annotations

from collections.abc import Mapping

from harness.model.finding import Evidence, NamedFix, Verdict
from harness.model.outcome import Outcome
from harness.model.result import RunResult
from harness.reports.finding_block import flip_levels, key_line
from harness.reports.page import Page, Style
from harness.reports.verdict_block import ALL_DENIED_CODES

UNTESTED_SHOWN = 8
"""Cells not tested that are listed by name; the JSON result has all."""

_LONGEST_KEY_NAME = 24
_EVIDENCE = {
    Evidence.CERTIFIED: "certified: the cells that a full answer needs were sent",
    Evidence.PARTIAL: "partial: a full answer needs more cells, or more runs of them",
    Evidence.INCONCLUSIVE: "inconclusive: what came back does not suffice for an answer",
    Evidence.INTERRUPTED: "interrupted: the run did not come to its end",
}


def add_relevance(page: Page, run: RunResult) -> None:
    """Add what does not matter, the rule, what heals, and expectations that are not met."""
    page.blank()
    if run.irrelevant:
        text = f"{', '.join(run.irrelevant)} (varied, never changed the result)"
        page.labelled("Irrelevant", text, indent=0, label_width=12)
    if run.rule:
        page.labelled("Rule", run.rule, indent=0, label_width=12)
    for fix in filter(lambda fix: not _is_shown(run, fix), run.fixes):
        sets = ", ".join(f"{axis}={level}" for axis, level in fix.sets.items())
        page.labelled("Passes", f"{fix.of} with {sets}", indent=0, label_width=12)
    for text in run.unmet:
        page.labelled("NOT MET", text, label_style=Style.BAD, indent=0, label_width=12)


def add_observations(page: Page, run: RunResult) -> None:
    """Add causes that needed no flip."""
    shown = [
        item
        for item in run.observations
        if item.code not in ALL_DENIED_CODES or run.verdict is not Verdict.ALL_DENIED
    ]
    if not shown:
        return
    page.blank()
    page.paragraph("OBSERVED", style=Style.BOLD)
    for item in shown:
        page.labelled(item.code, item.title, label_style=Style.WARN, style=Style.BOLD)
        page.labelled("", item.explanation)
        page.labelled("FIX", item.fix, label_style=Style.FIX)


def add_keys(page: Page, run: RunResult) -> None:
    """Add where each key came from and its shape, where no finding shows it already."""
    shown = {
        f"{axis}={level}"
        for finding in run.findings
        for axis, levels in finding.flip.items()
        for level in levels
    }
    others = {name: facts for name, facts in run.keys.items() if name not in shown}
    if not others:
        return
    page.blank()
    page.paragraph("OTHER KEYS" if len(others) < len(run.keys) else "KEYS", style=Style.BOLD)
    width = min(max(map(len, others)) + 2, _LONGEST_KEY_NAME)
    for name, facts in others.items():
        page.labelled(name, key_line(facts), label_style=Style.PLAIN, label_width=width)


def add_closing(page: Page, run: RunResult) -> None:
    """Add notes, what was not tested, and the facts of the run."""
    page.blank()
    for note in run.notes:
        page.labelled("Note", note, indent=0, label_width=12)
    if run.untested:
        page.labelled("Not tested", _untested(run), indent=0, label_width=12)
    if run.clock_skew_seconds is not None:
        low, high = run.clock_skew_seconds
        text = f"this machine minus server: {low:+.1f} to {high:+.1f} s"
        page.labelled("Clock", text, indent=0, label_width=12)
    page.labelled("Evidence", _EVIDENCE[run.evidence], indent=0, label_width=12)
    page.labelled("Sent", _sent(run), indent=0, label_width=12)
    if run.cassette:
        page.labelled("Cassette", run.cassette, indent=0, label_width=12)


def _sent(run: RunResult) -> str:
    verb = "in the cassette; nothing was sent now" if run.replayed else "sent"
    count = f"{run.requests_sent} request{'' if run.requests_sent == 1 else 's'}"
    rounds = f"{run.rounds} round{'' if run.rounds == 1 else 's'}"
    if run.replayed:
        return f"{count} {verb} (strategy {run.strategy})"
    return f"{count} in {rounds} (strategy {run.strategy})"


def _untested(run: RunResult) -> str:
    baseline = {axis: levels[0] for axis, levels in run.axes}
    names = [_cell_name(cell, baseline) for cell in run.untested[:UNTESTED_SHOWN]]
    more = len(run.untested) - len(names)
    tail = f"; and {more} more (all are in --format json)" if more else ""
    return f"{'; '.join(names)}{tail}"


def _cell_name(cell: Mapping[str, str], baseline: Mapping[str, str]) -> str:
    off = [f"{axis}={level}" for axis, level in cell.items() if baseline.get(axis) != level]
    return ",".join(off) or "baseline"


def _is_shown(run: RunResult, fix: NamedFix) -> bool:
    """Tell whether the findings' own blocks say as much: it takes back what they name."""
    undone = {
        level
        for finding in run.findings
        for level in flip_levels(finding, end=finding.to is Outcome.PASS).items()
    }
    return bool(undone) and set(fix.sets.items()) <= undone
