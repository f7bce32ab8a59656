"""The matrix as numbers: sizes, what may not be sent, and cells as sets of changed levels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from math import prod

from harness.model.variant import Cell

Changes = int
"""A cell as a set: one bit for each level off the baseline. The baseline is 0."""


@dataclass(frozen=True, slots=True)
class Space:
    """A matrix of `sizes` levels per axis, level 0 the baseline's.

    `excluded` are the cells that are never sent, as a set or a test. `not_sent` are the
    (axis, level) pairs that are known to be unsendable before any request. `include` are cells
    that every strategy runs.

    Raises:
        ValueError: a size below 1, an excluded baseline, or an `include` that is outside the
            matrix or excluded.
    """

    sizes: tuple[int, ...]
    excluded: frozenset[Cell] | Callable[[Cell], bool] = frozenset()
    not_sent: frozenset[tuple[int, int]] = frozenset()
    include: tuple[Cell, ...] = ()
    _levels: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)
    _offsets: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Number the levels off the baseline, axis by axis."""
        if any(size < 1 for size in self.sizes):
            raise ValueError(f"every axis needs a level: {self.sizes}")
        levels = [(axis, level) for axis, size in enumerate(self.sizes) for level in range(1, size)]
        offsets = [sum(self.sizes[:axis]) - axis for axis in range(len(self.sizes))]
        object.__setattr__(self, "_levels", tuple(levels))
        object.__setattr__(self, "_offsets", tuple(offsets))
        if self.is_excluded(self.baseline):
            raise ValueError("the baseline is excluded")
        for cell in self.include:
            if len(cell) != len(self.sizes) or any(
                not 0 <= level < size for level, size in zip(cell, self.sizes, strict=True)
            ):
                raise ValueError(f"{cell} is not a cell of a matrix of {self.sizes}")
            if self.is_excluded(cell):
                raise ValueError(f"{cell} is both included and excluded")

    @property
    def baseline(self) -> Cell:
        """The cell with level 0 on every axis."""
        return (0,) * len(self.sizes)

    @property
    def usable(self) -> Changes:
        """Every level off the baseline that can be sent."""
        return sum(1 << bit for bit, pair in enumerate(self._levels) if pair not in self.not_sent)

    def sendable_levels(self, axis: int) -> tuple[int, ...]:
        """The levels of an axis that can be sent, the baseline's among them."""
        return tuple(
            level for level in range(self.sizes[axis]) if (axis, level) not in self.not_sent
        )

    @property
    def sendable_count(self) -> int:
        """How many cells have sendable levels only, excluded ones counted."""
        return prod(len(self.sendable_levels(axis)) for axis in range(len(self.sizes)))

    def sendable_cells(self) -> Iterator[Cell]:
        """Yield the cells that have sendable levels only, in order, excluded ones too."""
        return product(*(self.sendable_levels(axis) for axis in range(len(self.sizes))))

    def is_excluded(self, cell: Cell) -> bool:
        """Tell whether the scenario forbids the cell."""
        return (
            cell in self.excluded if isinstance(self.excluded, frozenset) else self.excluded(cell)
        )

    def is_sendable(self, cell: Cell) -> bool:
        """Tell whether every level of the cell can be sent."""
        return not any(pair in self.not_sent for pair in enumerate(cell))

    def may_send(self, changes: Changes) -> bool:
        """Tell whether the cell is neither excluded nor unsendable."""
        cell = self.cell(changes)
        return self.is_sendable(cell) and not self.is_excluded(cell)

    def changes(self, cell: Cell) -> Changes:
        """Return the cell as a set of changed levels."""
        return sum(1 << self._offsets[axis] + level - 1 for axis, level in enumerate(cell) if level)

    def cell(self, changes: Changes) -> Cell:
        """Return the set of changed levels as a cell."""
        cell = [0] * len(self.sizes)
        for axis, level in self.pairs(changes):
            cell[axis] = level
        return tuple(cell)

    def pairs(self, changes: Changes) -> tuple[tuple[int, int], ...]:
        """Return the changed levels as (axis, level), in axis order."""
        return tuple(self._levels[bit.bit_length() - 1] for bit in each(changes))

    def axis_levels(self, axis: int) -> Changes:
        """Every level off the baseline of one axis."""
        return ((1 << self.sizes[axis] - 1) - 1) << self._offsets[axis]

    def axes(self, changes: Changes) -> tuple[int, ...]:
        """The axes that are off the baseline, in order."""
        return tuple(sorted({axis for axis, _ in self.pairs(changes)}))


def each(changes: Changes) -> Iterator[Changes]:
    """Yield the single levels of a set, lowest first."""
    while changes:
        lowest = changes & -changes
        yield lowest
        changes ^= lowest


def contains(outer: Changes, inner: Changes) -> bool:
    """Tell whether `outer` has every level of `inner`."""
    return not inner & ~outer
