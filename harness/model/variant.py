"""One cell of the matrix: a level on every axis, and the names made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.model.scenario import Axis

Cell = tuple[int, ...]
"""One level index per axis, in axis order; the baseline is all zeros."""

BASELINE_ID = "baseline"


@dataclass(frozen=True, slots=True)
class Variant:
    """A cell with its id and its level names."""

    cell: Cell
    id: str
    levels: Mapping[str, str]

    @classmethod
    def of(cls, axes: tuple[Axis, ...], cell: Cell) -> Variant:
        """Name the cell: its id lists the axes that are off the baseline."""
        levels = {
            axis.name: axis.levels[index].name for axis, index in zip(axes, cell, strict=True)
        }
        off = [
            f"{axis.name}={axis.levels[index].name}"
            for axis, index in zip(axes, cell, strict=True)
            if index
        ]
        return cls(cell, ",".join(off) or BASELINE_ID, levels)

    @property
    def slug(self) -> str:
        """The id for files and pytest: `axis-level.axis-level`."""
        return self.id.replace("=", "-").replace(",", ".")
