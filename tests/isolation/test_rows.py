from hypothesis import given
from hypothesis import strategies as st

from harness.isolation.rows import covering_rows, never_shown
from harness.isolation.space import Space, each


@given(st.lists(st.integers(1, 5), min_size=1, max_size=10))
def test_there_are_as_many_rows_as_the_longest_axis_has_changes(sizes):
    space = Space(tuple(sizes))
    rows = covering_rows(space)
    assert len(rows) == max(sizes) - 1
    assert never_shown(space, rows) == 0


@given(st.lists(st.integers(2, 4), min_size=2, max_size=6))
def test_every_row_changes_every_axis(sizes):
    space = Space(tuple(sizes))
    for row in covering_rows(space):
        assert space.axes(row) == tuple(range(len(sizes)))


def test_an_axis_shown_to_the_end_goes_on_varying_beside_new_levels():
    space = Space((4, 2, 3))
    assert [space.cell(row) for row in covering_rows(space)] == [(1, 1, 1), (2, 1, 2), (3, 1, 1)]


@given(st.data())
def test_rows_respect_what_may_not_be_sent(data):
    sizes = data.draw(st.lists(st.integers(2, 4), min_size=2, max_size=5))
    cells = st.tuples(*(st.integers(0, size - 1) for size in sizes))
    forbidden = data.draw(st.frozensets(cells.filter(any), max_size=12))
    levels = st.integers(0, len(sizes) - 1).flatmap(
        lambda axis: st.tuples(st.just(axis), st.integers(0, sizes[axis] - 1))
    )
    space = Space(tuple(sizes), forbidden, data.draw(st.frozensets(levels, max_size=3)))
    rows = covering_rows(space)
    assert all(space.may_send(row) for row in rows)
    if space.is_sendable(space.baseline):
        for level in each(never_shown(space, rows)):
            assert not space.may_send(level)


def test_a_level_that_may_not_be_sent_alone_is_shown_with_a_companion():
    space = Space((2, 3), excluded=lambda cell: cell[0] == 1 and cell[1] != 2)
    assert (1, 2) in [space.cell(row) for row in covering_rows(space)]


def test_a_level_with_no_cell_of_its_own_is_never_shown():
    space = Space((2, 2), excluded=lambda cell: cell[0] == 1)
    rows = covering_rows(space)
    assert [space.cell(row) for row in rows] == [(0, 1)]
    assert space.pairs(never_shown(space, rows)) == ((0, 1),)


def test_a_baseline_level_that_cannot_be_sent_is_replaced_in_every_row():
    space = Space((3, 3), not_sent=frozenset({(0, 0), (0, 2)}))
    assert [space.cell(row) for row in covering_rows(space)] == [(1, 1), (1, 2)]


def test_an_axis_without_any_sendable_level_leaves_no_row():
    space = Space((2, 2), not_sent=frozenset({(0, 0), (0, 1)}))
    assert covering_rows(space) == ()
