import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.isolation.space import Space, contains, each

SPACE = Space((3, 1, 2), not_sent=frozenset({(0, 2)}), excluded=frozenset({(1, 0, 1)}))


@given(
    st.lists(st.integers(1, 5), max_size=8).flatmap(
        lambda sizes: st.tuples(
            st.just(tuple(sizes)), st.tuples(*(st.integers(0, s - 1) for s in sizes))
        )
    )
)
def test_a_cell_survives_the_way_to_a_set_and_back(made):
    sizes, cell = made
    space = Space(sizes)
    changes = space.changes(cell)
    assert space.cell(changes) == cell
    assert space.pairs(changes) == tuple((a, level) for a, level in enumerate(cell) if level)
    assert space.axes(changes) == tuple(a for a, level in enumerate(cell) if level)


def test_the_baseline_is_the_empty_set():
    assert SPACE.changes(SPACE.baseline) == 0


def test_levels_of_an_axis_are_its_bits_without_the_baseline():
    assert [SPACE.axis_levels(axis) for axis in range(3)] == [0b011, 0, 0b100]


def test_usable_levels_leave_out_what_cannot_be_sent():
    assert SPACE.usable == 0b101
    assert SPACE.sendable_levels(0) == (0, 1)


def test_sendable_cells_are_listed_in_order_with_excluded_ones():
    assert list(SPACE.sendable_cells()) == [(0, 0, 0), (0, 0, 1), (1, 0, 0), (1, 0, 1)]
    assert SPACE.sendable_count == 4


@pytest.mark.parametrize(
    ("cell", "may"), [((1, 0, 0), True), ((1, 0, 1), False), ((2, 0, 0), False)]
)
def test_excluded_and_unsendable_cells_may_not_be_sent(cell, may):
    assert SPACE.may_send(SPACE.changes(cell)) is may


def test_exclusion_may_be_a_test_of_the_cell():
    space = Space((2, 2), excluded=lambda cell: cell == (1, 1))
    assert space.is_excluded((1, 1))
    assert not space.is_excluded((1, 0))


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: Space((2, 0)), "every axis needs a level"),
        (lambda: Space((2,), excluded=frozenset({(0,)})), "the baseline is excluded"),
        (lambda: Space((2,), include=((2,),)), "is not a cell"),
        (lambda: Space((2,), include=((0, 0),)), "is not a cell"),
        (lambda: Space((2,), frozenset({(1,)}), include=((1,),)), "both included and excluded"),
    ],
)
def test_an_impossible_space_is_refused(made, message):
    with pytest.raises(ValueError, match=message):
        made()


def test_each_yields_single_levels_lowest_first():
    assert list(each(0b1101)) == [1, 4, 8]


def test_containment_is_of_levels():
    assert contains(0b111, 0b101)
    assert not contains(0b011, 0b101)
