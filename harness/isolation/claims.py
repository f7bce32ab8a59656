"""What the runs claim: the flips found, smallest first, and the fixes that were seen to heal."""

from __future__ import annotations

from collections.abc import Iterator

from harness.isolation.cube import State
from harness.isolation.isolate import rows_without_causes
from harness.isolation.narrowing import is_smallest, questions
from harness.isolation.problem import Direction, Problem
from harness.isolation.proof import Claim, prove
from harness.isolation.space import Changes, Space, contains, each
from harness.model.finding import CellRun, Fix, Flip, Proof
from harness.model.outcome import Outcome


def claims(problem: Problem) -> tuple[Claim, ...]:
    """Return a claim for each smallest flipped cell.

    Where a cell was not narrowed down to the end, its smallest difference from a run on the
    other side is claimed instead, unless another claim explains the cell.
    """
    proved, rest = [], []
    for high in problem.cube.highs:
        if is_smallest(problem.cube, high):
            proved.append(Claim(high, _left(problem), problem.seen.outcomes[high]))
        elif suspect := _nearest_difference(problem, high):
            rest.append(suspect)
    for claim in sorted(rest, key=lambda claim: (claim.changes.bit_count(), claim.changes)):
        if not any(contains(claim.changes, other.changes) for other in proved):
            proved.append(claim)
    return tuple(proved)


def flips(problem: Problem, found: tuple[Claim, ...], repeat: int) -> tuple[Flip, ...]:
    """Return the claims that runs back, then the levels that the plan knows to be unsendable.

    From a baseline that cannot be sent there is no run to compare with: the plan is the proof.
    """
    space, backed = problem.space, []
    static = not space.is_sendable(space.baseline)
    for claim in found:
        if claim.reached is Outcome.NOT_SENT and not space.may_send(claim.changes):
            continue  # told below, from the plan; a run of it adds nothing
        changes = tuple((axis, 0, level) for axis, level in space.pairs(claim.changes))
        proof = prove(problem.seen, claim, repeat)
        if proof.breaks or static:
            flip = Flip(
                changes,
                claim.reached,
                proof,
                masks=claim.mask,
                static=static,
                narrowed=claim.smallest or claim.settled,
                unsteady=_is_unsteady(problem, proof),
            )
            backed.append(flip)
    return (*backed, *_unsendable_levels(space))


def fixes(problem: Problem, found: tuple[Claim, ...]) -> tuple[Fix, ...]:
    """Return each smallest change that was run and passed, with the smallest cell it heals."""
    if problem.direction is Direction.HEALS:
        return tuple(fix for claim in found if (fix := _healing_fix(problem, claim)))
    return tuple(
        fix for reset in _resets(problem, found) if (fix := _resetting_fix(problem, reset))
    )


def _is_unsteady(problem: Problem, proof: Proof) -> bool:
    cells = {run.cell for pair in (*proof.breaks, *proof.heals) for run in pair}
    return any(problem.seen.space.cell(changes) in cells for changes in problem.seen.flaky)


def _left(problem: Problem) -> Outcome:
    if problem.direction is Direction.BREAKS:
        return Outcome.PASS
    return problem.seen.baseline or Outcome.DENIED


def _nearest_difference(problem: Problem, high: Changes) -> Claim | None:
    left = _left(problem)
    differences = [
        high & ~low
        for low, outcome in problem.seen.outcomes.items()
        if outcome is left and contains(high, low)
    ]
    if not differences:
        return None
    changes = min(differences, key=lambda change: (change.bit_count(), change))
    settled = not questions(problem.cube, high, 1)
    reached = problem.seen.outcomes[high]
    return Claim(changes, left, reached, smallest=False, settled=settled)


def _unsendable_levels(space: Space) -> Iterator[Flip]:
    for axis, level in sorted(space.not_sent):
        if level and (axis, 0) not in space.not_sent:
            yield Flip(((axis, 0, level),), Outcome.NOT_SENT, static=True)


def _healing_fix(problem: Problem, claim: Claim) -> Fix | None:
    """The claim itself is the fix: of the baseline, or of the cell next to which it was seen."""
    seen, space = problem.seen, problem.space
    contexts = [
        flipped & ~claim.changes
        for flipped, outcome in seen.outcomes.items()
        if outcome is Outcome.PASS and contains(flipped, claim.changes)
    ]
    context = min(contexts, key=lambda changes: (changes.bit_count(), changes))
    run = seen.run(context | claim.changes, Outcome.PASS)
    return Fix(space.cell(context), space.pairs(claim.changes), (run,)) if run else None


def _resets(problem: Problem, found: tuple[Claim, ...]) -> tuple[Changes, ...]:
    single = [level for claim in found if not claim.mask for level in each(claim.changes)]
    whole_rows = rows_without_causes(problem)
    resets = [
        region & ~row for region in problem.regions for row in whole_rows if contains(region, row)
    ]
    return tuple(dict.fromkeys(reset for reset in (*single, *resets) if reset))


def _resetting_fix(problem: Problem, reset: Changes) -> Fix | None:
    seen, space = problem.seen, problem.space
    healed = [
        (broken, run)
        for broken, outcome in seen.outcomes.items()
        if outcome is Outcome.DENIED
        and contains(broken, reset)
        and (run := _passing_run(problem, broken & ~reset))
        and all(
            problem.cube.state(broken & ~(reset ^ level)) is State.HIGH for level in each(reset)
        )
    ]
    if not healed:
        return None
    broken, run = min(healed, key=lambda pair: (pair[0].bit_count(), pair[0]))
    sets = tuple((axis, 0) for axis, _ in space.pairs(reset))
    return Fix(space.cell(broken), sets, (run,))


def _passing_run(problem: Problem, changes: Changes) -> CellRun | None:
    if problem.seen.outcomes.get(changes) is not Outcome.PASS:
        return None
    return problem.seen.run(changes, Outcome.PASS)
