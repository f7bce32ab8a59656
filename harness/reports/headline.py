"""The verdict of a run in one sentence."""

from __future__ import annotations

from collections import Counter

from harness.diagnosis.facts import and_list
from harness.model.arrival import Arrival
from harness.model.finding import Finding, Verdict
from harness.model.outcome import Outcome
from harness.model.result import RunResult
from harness.reports.finding_block import flip_levels, is_cause, is_expected
from harness.reports.outcome_words import is_by_arrival, outcome_word

NOT_NARROWED = "X04"
"""The code of a finding of several axes, any of which may be innocent."""

_FATES = {
    Outcome.PASS: "is denied",
    Outcome.DENIED: "is denied",
    Outcome.PROXY_DENIED: "is denied by the proxy",
    Outcome.OTHER: "gets another answer",
    Outcome.NOT_SENT: "is not sent",
    Outcome.UNREACHABLE: "reaches nobody",
}
"""What becomes of the failing side, by the outcome that a flip leads to."""

_ARRIVAL_FATES = {
    Arrival.INTACT: "it is not",
    Arrival.ABSENT: "it is taken out",
    Arrival.ALTERED: "it is altered",
    Arrival.REPLACED: "another takes its place",
    Arrival.UNKNOWN: "nobody can tell",
}
"""What becomes of a made-up key on the failing side."""


def headline(run: RunResult) -> str:
    """Return what the run found, and that it is not what was expected where it is not."""
    if not run.unmet:
        return _found_words(run)
    causes = "1 expected cause" if len(run.unmet) == 1 else f"{len(run.unmet)} expected causes"
    return f"{_found_words(run)}; {causes} not met"


def _found_words(run: RunResult) -> str:
    if is_by_arrival(run) and run.verdict is not Verdict.FLIP:
        return _no_flip_of_arrival(run)
    if run.verdict in {Verdict.ALL_DENIED, Verdict.NO_VERDICT}:
        return _nothing_passes(run)
    if run.findings:
        return _found(run)
    if run.verdict is Verdict.FLIP:
        return f"outcomes differ, and no cause is named ({_counts(run)})"
    return f"nothing flips ({_counts(run)})"


def _nothing_passes(run: RunResult) -> str:
    if run.verdict is Verdict.NO_VERDICT:
        return f"no verdict: nothing passed and nothing was denied ({_counts(run)})"
    sent = [item for item in run.variants if item.outcome is not Outcome.NOT_SENT]
    if all(item.outcome is Outcome.DENIED for item in sent):
        return "everything that was sent is denied"
    return f"nothing passes ({_counts(run)})"


def _no_flip_of_arrival(run: RunResult) -> str:
    counts = _counts(run)
    if run.verdict is Verdict.ALL_DENIED:
        return f"the made-up key arrives intact nowhere ({counts})"
    if run.verdict is Verdict.NO_VERDICT:
        return f"no verdict: no answer tells how the made-up key arrived ({counts})"
    return f"the made-up key arrives the same everywhere ({counts})"


def _found(run: RunResult) -> str:
    news = [finding for finding in run.findings if not is_expected(run, finding)]
    expected = len(run.findings) - len(news)
    causes = sum(map(is_cause, news))
    what = "a key that does not arrive" if is_by_arrival(run) else "a denial"
    parts = [_one(news[0])] if len(news) == 1 else _several(causes, len(news) - causes, what)
    if expected:
        things = "flip is" if expected == 1 else "flips are"
        parts.append(f"{expected} {'more ' if news else ''}{things} as expected")
    return "; ".join(filter(None, parts))


def _one(finding: Finding) -> str:
    heals = finding.to is Outcome.PASS
    if finding.diagnosis.code == NOT_NARROWED:
        return f"one or more of {and_list(list(finding.flip))} decide it; not narrowed down"
    verb = "decides" if len(finding.flip) == 1 else "together decide"
    good, bad = _levels(finding, end=heals), _levels(finding, end=not heals)
    axes = and_list(list(finding.flip))
    if finding.arrivals is None:
        return f"{axes} {verb} it: {good} passes, {bad} {_FATES[finding.to]}"
    fate = _ARRIVAL_FATES[finding.arrivals[0 if heals else 1]]
    return f"{axes} {verb} it: with {good} the made-up key arrives intact, with {bad} {fate}"


def _several(causes: int, others: int, what: str) -> list[str]:
    parts = []
    if causes:
        parts.append(f"1 cause of {what}" if causes == 1 else f"{causes} causes of {what}")
        parts[0] += ", each enough on its own" if causes > 1 else ""
    if others:
        more = "more " if causes else ""
        parts.append(f"{others} {more}{'level fails' if others == 1 else 'levels fail'} otherwise")
    return parts


def _levels(finding: Finding, *, end: bool) -> str:
    return ",".join(f"{axis}={level}" for axis, level in flip_levels(finding, end=end).items())


def _counts(run: RunResult) -> str:
    counts = Counter(outcome_word(run, item) for item in run.variants)
    words = [f"{word} {counts[word]}" for word in (*Outcome, *Arrival) if counts[word]]
    return ", ".join(words) or "no variant was run"
