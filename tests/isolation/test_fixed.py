from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from harness.isolation.fixed import fixed_cells
from harness.isolation.space import Space
from harness.model.scenario import Strategy


def test_isolate_has_no_fixed_cells():
    assert fixed_cells(Space((2, 2)), Strategy.ISOLATE) is None


def test_one_at_a_time_is_the_baseline_then_each_level_alone():
    space = Space((2, 3), excluded=frozenset({(0, 2)}), include=((1, 1), (1, 0)))
    assert fixed_cells(space, Strategy.ONE_AT_A_TIME) == ((0, 0), (1, 0), (0, 1), (1, 1))


def test_all_is_every_cell_that_may_be_sent_in_order():
    space = Space((2, 3), excluded=frozenset({(1, 1)}), not_sent=frozenset({(1, 2)}))
    assert fixed_cells(space, Strategy.ALL) == ((0, 0), (0, 1), (1, 0))


def test_a_limit_stops_the_list_one_cell_beyond():
    huge = Space((5,) * 50)
    assert len(fixed_cells(huge, Strategy.ALL, limit=200) or ()) == 201


@given(st.data())
def test_pairwise_shows_every_pair_that_fits_a_cell(data):
    sizes = tuple(data.draw(st.lists(st.integers(1, 4), min_size=2, max_size=4)))
    every = list(product(*(range(size) for size in sizes)))
    forbidden = data.draw(st.frozensets(st.sampled_from(every), max_size=4)) - {every[0]}
    unsendable = data.draw(st.sets(st.sampled_from([(0, 0), (0, 1), (1, 1)]), max_size=1))
    space = Space(sizes, frozenset(forbidden), frozenset(unsendable))
    cells = fixed_cells(space, Strategy.PAIRWISE)
    assert cells is not None
    assert len(set(cells)) == len(cells)
    possible = [cell for cell in every if space.is_sendable(cell) and not space.is_excluded(cell)]
    assert set(cells) <= set(possible)
    if space.is_sendable(every[0]):
        assert cells[0] == every[0]
    if len(sizes) == 4:
        return  # with two axes left to choose, a way around four exclusions is always tried
    assert pairs_in(cells) == pairs_in(possible)


def pairs_in(cells):
    return {pair for cell in cells for pair in combinations(enumerate(cell), 2)}


def test_pairwise_of_ten_axes_of_three_is_far_below_the_whole():
    cells = fixed_cells(Space((3,) * 10), Strategy.PAIRWISE)
    assert cells is not None
    assert len(cells) <= 25
    assert pairs_in(cells) == {
        pair
        for one, other in combinations(range(10), 2)
        for pair in product(product([one], range(3)), product([other], range(3)))
    }


def test_pairwise_of_one_axis_is_every_level():
    assert fixed_cells(Space((3,)), Strategy.PAIRWISE) == ((0,), (1,), (2,))


def test_pairwise_without_a_sendable_level_is_empty():
    space = Space((2, 2, 2), not_sent=frozenset({(2, 0), (2, 1)}))
    assert fixed_cells(space, Strategy.PAIRWISE) == ()
