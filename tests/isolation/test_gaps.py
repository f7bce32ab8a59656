from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from support.worlds import SEARCHES, simulate, spaces, worlds

from harness.isolation import gaps as module
from harness.isolation.cube import Cube, State
from harness.isolation.gaps import Gaps, gaps
from harness.isolation.observations import Observations
from harness.isolation.problem import pose
from harness.isolation.space import Space, contains
from harness.model.scenario import Strategy

LOW, HIGH = State.LOW, State.HIGH


def found(space, known):
    return gaps(space, Cube.of(space, known, State.BARRED))


def test_a_level_that_nothing_speaks_of_is_a_gap():
    assert found(Space((2, 2)), {0: LOW, 0b01: LOW}) == Gaps(apart=(0b10,))


def test_a_pair_never_sent_together_is_a_gap():
    assert found(Space((2, 2)), {0: LOW, 0b01: LOW, 0b10: LOW}) == Gaps(apart=(0b11,))


def test_an_excluded_pair_is_told_apart():
    space = Space((2, 2), excluded=frozenset({(1, 1)}))
    assert found(space, {0: LOW, 0b01: LOW, 0b10: LOW}) == Gaps(excluded=(0b11,))


def test_levels_of_one_axis_are_no_pair():
    assert found(Space((3,)), {0: LOW, 0b01: LOW, 0b10: LOW}).none


def test_a_flipped_level_decides_every_cell_around_it():
    assert found(Space((2, 2)), {0: LOW, 0b01: HIGH, 0b10: LOW}).none


def test_three_levels_whose_pairs_were_all_sent_are_a_gap():
    pairs = {0: LOW, 0b011: LOW, 0b101: LOW, 0b110: LOW}
    assert found(Space((2, 2, 2)), pairs) == Gaps(apart=(0b111,))
    assert found(Space((2, 2, 2)), pairs | {0b111: HIGH}).none


def test_a_search_for_larger_sets_is_cut_off(monkeypatch):
    monkeypatch.setattr(module, "STEP_LIMIT", 1)
    pairs = {0: LOW, 0b011: LOW, 0b101: LOW, 0b110: LOW}
    assert found(Space((2, 2, 2)), pairs) == Gaps(cut_off=True)


@given(st.data())
@SEARCHES
def test_there_is_no_gap_exactly_when_every_cell_is_decided(data):
    space = data.draw(spaces(most_axes=4))
    whole = simulate(space, data.draw(worlds(space))).runs
    runs = {cell: whole[cell] for cell in data.draw(st.sets(st.sampled_from(sorted(whole))))}
    cube = pose(Observations.of(space, runs), (), Strategy.ISOLATE).cube
    cells = [
        space.changes(cell)
        for cell in product(*map(space.sendable_levels, range(len(space.sizes))))
    ]
    decided = all(
        any(contains(low, cell) for low in cube.lows)
        or any(contains(cell, high) for high in cube.highs)
        for cell in cells
    )
    assert gaps(space, cube).none is decided
