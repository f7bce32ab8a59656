from harness.isolation.observations import Observations
from harness.isolation.problem import pose
from harness.isolation.proof import Claim, elsewhere, prove, repeats
from harness.isolation.space import Space
from harness.model.finding import CellRun
from harness.model.outcome import Outcome
from harness.model.scenario import Strategy

PASS, DENIED, OTHER = Outcome.PASS, Outcome.DENIED, Outcome.OTHER
SPACE = Space((2, 2, 2))
BREAKS = Claim(0b001, PASS, DENIED)


def seen(runs, space=SPACE):
    return Observations.of(space, runs)


def problem(runs):
    return pose(seen(runs), (0b111,), Strategy.ISOLATE)


TWO_CELLS = {(0, 0, 0): (PASS,), (1, 0, 0): (DENIED,)}
TWO_CONTEXTS = TWO_CELLS | {(0, 1, 0): (PASS,), (1, 1, 0): (DENIED,)}


def test_another_context_heals():
    proof = prove(seen(TWO_CONTEXTS), BREAKS, 1)
    assert proof.breaks == ((CellRun((0, 0, 0), 1), CellRun((1, 0, 0), 1)),)
    assert proof.heals == ((CellRun((0, 1, 0), 1), CellRun((1, 1, 0), 1)),)


def test_a_context_whose_outcome_is_another_proves_nothing():
    runs = TWO_CELLS | {(0, 1, 0): (PASS,), (1, 1, 0): (OTHER,)}
    assert prove(seen(runs), BREAKS, 1).heals == ()


def test_the_first_repeats_are_no_second_pair():
    runs = {cell: outcomes * 2 for cell, outcomes in TWO_CELLS.items()}
    assert prove(seen(runs), BREAKS, 2).heals == ()
    assert prove(seen(runs), BREAKS, 1).heals == ((CellRun((0, 0, 0), 2), CellRun((1, 0, 0), 2)),)


def test_a_repeat_with_another_outcome_is_no_second_pair():
    runs = {(0, 0, 0): (PASS, PASS), (1, 0, 0): (DENIED, PASS)}
    assert prove(seen(runs), BREAKS, 1).heals == ()


def test_no_run_serves_in_both_pairs():
    runs = {(0, 0, 0): (PASS, PASS), (1, 0, 0): (PASS, DENIED)}
    proof = prove(seen(runs), BREAKS, 1)
    assert proof.breaks == ((CellRun((0, 0, 0), 1), CellRun((1, 0, 0), 2)),)
    assert proof.heals == ()


def test_a_mask_needs_one_pair():
    runs = {(0, 0, 0): (PASS,), (1, 0, 0): (OTHER,), (0, 1, 0): (PASS,), (1, 1, 0): (OTHER,)}
    claim = Claim(0b001, PASS, OTHER)
    assert claim.mask
    assert prove(seen(runs), claim, 1).heals == ()


def test_an_interaction_that_hides_the_verdict_is_no_mask():
    assert not Claim(0b011, PASS, OTHER).mask


def test_a_mirrored_pair_has_the_passing_run_first_too():
    runs = {(0, 0, 0): (DENIED,), (1, 0, 0): (PASS,)}
    proof = prove(seen(runs), Claim(0b001, DENIED, PASS), 1)
    assert proof.breaks == ((CellRun((1, 0, 0), 1), CellRun((0, 0, 0), 1)),)


def test_a_tie_without_a_denied_run_proves_nothing():
    runs = {(0, 0, 0): (PASS,), (1, 0, 0): (PASS, OTHER)}
    assert prove(seen(runs), BREAKS, 1).breaks == ()


def test_the_flipped_cell_is_repeated_first():
    assert repeats(seen(TWO_CELLS), BREAKS, 1) == (0b001, 0)


def test_what_was_repeated_is_not_asked_again():
    runs = TWO_CELLS | {(1, 0, 0): (DENIED, DENIED)}
    assert repeats(seen(runs), BREAKS, 1) == ()
    assert repeats(seen({(1, 0, 0): (DENIED,)}), BREAKS, 1) == ()


def test_one_request_elsewhere_is_preferred_to_two_repeats():
    runs = TWO_CELLS | {(1, 1, 0): (DENIED,), (0, 1, 1): (PASS,)}
    assert elsewhere(problem(runs), BREAKS) == 0b010


def test_there_is_no_elsewhere_where_a_pass_is_not_implied():
    runs = TWO_CELLS | {(1, 1, 0): (DENIED,)}
    assert elsewhere(problem(runs), BREAKS) is None
