"""The fewest cells that show every level once: the rows that a search starts from."""

from __future__ import annotations

from harness.isolation.space import Changes, Space, each


def covering_rows(space: Space) -> tuple[Changes, ...]:
    """Return rows with a change on every axis that show each sendable level, greedily few.

    Without exclusions there are as many rows as the longest axis has levels off the baseline.
    An axis whose levels were all shown goes on varying, so that its pairs with others are seen.
    """
    unshown = space.usable
    beside: dict[Changes, Changes] = {}
    rows: list[Changes] = []
    while unshown:
        first = next(each(unshown))
        row = _row(space, unshown, beside)
        if not row & unshown:
            seed = _seed(space, first)
            row = _fill(space, seed, unshown, beside) if seed else 0
        unshown &= ~(row | (0 if row else first))
        if row:
            rows.append(row)
            for level in each(row):
                beside[level] = beside.get(level, 0) | row
    return tuple(rows)


def never_shown(space: Space, cells: tuple[Changes, ...]) -> Changes:
    """Return the sendable levels in none of `cells`: exclusions keep them out of every one."""
    shown = 0
    for cell in cells:
        shown |= cell
    return space.usable & ~shown


def _row(space: Space, unshown: Changes, beside: dict[Changes, Changes]) -> Changes:
    start = 0
    if not space.is_sendable(space.baseline):
        start = _replace_unsendable(space, unshown)
        if not start:
            return 0
    row = _fill(space, start, unshown, beside)
    return row if space.may_send(row) else 0


def _replace_unsendable(space: Space, unshown: Changes) -> Changes:
    """Set the axes whose baseline level cannot be sent; 0 when there is no way."""
    start = 0
    for axis in range(len(space.sizes)):
        if (axis, 0) in space.not_sent:
            choices = space.axis_levels(axis) & space.usable
            if not choices:
                return 0
            start |= next(each(choices & unshown or choices))
    return start


def _fill(space: Space, row: Changes, unshown: Changes, beside: dict[Changes, Changes]) -> Changes:
    for wanted in (unshown, space.usable):
        for axis in _longest_first(space, unshown):
            levels = space.axis_levels(axis)
            if row & levels:
                continue
            choices = sorted(
                each(levels & wanted),
                key=lambda level: ((row & beside.get(level, 0)).bit_count(), level),
            )
            row |= next((level for level in choices if space.may_send(row | level)), 0)
    return row


def _longest_first(space: Space, unshown: Changes) -> list[int]:
    return sorted(
        range(len(space.sizes)),
        key=lambda axis: -(space.axis_levels(axis) & unshown).bit_count(),
    )


def _seed(space: Space, level: Changes) -> Changes:
    """The level alone or, where that may not be sent, beside one other; 0 when neither may."""
    own_axis = space.axis_levels(space.pairs(level)[0][0])
    companions = (0, *each(space.usable & ~own_axis))
    return next((level | one for one in companions if space.may_send(level | one)), 0)
