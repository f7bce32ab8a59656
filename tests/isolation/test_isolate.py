from harness.isolation.isolate import rows_without_causes, wanted
from harness.isolation.observations import Observations
from harness.isolation.problem import pose, starting_cells
from harness.isolation.space import Space
from harness.model.outcome import Outcome
from harness.model.scenario import Strategy

PASS, DENIED = Outcome.PASS, Outcome.DENIED
FOUR = Space((2,) * 4)


def asked(runs, *, space=FOUR, width=1):
    start = starting_cells(space)
    runs = {cell: (outcome,) for cell, outcome in runs.items()}
    problem = pose(Observations.of(space, runs), start, Strategy.ISOLATE)
    return tuple(space.cell(changes) for changes in wanted(problem, start, width))


START = {(0, 0, 0, 0): PASS, (1, 1, 1, 1): DENIED}


def test_a_row_that_other_runs_decide_is_not_sent():
    assert asked({(0, 0, 0, 0): PASS, (1, 0, 0, 0): DENIED}) == ((0, 1, 1, 1),)


def test_a_passing_row_leaves_nothing_to_ask():
    assert asked({(0, 0, 0, 0): PASS, (1, 1, 1, 1): PASS}) == ()


def test_a_failing_row_is_halved():
    assert asked(START) == ((1, 1, 0, 0),)


def test_a_wide_search_cuts_it_in_three():
    assert asked(START, width=8) == ((1, 0, 0, 0), (1, 1, 0, 0))


def test_a_suspect_is_asked_alone_with_the_row_without_it():
    known = START | {(1, 1, 0, 0): PASS, (1, 1, 1, 0): DENIED}
    assert asked(known) == ((0, 0, 1, 0),)
    assert asked(known, width=2) == ((0, 0, 1, 0), (1, 1, 0, 1))


def test_a_row_is_sent_again_without_the_cause():
    known = START | {(1, 0, 0, 0): DENIED}
    assert asked(known) == ((0, 1, 1, 1),)


def test_rows_without_an_interaction_reset_either_level():
    space = Space((2, 2))
    seen = Observations.of(
        space, {(0, 0): (PASS,), (1, 0): (PASS,), (0, 1): (PASS,), (1, 1): (DENIED,)}
    )
    assert rows_without_causes(pose(seen, (0b11,), Strategy.ISOLATE)) == (0b10, 0b01)


def test_failing_sets_apart_are_narrowed_in_one_round():
    space = Space((2,) * 4, include=((1, 1, 0, 0), (0, 0, 1, 1)))
    known = START | {(1, 1, 0, 0): DENIED, (0, 0, 1, 1): DENIED}
    assert asked(known, space=space) == ((1, 0, 0, 0),)
    assert asked(known, space=space, width=2) == ((1, 0, 0, 0), (0, 0, 1, 0))


def test_a_barred_row_is_replaced_by_a_part_of_it():
    space = Space((2, 2, 2), excluded=frozenset({(0, 1, 1)}))
    known = {(0, 0, 0): PASS, (1, 1, 1): DENIED, (1, 0, 0): DENIED}
    assert asked(known, space=space) == ((0, 0, 1),)


def test_levels_are_tried_alone_at_most_width_at_once_when_nothing_passes():
    known = {(0, 0, 0, 0): DENIED, (1, 1, 1, 1): DENIED}
    assert asked(known, width=3) == ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0))
