"""One sentence that is true of every cell sent: when it was denied, and when it was not."""

from __future__ import annotations

from dataclasses import dataclass

from harness.isolation.names import AxisNames, condition
from harness.isolation.observations import Observations, Runs
from harness.isolation.space import Changes, Space
from harness.model.finding import Evidence, Flip
from harness.model.outcome import Outcome


def rule_text(
    space: Space,
    runs: Runs,
    flips: tuple[Flip, ...],
    names: AxisNames,
    evidence: Evidence = Evidence.PARTIAL,
) -> str:
    """Return the rule, "" when no cell was denied or passed.

    It counts the cells sent that passed or were denied. `exactly` is said only when the
    evidence is certified, or every cell of the matrix was sent, and no cell sent disagrees.
    """
    seen = Observations.of(space, runs)
    judged = [changes for changes, outcome in seen.outcomes.items() if outcome.is_verdict]
    if not judged:
        return ""
    wanted = _outcome_ruled(seen)
    told = tuple(flip for flip in flips if flip.to is wanted and not flip.static)
    met = [changes for changes in seen.outcomes if _meets_any(space, changes, told)]
    tally = _Tally(
        when=condition(names, tuple(_levels(flip) for flip in told)),
        verb="denied" if wanted is Outcome.DENIED else "passes",
        inside=[seen.outcomes[changes] is wanted for changes in judged if changes in met],
        outside=[seen.outcomes[changes] is wanted for changes in judged if changes not in met],
        unjudged=sum(changes not in judged for changes in (met or seen.outcomes)),
    )
    certain = (evidence is Evidence.CERTIFIED or seen.complete) and not seen.flaky
    if not (told and certain and tally.agrees):
        return tally.text
    return tally.exact(_unless([flip for flip in flips if _hides(space, flip, judged)], names))


@dataclass(frozen=True, slots=True)
class _Tally:
    """What was counted: whether each judged cell inside and outside the condition obeys."""

    when: str
    verb: str
    inside: list[bool]
    outside: list[bool]
    unjudged: int

    @property
    def agrees(self) -> bool:
        return all(self.inside) and not any(self.outside)

    def exact(self, unless: str) -> str:
        return f"{self.verb} exactly when {self.when}{unless}"

    @property
    def text(self) -> str:
        with_verdict = " with a verdict" if self.unjudged else ""
        if not self.inside:
            return f"{self.verb} in {_share(self.outside)} sent{with_verdict}"
        text = f"{self.verb} in {_share(self.inside)} sent{with_verdict} when {self.when}"
        return text + (f", and {_others(self.outside)}" if self.outside else "")


def _share(obeyed: list[bool]) -> str:
    hits, count = sum(obeyed), len(obeyed)
    if count == 1:
        return "the one cell" if hits else "none of 1 cell"
    return f"{'all' if hits == count else f'{hits} of' if hits else 'none of'} {count} cells"


def _others(obeyed: list[bool]) -> str:
    hits, count = sum(obeyed), len(obeyed)
    if count == 1:
        return "in the other one too" if hits else "not in the other one"
    return f"in {hits or 'none'} of the {count} others"


def _outcome_ruled(seen: Observations) -> Outcome:
    """A denied baseline makes the passes the exception worth telling."""
    passed = Outcome.PASS in seen.outcomes.values()
    denied_baseline = seen.baseline not in {None, Outcome.PASS}
    return Outcome.PASS if passed and denied_baseline else Outcome.DENIED


def _levels(flip: Flip) -> tuple[tuple[int, int], ...]:
    return tuple((axis, level) for axis, _, level in flip.changes)


def _meets_any(space: Space, changes: Changes, flips: tuple[Flip, ...]) -> bool:
    pairs = set(space.pairs(changes))
    return any(pairs.issuperset(_levels(flip)) for flip in flips)


def _hides(space: Space, flip: Flip, judged: list[Changes]) -> bool:
    """Tell whether the flip keeps cells from a verdict: none that holds it has one."""
    return not flip.to.is_verdict and not any(
        _meets_any(space, changes, (flip,)) for changes in judged
    )


def _unless(hidden_by: list[Flip], names: AxisNames) -> str:
    hiding = tuple(_levels(flip) for flip in hidden_by)
    return f", unless {condition(names, hiding)}, which hides the verdict" if hiding else ""
