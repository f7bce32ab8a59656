"""What the recogniser looks at: both sides of a flip, as asked for and as observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.model.arrival import Arrival
from harness.model.exchange import Failure, RedactedExchange, RedactedResponse, Step
from harness.model.finding import Flip
from harness.model.key_facts import KeyFacts
from harness.model.outcome import Outcome
from harness.model.request import RequestPlan
from harness.model.scenario import Axis, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a flip: a variant, its request as asked for, its keys, what came of it.

    `keys` maps the names of the request's sources (`key`, `keys.<name>`, `sign.secret` …) to
    their facts. `exchanges` are those of one run, in the order of sending. `reason` says why
    nothing was sent. `arrival` is how a made-up key arrived, in a run that searches by that;
    `echo` is how a key that is wrong on purpose arrived, in any run.
    """

    variant: str
    outcome: Outcome
    plan: RequestPlan
    keys: Mapping[str, KeyFacts] = field(default_factory=dict)
    exchanges: tuple[RedactedExchange, ...] = ()
    reason: str = ""
    arrival: Arrival | None = None
    echo: Arrival | None = None

    @property
    def last(self) -> RedactedExchange | None:
        """The exchange that decided the outcome."""
        return self.exchanges[-1] if self.exchanges else None

    @property
    def answer(self) -> RedactedResponse | None:
        """The answer that decided the outcome."""
        return self.last.response if self.last else None

    @property
    def failure(self) -> Failure | None:
        """Why there was no answer."""
        return self.last.failure if self.last else None

    @property
    def main_hops(self) -> tuple[RedactedExchange, ...]:
        """The exchanges of the request itself, without preflight and auth steps."""
        return tuple(item for item in self.exchanges if item.key.step is Step.MAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One axis of a flip: the level that passes and the one that fails."""

    axis: str
    field: str | None
    passing: Level
    failing: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipContext:
    """Two variants that differ in `changes` only: one passes, the other does not.

    `without_credential` is the answer to a request of this run that carried no credential,
    where there was one. `narrowed` is false while fewer of the changes may do it.
    """

    changes: tuple[Change, ...]
    passing: Side
    failing: Side
    without_credential: RedactedResponse | None = None
    narrowed: bool = True

    @classmethod
    def of(
        cls,
        axes: tuple[Axis, ...],
        flip: Flip,
        *,
        start: Side,
        end: Side,
        without_credential: RedactedResponse | None = None,
    ) -> FlipContext:
        """Name a flip from `start` to `end`; a flip to `pass` has its sides turned round."""
        heals = flip.to is Outcome.PASS
        changes = []
        for axis_index, start_level, end_level in flip.changes:
            axis = axes[axis_index]
            good, bad = (end_level, start_level) if heals else (start_level, end_level)
            changes.append(
                Change(
                    axis=axis.name,
                    field=axis.field,
                    passing=axis.levels[good],
                    failing=axis.levels[bad],
                )
            )
        return cls(
            changes=tuple(changes),
            passing=end if heals else start,
            failing=start if heals else end,
            without_credential=without_credential,
            narrowed=flip.narrowed,
        )

    def changed_key(self) -> tuple[KeyFacts, KeyFacts] | None:
        """Return the facts of the first key that differs, passing side first."""
        for name, failing in self.failing.keys.items():
            passing = self.passing.keys.get(name)
            if passing is not None and passing.source != failing.source:
                return passing, failing
        return self._renamed_key()

    def _renamed_key(self) -> tuple[KeyFacts, KeyFacts] | None:
        """Return the one key of each side that the other lacks: a signature's own, or `key`."""
        lost = [facts for name, facts in self.passing.keys.items() if name not in self.failing.keys]
        new = [facts for name, facts in self.failing.keys.items() if name not in self.passing.keys]
        if len(lost) != 1 or len(new) != 1 or lost[0].source == new[0].source:
            return None
        return lost[0], new[0]
