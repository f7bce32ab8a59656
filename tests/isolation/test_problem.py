from harness.isolation.cube import State
from harness.isolation.observations import Observations
from harness.isolation.problem import Direction, pose, starting_cells
from harness.isolation.space import Space
from harness.model.outcome import Outcome
from harness.model.scenario import Strategy

PASS, DENIED = Outcome.PASS, Outcome.DENIED
SPACE = Space((2, 2, 2))


def posed(runs, start=(0b111,), strategy=Strategy.ISOLATE):
    runs = {cell: (outcome,) for cell, outcome in runs.items()}
    return pose(Observations.of(SPACE, runs), start, strategy)


def test_a_search_starts_from_rows_and_included_cells_that_can_be_sent():
    space = Space((2, 3), not_sent=frozenset({(1, 2)}), include=((1, 0), (0, 2), (1, 1)))
    assert [space.cell(start) for start in starting_cells(space)] == [(1, 1), (1, 0)]


def test_an_unknown_or_passing_baseline_is_broken():
    assert posed({}).direction is Direction.BREAKS
    assert posed({(0, 0, 0): PASS}).direction is Direction.BREAKS


def test_a_failing_run_outside_the_start_is_explained_too():
    runs = {(0, 0, 0): PASS, (1, 1, 0): DENIED, (1, 0, 0): DENIED, (0, 1, 1): DENIED}
    assert posed(runs, start=(0b110,)).regions == (0b110, 0b011)


def test_a_denied_baseline_is_healed_towards_the_nearest_passing_row():
    runs = {(0, 0, 0): DENIED, (1, 1, 1): PASS, (1, 1, 0): PASS, (1, 0, 0): DENIED}
    near = posed(runs, start=(0b111, 0b011))
    assert near.direction is Direction.HEALS
    assert near.regions == (0b011,)
    assert near.cube.known == {0: State.LOW, 0b001: State.LOW, 0b011: State.HIGH}


def test_a_passing_run_will_do_where_no_row_passes():
    runs = {(0, 0, 0): DENIED, (1, 1, 1): DENIED, (0, 1, 0): PASS}
    assert posed(runs).regions == (0b010,)


def test_without_a_pass_there_is_nowhere_to_go():
    assert posed({(0, 0, 0): DENIED}).regions == ()


def test_fixed_strategies_take_every_passing_run():
    runs = {(0, 0, 0): DENIED, (1, 0, 0): PASS, (1, 1, 0): DENIED, (0, 1, 1): PASS}
    fixed = posed(runs, strategy=Strategy.ALL)
    assert fixed.cube.highs == (0b001, 0b110)
    assert fixed.cube.clashes == ()


def test_what_is_settled_has_nothing_left_to_ask():
    runs = {(0, 0, 0): PASS, (1, 0, 0): DENIED, (0, 1, 1): DENIED}
    problem = posed(runs)
    assert problem.settled == problem.proved_smallest == (0b001,)
    assert problem.open == (0b110,)
