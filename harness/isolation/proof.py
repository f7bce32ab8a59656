"""Pairs of runs that differ only in a flip, and the runs still missing for the second pair."""

from __future__ import annotations

from dataclasses import dataclass

from harness.isolation.cube import State
from harness.isolation.observations import Observations
from harness.isolation.problem import Problem
from harness.isolation.space import Changes, Space, contains
from harness.model.finding import CellRun, Proof
from harness.model.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Claim:
    """That setting `changes` turns the outcome `left` into `reached`; one of them is PASS.

    `smallest` marks a set of which every part, one level less, is known not to flip.
    `settled` is set when there is nothing left to ask about it.
    """

    changes: Changes
    left: Outcome
    reached: Outcome
    smallest: bool = True
    settled: bool = True

    @property
    def mask(self) -> bool:
        """True for one level that hides the verdict; one pair is proof enough."""
        alone = self.smallest and self.changes.bit_count() == 1
        return alone and self.left is Outcome.PASS and not self.reached.is_verdict


def prove(seen: Observations, claim: Claim, repeat: int) -> Proof:
    """Return the pairs that back a claim: the smallest context breaks, the next one heals.

    With one context only, the runs beyond the first `repeat` of it serve: they are asked for
    in the order that makes the four runs A-B-B-A.
    """
    pairs = [pair for context in _contexts(seen, claim) if (pair := _pair(seen, claim, context))]
    if not pairs or claim.mask:
        return Proof(breaks=tuple(pairs[:1]))
    heals = pairs[1] if len(pairs) > 1 else _again(seen, pairs[0], repeat)
    return Proof(breaks=(pairs[0],), heals=(heals,) if heals else ())


def repeats(seen: Observations, claim: Claim, repeat: int) -> tuple[Changes, ...]:
    """Return the flipped cell and the other one, to send once more; () when they were."""
    for context in _contexts(seen, claim)[:1]:
        if len(seen.repeats[context | claim.changes]) <= repeat:
            return (context | claim.changes, context)
    return ()


def elsewhere(problem: Problem, claim: Claim) -> Changes | None:
    """Return a cell that would prove the claim in a second context with one request.

    It is a flipped cell without the flip, and other runs imply that it is as the baseline.
    """
    cube = problem.cube
    for flipped, outcome in problem.seen.outcomes.items():
        without = flipped & ~claim.changes
        if (
            outcome is claim.reached
            and contains(flipped, claim.changes)
            and without
            and without not in problem.seen.outcomes
            and cube.state(without) is State.LOW
            and cube.state(flipped) is State.HIGH
            and problem.space.may_send(without)
        ):
            return without
    return None


def _contexts(seen: Observations, claim: Claim) -> list[Changes]:
    """The cells without the flip that were run with and without it, as claimed."""
    own_axes = _whole_axes(seen.space, claim.changes)
    found = [
        context
        for context, outcome in seen.outcomes.items()
        if outcome is claim.left
        and not context & own_axes
        and seen.outcomes.get(context | claim.changes) is claim.reached
    ]
    return sorted(found, key=lambda context: (context.bit_count(), context))


def _whole_axes(space: Space, changes: Changes) -> Changes:
    whole = 0
    for axis, _ in space.pairs(changes):
        whole |= space.axis_levels(axis)
    return whole


def _pair(seen: Observations, claim: Claim, context: Changes) -> tuple[CellRun, CellRun] | None:
    left = seen.run(context, claim.left)
    reached = seen.run(context | claim.changes, claim.reached)
    if left is None or reached is None:
        return None
    return (left, reached) if claim.left is Outcome.PASS else (reached, left)


def _again(
    seen: Observations, pair: tuple[CellRun, CellRun], repeat: int
) -> tuple[CellRun, CellRun] | None:
    """The same two cells with the same outcomes, in later runs."""
    first, second = (_later(seen, run, repeat) for run in pair)
    return (first, second) if first and second else None


def _later(seen: Observations, run: CellRun, repeat: int) -> CellRun | None:
    changes = seen.space.changes(run.cell)
    outcome = seen.repeats[changes][run.repeat - 1]
    return seen.run(changes, outcome, after=max(repeat, run.repeat))
