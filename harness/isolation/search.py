"""The search from outside: what to send next, and what the runs so far amount to.

Both are functions of the runs alone: a live run, a resumed one and a replay share them.
"""

from __future__ import annotations

from harness.isolation.claims import claims
from harness.isolation.fixed import fixed_cells
from harness.isolation.isolate import wanted
from harness.isolation.names import AxisNames
from harness.isolation.observations import Observations, Runs
from harness.isolation.problem import Problem, pose, starting_cells
from harness.isolation.proof import elsewhere, prove, repeats
from harness.isolation.space import Changes, Space
from harness.isolation.summary import Work, summarise
from harness.model.finding import Ended, SearchReport
from harness.model.scenario import Strategy
from harness.model.variant import Cell

__all__ = ["Ended", "Runs", "Space", "fixed_cells", "next_batch", "report"]

LOOK_AHEAD = 1_000
"""A report lists what the search wants next, as if so many requests could be sent at once."""


def next_batch(
    space: Space, runs: Runs, strategy: Strategy, *, repeat: int, width: int
) -> tuple[Cell, ...]:
    """Return the cells to run next, in send order; () when the search is finished.

    Each occurrence of a cell is one more run. The steps, each only when the one before has
    nothing to ask: unfinished repeats, runs that contradict each other once more, the
    strategy's own cells, then the runs that proofs still need. `width` is how many requests
    run at once.
    """
    work = _work(space, runs, strategy)
    asked = _next(work, strategy, repeat, width)
    return tuple(space.cell(changes) for changes in asked)


def report(
    space: Space,
    runs: Runs,
    strategy: Strategy,
    *,
    ended: Ended,
    repeat: int = 1,
    names: AxisNames | None = None,
) -> SearchReport:
    """Return what the runs show, whichever and however few they are.

    `repeat` is how many runs a cell has before proof asks for more; `names` are the words for
    rule and notes.
    """
    work = _work(space, runs, strategy)
    pending = tuple(dict.fromkeys(_next(work, strategy, repeat, LOOK_AHEAD)))
    return summarise(work, pending, ended=ended, repeat=repeat, names=names)


def _work(space: Space, runs: Runs, strategy: Strategy) -> Work:
    seen = Observations.of(space, runs)
    fixed = fixed_cells(space, strategy)
    plan = starting_cells(space) if fixed is None else tuple(space.changes(cell) for cell in fixed)
    return Work(pose(seen, plan, strategy), plan)


def _next(work: Work, strategy: Strategy, repeat: int, width: int) -> tuple[Changes, ...]:
    problem = work.problem
    unfinished = _unfinished(problem.seen, repeat)
    if unfinished:
        return unfinished
    again = _contradictions(problem, repeat)
    if again:
        return again
    if strategy is Strategy.ISOLATE:
        fresh = wanted(problem, work.plan, width)
    else:
        fresh = tuple(cell for cell in work.plan if cell not in problem.seen.outcomes)
    return fresh * repeat or _for_proof(problem, strategy, repeat)


def _unfinished(seen: Observations, repeat: int) -> tuple[Changes, ...]:
    missing = {
        changes: repeat - len(done)
        for changes, done in seen.repeats.items()
        if len(done) < repeat and seen.space.may_send(changes)
    }
    return tuple(
        changes for turn in range(repeat) for changes, count in missing.items() if turn < count
    )


def _contradictions(problem: Problem, repeat: int) -> tuple[Changes, ...]:
    pairs = [changes for low, high in problem.cube.clashes for changes in (high, low)]
    return tuple(
        changes
        for changes in dict.fromkeys(pairs)
        if len(problem.seen.repeats[changes]) <= repeat and problem.space.may_send(changes)
    )


def _for_proof(problem: Problem, strategy: Strategy, repeat: int) -> tuple[Changes, ...]:
    """Ask for second pairs: flipped cells first, which makes each repeat A-B-B-A."""
    flipped: list[Changes] = []
    others: list[Changes] = []
    for claim in claims(problem):
        proof = prove(problem.seen, claim, repeat)
        if claim.mask or proof.heals or not proof.breaks or not claim.settled:
            continue
        context = elsewhere(problem, claim) if strategy is Strategy.ISOLATE else None
        if context is not None:
            others += [context] * repeat
        elif claim.smallest or strategy is Strategy.ISOLATE:
            again = repeats(problem.seen, claim, repeat)
            flipped += again[:1]
            others += again[1:]
    sendable = problem.space.may_send
    return tuple(one for one in dict.fromkeys((*flipped, *others)) if sendable(one))
