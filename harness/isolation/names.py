"""Cells and levels in the words of the scenario."""

from __future__ import annotations

from harness.isolation.space import Changes, Space
from harness.model.variant import BASELINE_ID

AxisNames = tuple[tuple[str, tuple[str, ...]], ...]
"""Each axis with its level names, baseline first."""


def numbered(space: Space) -> AxisNames:
    """Return stand-in names, for a caller that has none: `axis1=level2`."""
    return tuple(
        (f"axis{axis + 1}", tuple(f"level{level}" for level in range(size)))
        for axis, size in enumerate(space.sizes)
    )


def variant_id(space: Space, names: AxisNames, changes: Changes) -> str:
    """Name a cell by its axes off the baseline, as variants are named."""
    off = [f"{names[axis][0]}={names[axis][1][level]}" for axis, level in space.pairs(changes)]
    return ",".join(off) or BASELINE_ID


def condition(names: AxisNames, groups: tuple[tuple[tuple[int, int], ...], ...]) -> str:
    """Say that one of some groups of (axis, level) holds: `key is dotenv or vault`."""
    single: dict[int, list[str]] = {}
    phrases: list[str] = []
    for group in groups:
        if len(group) == 1:
            axis, level = group[0]
            single.setdefault(axis, []).append(names[axis][1][level])
    for axis, levels in single.items():
        phrases.append(f"{names[axis][0]} is {' or '.join(levels)}")
    for group in groups:
        if len(group) > 1:
            parts = (f"{names[axis][0]} is {names[axis][1][level]}" for axis, level in group)
            joined = " and ".join(parts)
            phrases.append(f"({joined})" if len(groups) > 1 else joined)
    return " or ".join(phrases)
