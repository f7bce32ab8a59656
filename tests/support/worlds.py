"""Worlds to search in: oracles with a known truth, and a driver that counts requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from harness.isolation.search import next_batch
from harness.isolation.space import Space
from harness.model.outcome import Outcome
from harness.model.scenario import Strategy
from harness.model.variant import Cell

Levels = frozenset[tuple[int, int]]
Oracle = Callable[[Cell], Outcome]
RunsSoFar = dict[Cell, tuple[Outcome, ...]]


@dataclass(frozen=True)
class World:
    """Denied where a cause is in the cell, masked where a mask is; masks are seen first."""

    causes: tuple[Levels, ...] = ()
    masks: tuple[tuple[Levels, Outcome], ...] = ()

    def __call__(self, cell: Cell) -> Outcome:
        levels = set(enumerate(cell))
        for mask, outcome in self.masks:
            if mask <= levels:
                return outcome
        return Outcome.DENIED if any(cause <= levels for cause in self.causes) else Outcome.PASS

    def smallest(self) -> set[Levels]:
        every = {*self.causes, *(mask for mask, _ in self.masks)}
        return {one for one in every if not any(other < one for other in every)}


@dataclass
class Simulation:
    """What a search asked for, round by round, and what it was told."""

    runs: RunsSoFar = field(default_factory=dict)
    batches: list[tuple[Cell, ...]] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(map(len, self.batches))

    @property
    def cells_asked(self) -> int:
        return len(self.runs)


def simulate(
    space: Space,
    oracle: Oracle,
    strategy: Strategy = Strategy.ISOLATE,
    *,
    repeat: int = 1,
    width: int = 8,
    runs: RunsSoFar | None = None,
    shuffle: Random | None = None,
    most_rounds: int = 2_000,
) -> Simulation:
    """Run a search to its end; `shuffle` fills each batch in another order."""
    done = Simulation(dict(runs or {}))
    while batch := next_batch(space, done.runs, strategy, repeat=repeat, width=width):
        done.batches.append(batch)
        assert len(done.batches) <= most_rounds, "the search does not end"
        told = list(batch)
        if shuffle:
            shuffle.shuffle(told)
        for cell in told:
            done.runs[cell] = (*done.runs.get(cell, ()), oracle(cell))
    return done
