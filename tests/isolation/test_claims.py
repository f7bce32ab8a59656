from harness.isolation.claims import claims, fixes, flips
from harness.isolation.observations import Observations
from harness.isolation.problem import pose
from harness.isolation.space import Space
from harness.model.finding import CellRun, Fix
from harness.model.outcome import Outcome
from harness.model.scenario import Strategy

PASS, DENIED, OTHER = Outcome.PASS, Outcome.DENIED, Outcome.OTHER
SPACE = Space((2, 2, 2))


def posed(runs, strategy=Strategy.ISOLATE, space=SPACE):
    runs = {cell: (outcome,) for cell, outcome in runs.items()}
    return pose(Observations.of(space, runs), (0b111,), strategy)


def fixed(runs):
    problem = posed(runs)
    return fixes(problem, claims(problem))


def test_a_flip_is_claimed_once_however_many_cells_hold_it():
    (claim,) = claims(posed({(0, 0, 0): PASS, (1, 0, 0): DENIED, (1, 1, 1): DENIED}))
    assert (claim.changes, claim.smallest) == (0b001, True)


def test_the_nearest_difference_stands_in_for_what_was_not_narrowed():
    (claim,) = claims(posed({(0, 0, 0): PASS, (1, 0, 0): PASS, (1, 1, 1): DENIED}))
    assert (claim.changes, claim.smallest, claim.settled) == (0b110, False, False)


def test_a_difference_that_a_flip_explains_is_not_claimed_beside_it():
    runs = {(0, 0, 0): PASS, (0, 1, 0): PASS, (0, 1, 1): DENIED, (1, 0, 1): DENIED}
    assert [claim.changes for claim in claims(posed(runs))] == [0b100]


def test_a_failing_cell_with_no_run_to_compare_is_no_claim():
    assert claims(posed({(1, 1, 1): DENIED})) == ()


def test_a_claim_that_no_run_backs_is_no_flip():
    seen = Observations.of(SPACE, {(0, 0, 0): (PASS,), (1, 0, 0): (PASS, OTHER)})
    problem = pose(seen, (0b111,), Strategy.ISOLATE)
    assert flips(problem, claims(problem), 1) == ()


def test_unsendable_levels_are_flips_unless_the_baseline_shares_the_fate():
    space = Space((2, 2), not_sent=frozenset({(0, 0), (0, 1), (1, 1)}))
    problem = posed({}, space=space)
    assert [flip.changes for flip in flips(problem, (), 1)] == [((1, 0, 1),)]


def test_a_fix_heals_the_smallest_cell_that_was_run_with_and_without_it():
    runs = {(0, 0, 0): PASS, (1, 0, 0): DENIED, (1, 1, 1): DENIED, (0, 1, 1): PASS}
    assert fixed(runs) == (Fix((1, 0, 0), ((0, 0),), (CellRun((0, 0, 0), 1),)),)


def test_two_causes_need_a_fix_that_resets_both():
    runs = {
        (0, 0, 0): PASS,
        (1, 0, 0): DENIED,
        (0, 1, 0): DENIED,
        (1, 1, 1): DENIED,
        (0, 0, 1): PASS,
    }
    assert [(fix.of, fix.sets) for fix in fixed(runs)] == [
        ((1, 0, 0), ((0, 0),)),
        ((0, 1, 0), ((1, 0),)),
        ((1, 1, 1), ((0, 0), (1, 0))),
    ]


def test_a_fix_that_was_not_run_is_not_listed():
    assert fixed({(0, 0, 0): PASS, (1, 1, 1): DENIED, (1, 1, 0): PASS})[0].of == (1, 1, 1)
    assert fixed({(0, 0, 0): PASS, (1, 0, 0): OTHER}) == ()


def test_a_denied_baseline_has_a_fix_for_each_flip():
    runs = {(0, 0, 0): DENIED, (1, 0, 0): PASS, (0, 1, 0): PASS}
    problem = posed(runs, Strategy.ONE_AT_A_TIME)
    assert [(fix.of, fix.sets) for fix in fixes(problem, claims(problem))] == [
        ((0, 0, 0), ((0, 1),)),
        ((0, 0, 0), ((1, 1),)),
    ]
