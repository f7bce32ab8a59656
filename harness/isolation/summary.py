"""From runs to a report: verdict, evidence, and everything that is not known."""

from __future__ import annotations

from dataclasses import dataclass

from harness.isolation.claims import claims, fixes, flips
from harness.isolation.gaps import Gaps, gaps
from harness.isolation.names import AxisNames, numbered
from harness.isolation.notes import notes
from harness.isolation.problem import Direction, Problem
from harness.isolation.proof import Claim
from harness.isolation.rows import never_shown
from harness.isolation.rule import rule_text
from harness.isolation.space import Changes, each
from harness.model.finding import (
    Confidence,
    Ended,
    Evidence,
    Fix,
    Flip,
    SearchReport,
    Verdict,
)
from harness.model.outcome import Outcome
from harness.model.variant import Cell


@dataclass(frozen=True, slots=True)
class Work:
    """A problem and the cells that its strategy starts from, or consists of."""

    problem: Problem
    plan: tuple[Changes, ...]


@dataclass(frozen=True, slots=True)
class _Findings:
    """Everything the report is made of, before it is put in words."""

    work: Work
    claims: tuple[Claim, ...]
    flips: tuple[Flip, ...]
    fixes: tuple[Fix, ...]
    pending: tuple[Changes, ...]
    gaps: Gaps | None


def summarise(
    work: Work,
    pending: tuple[Changes, ...],
    *,
    ended: Ended,
    repeat: int,
    names: AxisNames | None,
) -> SearchReport:
    """Put the report together; `pending` is what the search would send next."""
    problem = work.problem
    space = problem.space
    found = claims(problem)
    findings = _Findings(
        work=work,
        claims=found,
        flips=flips(problem, found, repeat),
        fixes=fixes(problem, found),
        pending=pending,
        gaps=_gaps(problem),
    )
    evidence = _evidence(findings, ended)
    words = names or numbered(space)
    runs = {space.cell(changes): seen for changes, seen in problem.seen.repeats.items()}
    return SearchReport(
        verdict=_verdict(findings),
        evidence=evidence,
        flips=findings.flips,
        fixes=findings.fixes,
        irrelevant=_irrelevant(findings),
        untested=_untested(findings),
        rule=rule_text(space, runs, findings.flips, words, evidence),
        notes=notes(problem, findings.claims, findings.gaps, words),
    )


def _gaps(problem: Problem) -> Gaps | None:
    """What is undecided around a passing baseline; None where that cannot be told."""
    if problem.seen.baseline is not Outcome.PASS:
        return None
    return gaps(problem.space, problem.cube)


def _verdict(findings: _Findings) -> Verdict:
    seen = findings.work.problem.seen
    outcomes = set(seen.outcomes.values())
    if Outcome.PASS not in outcomes:
        return Verdict.ALL_DENIED if Outcome.DENIED in outcomes else Verdict.NO_VERDICT
    if findings.flips:
        return Verdict.FLIP
    return Verdict.NONE if seen.baseline is Outcome.PASS else Verdict.NO_VERDICT


def _evidence(findings: _Findings, ended: Ended) -> Evidence:
    problem = findings.work.problem
    if ended is Ended.INTERRUPTED:
        return Evidence.INTERRUPTED
    if problem.cube.clashes:
        return Evidence.INCONCLUSIVE
    claimed = all(claim.smallest for claim in findings.claims) and not problem.open
    proved = all(flip.confidence is Confidence.PROVED for flip in findings.flips)
    reached = any(outcome.is_verdict for outcome in problem.seen.outcomes.values())
    if findings.pending or problem.seen.flaky or not (claimed and proved and reached):
        return Evidence.PARTIAL
    return Evidence.CERTIFIED if _decided(findings) else Evidence.PARTIAL


def _decided(findings: _Findings) -> bool:
    """True when every cell that may be sent was sent or is implied by one that was."""
    problem = findings.work.problem
    if problem.seen.complete:
        return not (findings.gaps and findings.gaps.excluded)
    if problem.direction is Direction.HEALS:
        return problem.regions == (problem.space.usable,)
    return findings.gaps is not None and findings.gaps.none


def _irrelevant(findings: _Findings) -> tuple[int, ...]:
    """Axes that varied in a cell with a verdict and that nothing found or open speaks of."""
    problem, space = findings.work.problem, findings.work.problem.space
    if Outcome.PASS not in problem.seen.outcomes.values():
        return ()
    spoken = {axis for flip in findings.flips for axis, _, _ in flip.changes}
    spoken |= {axis for fix in findings.fixes for axis, _ in fix.sets}
    for candidate in _open_candidates(problem):
        spoken |= set(space.axes(candidate))
    varied: set[int] = set()
    for changes, outcome in problem.seen.outcomes.items():
        if outcome.is_verdict:
            varied |= set(space.axes(changes))
    return tuple(sorted(varied - spoken))


def _open_candidates(problem: Problem) -> tuple[Changes, ...]:
    """Sets that may still hold a cause: not narrowed down, contradicted, or failing unexplained."""
    unsure = [changes for clash in problem.cube.clashes for changes in clash]
    unsure += [high for high in problem.cube.highs if high not in problem.proved_smallest]
    if problem.direction is Direction.HEALS:
        unsure += _failing_in_spite_of_a_fix(problem)
    return tuple(unsure)


def _failing_in_spite_of_a_fix(problem: Problem) -> list[Changes]:
    """The rest of cells that have a fix and fail all the same: something else in them is bad."""
    return [
        changes & ~high
        for changes, outcome in problem.seen.outcomes.items()
        if outcome is not Outcome.PASS
        for high in problem.cube.highs
        if not high & ~changes
    ]


def _untested(findings: _Findings) -> tuple[Cell, ...]:
    problem, space = findings.work.problem, findings.work.problem.space
    wanted = [changes for changes in findings.pending if changes not in problem.seen.outcomes]
    if findings.gaps:
        wanted += findings.gaps.excluded
    wanted += each(never_shown(space, findings.work.plan))
    return tuple(space.cell(changes) for changes in dict.fromkeys(wanted))
