"""What follows from the runs when adding a change can only push one way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from harness.isolation.space import Changes, Space, contains


class State(Enum):
    """What is known of a set of changes before it is asked for."""

    LOW = "stays as the baseline"
    HIGH = "is flipped"
    OPEN = "not known, may be asked"
    BARRED = "not known, may not be asked"


@dataclass(frozen=True, slots=True)
class Cube:
    """Runs read as *low* (as the baseline) or *high* (flipped), and what they imply.

    Inside a low set everything is low, around a high set everything is high. A low run that
    holds a high one contradicts that: it is a clash, and implies nothing beyond itself.
    `unsendable` is the state of a set that cannot be sent.
    """

    space: Space
    known: Mapping[Changes, State]
    lows: tuple[Changes, ...]
    highs: tuple[Changes, ...]
    clashes: tuple[tuple[Changes, Changes], ...]
    unsendable: State

    @classmethod
    def of(cls, space: Space, known: Mapping[Changes, State], unsendable: State) -> Cube:
        """Sort the known sets out; `lows` are the largest, `highs` the smallest."""
        highs = smallest(changes for changes, state in known.items() if state is State.HIGH)
        lows = [changes for changes, state in known.items() if state is State.LOW]
        clashes = tuple((low, high) for low in lows for high in highs if contains(low, high))
        doubted = {low for low, _ in clashes}
        trusted = largest(low for low in lows if low not in doubted)
        return cls(space, known, trusted, highs, clashes, unsendable)

    @classmethod
    def literal(cls, space: Space, known: Mapping[Changes, State], unsendable: State) -> Cube:
        """Take the known sets for themselves: no low set speaks of what is inside it."""
        highs = smallest(changes for changes, state in known.items() if state is State.HIGH)
        return cls(space, known, (), highs, (), unsendable)

    def state(self, changes: Changes) -> State:
        """Tell what is known of a set, by its run or by what other runs imply."""
        if changes in self.known:
            return self.known[changes]
        if any(contains(low, changes) for low in self.lows):
            return State.LOW
        if any(contains(changes, high) for high in self.highs):
            return State.HIGH
        cell = self.space.cell(changes)
        if not self.space.is_sendable(cell):
            return self.unsendable
        return State.BARRED if self.space.is_excluded(cell) else State.OPEN


def smallest(sets: Iterable[Changes]) -> tuple[Changes, ...]:
    """Keep the sets that hold no other, fewest levels first."""
    kept: list[Changes] = []
    for candidate in sorted(set(sets), key=_by_size):
        if not any(contains(candidate, other) for other in kept):
            kept.append(candidate)
    return tuple(kept)


def largest(sets: Iterable[Changes]) -> tuple[Changes, ...]:
    """Keep the sets that no other holds, most levels first."""
    kept: list[Changes] = []
    for candidate in sorted(set(sets), key=_by_size, reverse=True):
        if not any(contains(other, candidate) for other in kept):
            kept.append(candidate)
    return tuple(kept)


def _by_size(changes: Changes) -> tuple[int, Changes]:
    return changes.bit_count(), changes
