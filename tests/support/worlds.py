"""Worlds to search in: oracles with a known truth, and a driver that counts requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from hypothesis import settings
from hypothesis import strategies as st

from harness.isolation.search import next_batch
from harness.isolation.space import Space
from harness.model.finding import Flip, Proof, SearchReport
from harness.model.outcome import Outcome
from harness.model.scenario import Strategy
from harness.model.variant import Cell

SEARCHES = settings(max_examples=30, deadline=None)
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
    def repeated(self) -> int:
        """Requests for cells that had been sent before."""
        return self.requests - len(self.runs)


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


def levels_of(space: Space, changes: int) -> Levels:
    return frozenset(space.pairs(changes))


def flip_sets(found: SearchReport) -> set[Levels]:
    """The flips that runs showed; those that follow from the plan are left out."""
    return {
        frozenset((axis, level) for axis, _, level in flip.changes)
        for flip in found.flips
        if not flip.static
    }


def changed(cell: Cell, sets: Iterable[tuple[int, int]]) -> Cell:
    levels = dict(enumerate(cell)) | dict(sets)
    return tuple(levels[axis] for axis in range(len(cell)))


def within(space: Space, flip: Flip) -> Cell:
    """The cell that differs from the baseline in the flip only."""
    return changed(space.baseline, ((axis, level) for axis, _, level in flip.changes))


def backed(space: Space, flip: Flip, runs: RunsSoFar) -> bool:
    """Check a proof run by run: there, with these outcomes, apart, and only the flip between."""
    if flip.static:
        assert flip.proof == Proof()
        return True
    used = [run for pair in (*flip.proof.breaks, *flip.proof.heals) for run in pair]
    assert len(set(used)) == len(used)
    assert flip.proof.breaks
    for passing, failing in (*flip.proof.breaks, *flip.proof.heals):
        assert runs[passing.cell][passing.repeat - 1] is Outcome.PASS
        assert runs[failing.cell][failing.repeat - 1] is not Outcome.PASS
        flipped, before = (passing, failing) if flip.to is Outcome.PASS else (failing, passing)
        assert runs[flipped.cell][flipped.repeat - 1] is flip.to
        assert all(before.cell[axis] == level for axis, level, _ in flip.changes)
        to = ((axis, level) for axis, _, level in flip.changes)
        assert changed(before.cell, to) == flipped.cell
    return True


@st.composite
def spaces(draw: st.DrawFn, *, exclusions: bool = False, most_axes: int = 10) -> Space:
    """Draw 2 to `most_axes` axes of 2 to 5 levels, some unsendable; exclusions on demand."""
    sizes = tuple(draw(st.lists(st.integers(2, 5), min_size=2, max_size=most_axes)))
    not_sent = draw(st.frozensets(_level(sizes), max_size=2))
    if not exclusions:
        return Space(sizes, not_sent=not_sent)
    patterns = draw(st.lists(st.frozensets(_any_level(sizes), min_size=1, max_size=3), max_size=3))

    def excluded(cell: Cell) -> bool:
        return any(cell) and any(pattern <= set(enumerate(cell)) for pattern in patterns)

    drawn = st.tuples(*(st.integers(0, size - 1) for size in sizes))
    include = draw(st.lists(drawn.filter(lambda cell: not excluded(cell)), max_size=2))
    return Space(sizes, excluded, not_sent, tuple(include))


@st.composite
def worlds(draw: st.DrawFn, space: Space) -> World:
    """Draw up to four causes of one to three levels, and up to two levels that mask alone."""
    usable = [pair for pair in space.pairs(space.usable) if pair not in space.not_sent]
    if not usable:
        return World()
    level = st.sampled_from(usable)
    one_per_axis = st.frozensets(level, min_size=1, max_size=3).filter(
        lambda chosen: len({axis for axis, _ in chosen}) == len(chosen)
    )
    causes = draw(st.lists(one_per_axis, max_size=4))
    hiding = st.sampled_from([Outcome.OTHER, Outcome.PROXY_DENIED, Outcome.UNREACHABLE])
    masks = draw(st.lists(st.tuples(level, hiding), max_size=2))
    return World(tuple(causes), tuple((frozenset({one}), outcome) for one, outcome in masks))


@st.composite
def denied_baselines(draw: st.DrawFn, space: Space) -> Oracle:
    """Draw a world in which one axis needs another level than the baseline's, or two axes do."""
    wrong = draw(st.sets(st.integers(0, len(space.sizes) - 1), min_size=1, max_size=2))
    good = {
        axis: draw(st.sets(st.integers(1, space.sizes[axis] - 1), min_size=1)) for axis in wrong
    }
    world = draw(worlds(space))

    def outcome(cell: Cell) -> Outcome:
        if any(cell[axis] not in levels for axis, levels in good.items()):
            return Outcome.DENIED
        return world(cell)

    return outcome


def _level(sizes: tuple[int, ...]) -> st.SearchStrategy[tuple[int, int]]:
    return st.sampled_from([(a, level) for a, size in enumerate(sizes) for level in range(1, size)])


def _any_level(sizes: tuple[int, ...]) -> st.SearchStrategy[tuple[int, int]]:
    return st.sampled_from([(a, level) for a, size in enumerate(sizes) for level in range(size)])
