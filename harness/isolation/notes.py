"""What a reader has to know before trusting a report, one sentence each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from harness.isolation.gaps import Gaps
from harness.isolation.names import AxisNames, variant_id
from harness.isolation.problem import Problem
from harness.isolation.proof import Claim
from harness.isolation.space import Changes

EXAMPLES = 5
"""So many cells are named in a note; the rest is counted."""


def notes(
    problem: Problem, found: tuple[Claim, ...], gaps: Gaps | None, names: AxisNames
) -> tuple[str, ...]:
    """Say what contradicts, what flickers, what is not smallest and what was never sent."""
    return (
        *_contradictions(problem, names),
        *_flaky(problem, names),
        *_not_smallest(problem, found, names),
        *(_undecided(problem, gaps, names) if gaps else ()),
    )


def _contradictions(problem: Problem, names: AxisNames) -> Iterator[str]:
    outcomes = problem.seen.outcomes
    for low, high in problem.cube.clashes:
        runs = min(len(problem.seen.repeats[low]), len(problem.seen.repeats[high]))
        times = "once" if runs == 1 else f"{runs} times"
        yield (
            f"{_name(problem, names, high)} was {outcomes[high]}, but "
            f"{_name(problem, names, low)}, which holds it, was {outcomes[low]} "
            f"(each sent at least {times}): a level rescues another, or the server is flaky"
        )


def _flaky(problem: Problem, names: AxisNames) -> Iterator[str]:
    for changes in problem.seen.flaky:
        counts = Counter(problem.seen.repeats[changes])
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        yield f"repeats of {_name(problem, names, changes)} disagree: {told}"


def _not_smallest(problem: Problem, found: tuple[Claim, ...], names: AxisNames) -> Iterator[str]:
    for claim in found:
        if not claim.smallest:
            name = _name(problem, names, claim.changes)
            yield f"{name} makes the difference, but fewer changes may: not every part was sent"


def _undecided(problem: Problem, gaps: Gaps, names: AxisNames) -> Iterator[str]:
    if gaps.excluded:
        yield f"excluded, so not shown: {_listed(problem, gaps.excluded, names)}"
    alone = tuple(one for one in gaps.apart if one.bit_count() <= 1)
    if alone:
        yield f"never sent: {_listed(problem, alone, names)}"
    together = tuple(one for one in gaps.apart if one not in alone)
    if together:
        yield f"never sent together: {_listed(problem, together, names)}"
    if gaps.cut_off:
        yield "too many combinations to tell whether every one was shown"


def _listed(problem: Problem, cells: tuple[Changes, ...], names: AxisNames) -> str:
    named = "; ".join(_name(problem, names, one) for one in cells[:EXAMPLES])
    more = len(cells) - EXAMPLES
    return f"{named}; and {more} more" if more > 0 else named


def _name(problem: Problem, names: AxisNames, changes: Changes) -> str:
    return variant_id(problem.space, names, changes)
