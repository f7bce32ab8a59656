"""What the runs so far say of each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from harness.isolation.space import Changes, Space
from harness.model.finding import CellRun
from harness.model.outcome import Outcome
from harness.model.variant import Cell

Runs = Mapping[Cell, tuple[Outcome, ...]]
"""The outcomes of each cell's runs so far, in repeat order."""

COMPLETE_LIMIT = 10_000
"""A larger matrix is not looked through to see whether every cell was sent."""


def agreed_outcome(outcomes: tuple[Outcome, ...]) -> Outcome:
    """Return the outcome that most repeats gave; a tie is `denied`."""
    first, *others = Counter(outcomes).most_common(2)
    return Outcome.DENIED if others and others[0][1] == first[1] else first[0]


@dataclass(frozen=True, slots=True)
class Observations:
    """The runs of a space as sets of changed levels, in a canonical order."""

    space: Space
    repeats: Mapping[Changes, tuple[Outcome, ...]]
    outcomes: Mapping[Changes, Outcome]

    @classmethod
    def of(cls, space: Space, runs: Runs) -> Observations:
        """Read `runs`; the order in which the mapping was filled does not count."""
        repeats = {
            space.changes(cell): outcomes for cell, outcomes in sorted(runs.items()) if outcomes
        }
        return cls(
            space, repeats, {changes: agreed_outcome(seen) for changes, seen in repeats.items()}
        )

    @property
    def baseline(self) -> Outcome | None:
        """The baseline's outcome: None before it ran, NOT_SENT if it never can."""
        if not self.space.is_sendable(self.space.baseline):
            return Outcome.NOT_SENT
        return self.outcomes.get(0)

    def with_outcome(self, outcome: Outcome) -> tuple[Changes, ...]:
        """The cells with this outcome, in order."""
        return tuple(changes for changes, seen in self.outcomes.items() if seen is outcome)

    def run(self, changes: Changes, outcome: Outcome, *, after: int = 0) -> CellRun | None:
        """The first run of a cell beyond repeat `after` that had this outcome, if any."""
        for repeat, seen in enumerate(self.repeats.get(changes, ()), start=1):
            if repeat > after and seen is outcome:
                return CellRun(self.space.cell(changes), repeat)
        return None

    @property
    def flaky(self) -> tuple[Changes, ...]:
        """The cells whose repeats disagree."""
        return tuple(changes for changes, seen in self.repeats.items() if len(set(seen)) > 1)

    @property
    def complete(self) -> bool:
        """True when every cell that may be sent was."""
        if self.space.sendable_count > COMPLETE_LIMIT:
            return False
        return all(
            self.space.changes(cell) in self.outcomes or self.space.is_excluded(cell)
            for cell in self.space.sendable_cells()
        )
