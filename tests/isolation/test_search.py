"""The whole search against worlds whose truth is known: what it may claim, and at what cost."""

from itertools import product
from math import ceil, log2
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.worlds import (
    SEARCHES,
    World,
    backed,
    changed,
    denied_baselines,
    flip_sets,
    levels_of,
    simulate,
    spaces,
    within,
    worlds,
)

from harness.isolation.problem import starting_cells
from harness.isolation.search import Ended, fixed_cells, next_batch, report
from harness.isolation.space import Space
from harness.model.finding import Confidence, Evidence, Verdict
from harness.model.outcome import Outcome
from harness.model.scenario import Strategy

ISOLATE = Strategy.ISOLATE
PASS, DENIED, OTHER = Outcome.PASS, Outcome.DENIED, Outcome.OTHER
DEAD, REFUSED = Outcome.UNREACHABLE, Outcome.PROXY_DENIED
WIDTHS = st.sampled_from([1, 2, 8, 32])


def found_in(space, runs, ended=Ended.FINISHED, strategy=ISOLATE, repeat=1):
    return report(space, runs, strategy, ended=ended, repeat=repeat)


@given(st.data(), WIDTHS)
@SEARCHES
def test_every_cause_within_a_row_is_found_and_nothing_else(data, width):
    space = data.draw(spaces())
    world = data.draw(worlds(space))
    done = simulate(space, world, width=width)
    found = found_in(space, done.runs)
    truth = world.smallest()
    assert flip_sets(found) <= truth
    for row in starting_cells(space):
        assert {one for one in truth if one <= levels_of(space, row)} <= flip_sets(found)
    if found.evidence is Evidence.CERTIFIED:
        assert flip_sets(found) == truth
    assert found.verdict is (Verdict.FLIP if found.flips else Verdict.NONE)
    for flip in (flip for flip in found.flips if not flip.static):
        assert flip.to is world(within(space, flip))
        assert flip.masks is (len(flip.changes) == 1 and flip.to is not DENIED)
        assert flip.confidence is Confidence.PROVED
        assert backed(space, flip, done.runs)


@given(st.data())
@SEARCHES
def test_a_binary_matrix_is_always_certified(data):
    size = data.draw(st.integers(2, 10))
    space = Space((2,) * size)
    world = data.draw(worlds(space))
    found = found_in(space, simulate(space, world).runs)
    assert found.evidence is Evidence.CERTIFIED
    assert flip_sets(found) == world.smallest()
    assert found.untested == found.notes == ()


@given(st.data(), WIDTHS, st.sampled_from([1, 2, 3]))
@SEARCHES
def test_a_cell_is_asked_once_and_for_proof_once_more(data, width, repeat):
    space = data.draw(spaces(exclusions=True))
    world = data.draw(worlds(space))
    done = simulate(space, world, width=width, repeat=repeat)
    for cell, runs in done.runs.items():
        assert space.is_sendable(cell)
        assert not space.is_excluded(cell)
        assert len(runs) in {repeat, repeat + 1} or cell == space.baseline
    again = [batch for batch in done.batches if set(batch) & seen_before(done, batch)]
    assert again == done.batches[len(done.batches) - len(again) :]


def seen_before(done, batch):
    earlier = done.batches[: done.batches.index(batch)]
    return {cell for one in earlier for cell in one}


@given(st.data())
@SEARCHES
def test_the_cost_at_width_one_is_bounded(data):
    space = data.draw(spaces(most_axes=10))
    world = data.draw(worlds(space))
    done = simulate(space, world, width=1)
    rows = starting_cells(space)
    causes = flip_sets(found_in(space, done.runs))
    search = sum(len(cause) * (ceil(log2(len(space.sizes))) + 2) + 1 for cause in causes)
    resets = 1
    for cause in causes:
        resets *= len(cause)
    assert done.requests <= 1 + len(rows) * (1 + resets) + search + 2 * len(causes)


@given(st.data(), WIDTHS)
@SEARCHES
def test_the_order_of_answers_within_a_batch_does_not_count(data, width):
    space = data.draw(spaces(exclusions=True))
    world = data.draw(worlds(space))
    plain = simulate(space, world, width=width)
    mixed = simulate(space, world, width=width, shuffle=Random(0))
    assert mixed.batches == plain.batches
    assert found_in(space, mixed.runs) == found_in(space, plain.runs)


@given(st.data(), WIDTHS)
@SEARCHES
def test_the_next_batch_depends_on_the_set_of_runs_only(data, width):
    space = data.draw(spaces(exclusions=True))
    world = data.draw(worlds(space))
    whole = simulate(space, world).runs
    cells = data.draw(st.permutations(sorted(whole)))
    kept = {cell: whole[cell] for cell in cells[: data.draw(st.integers(0, len(cells)))]}
    turned = dict(reversed(kept.items()))
    assert next_batch(space, kept, ISOLATE, repeat=1, width=width) == next_batch(
        space, turned, ISOLATE, repeat=1, width=width
    )


@given(st.data())
@SEARCHES
def test_any_part_of_the_runs_makes_a_true_report_and_can_be_resumed(data):
    space = data.draw(spaces())
    world = data.draw(worlds(space))
    whole = simulate(space, world).runs
    kept = {cell: whole[cell] for cell in data.draw(st.sets(st.sampled_from(sorted(whole))))}
    cut = found_in(space, kept, Ended.BUDGET)
    for flip in cut.flips:
        assert backed(space, flip, kept)
    if cut.evidence is Evidence.CERTIFIED:
        assert flip_sets(cut) == world.smallest()
    elif kept != whole:
        assert cut.untested or cut.notes or not cut.flips or cut.verdict is Verdict.FLIP
    resumed = simulate(space, world, runs=kept)
    assert flip_sets(found_in(space, resumed.runs)) >= flip_sets(found_in(space, whole))


@given(st.data(), WIDTHS)
@SEARCHES
def test_excluded_cells_leave_every_claim_true(data, width):
    space = data.draw(spaces(exclusions=True))
    world = data.draw(worlds(space))
    done = simulate(space, world, width=width)
    found = found_in(space, done.runs)
    for flip in found.flips:
        assert backed(space, flip, done.runs)
    if found.evidence is Evidence.CERTIFIED:
        for cell in product(*map(range, space.sizes)):
            predicted = any(one <= set(enumerate(cell)) for one in flip_sets(found))
            assert space.is_excluded(cell) or predicted is (world(cell) is not PASS)
    for fix in found.fixes:
        assert world(fix.of) is DENIED
        assert world(changed(fix.of, fix.sets)) is PASS
        assert all(done.runs[run.cell][run.repeat - 1] is PASS for run in fix.runs)


@given(st.data(), WIDTHS)
@SEARCHES
def test_a_denied_baseline_is_healed_by_smallest_sets(data, width):
    space = data.draw(spaces())
    world = data.draw(denied_baselines(space))
    done = simulate(space, world, width=width)
    found = found_in(space, done.runs)
    started = [space.cell(row) for row in starting_cells(space)]
    if any(world(cell) is PASS for cell in started):
        assert found.verdict is Verdict.FLIP
    healing = [flip for flip in found.flips if flip.to is not Outcome.NOT_SENT]
    for flip in healing:
        healed = within(space, flip)
        assert flip.to is PASS
        assert world(healed) is PASS
        for axis, _, _ in flip.changes:
            assert world(changed(healed, ((axis, 0),))) is not PASS
        assert backed(space, flip, done.runs)
        assert flip.confidence is Confidence.PROVED
    assert {fix.sets for fix in found.fixes} == {
        tuple((axis, level) for axis, _, level in flip.changes) for flip in healing
    }


@given(st.data(), WIDTHS, st.sampled_from(Strategy), st.sampled_from([1, 2]))
@SEARCHES
def test_chaos_ends_and_no_claim_lacks_its_runs(data, width, strategy, repeat):
    space = data.draw(spaces(exclusions=True, most_axes=4))
    dice = Random(data.draw(st.integers(0, 10**6)))
    weights = data.draw(st.sampled_from([(8, 2, 0), (5, 5, 0), (4, 4, 2)]))
    done = simulate(
        space,
        lambda _: dice.choices([PASS, DENIED, OTHER], weights)[0],
        strategy,
        width=width,
        repeat=repeat,
    )
    found = found_in(space, done.runs, strategy=strategy, repeat=repeat)
    for flip in found.flips:
        assert backed(space, flip, done.runs)
    assert len(done.runs) <= space.sendable_count
    assert all(len(runs) <= repeat + 1 + len(done.batches) for runs in done.runs.values())


@given(st.data(), st.sampled_from([Strategy.ONE_AT_A_TIME, Strategy.PAIRWISE, Strategy.ALL]))
@SEARCHES
def test_fixed_strategies_run_their_cells_then_prove_what_they_found(data, strategy):
    space = data.draw(spaces(exclusions=True, most_axes=4))
    world = data.draw(worlds(space))
    done = simulate(space, world, strategy)
    cells = fixed_cells(space, strategy)
    assert done.batches[0] == cells
    assert set(done.runs) == set(cells or ())
    found = found_in(space, done.runs, strategy=strategy)
    for flip in found.flips:
        assert backed(space, flip, done.runs)
    if strategy is Strategy.ONE_AT_A_TIME and not space.include:
        singles = {one for one in world.smallest() if len(one) == 1}
        assert flip_sets(found) == {
            one for one in singles if not space.is_excluded(changed(space.baseline, tuple(one)))
        }
        assert all(flip.confidence is Confidence.PROVED for flip in found.flips)


@given(st.data())
@SEARCHES
def test_the_whole_matrix_certifies_every_smallest_flip(data):
    space = data.draw(spaces(most_axes=4))
    world = data.draw(worlds(space))
    found = found_in(space, simulate(space, world, Strategy.ALL).runs, strategy=Strategy.ALL)
    assert flip_sets(found) == world.smallest()
    assert found.evidence is Evidence.CERTIFIED


def test_the_whole_matrix_of_a_denied_baseline_shows_every_smallest_fix():
    space = Space((3, 3, 2))

    def world(cell):
        return PASS if cell[0] == 1 or (cell[0] == 2 and cell[1] == 2) else DENIED

    found = found_in(space, simulate(space, world, Strategy.ALL).runs, strategy=Strategy.ALL)
    assert flip_sets(found) == {frozenset({(0, 1)}), frozenset({(0, 2), (1, 2)})}
    assert found.evidence is Evidence.CERTIFIED
    assert found.irrelevant == (2,)


def test_the_first_batch_is_the_baseline_with_the_covering_rows_and_the_included_cells():
    space = Space((3, 2), include=((0, 1),))
    assert next_batch(space, {}, ISOLATE, repeat=1, width=1) == ((0, 0), (1, 1), (2, 1), (0, 1))


def test_repeats_are_spread_over_the_batch():
    assert next_batch(Space((2,)), {}, ISOLATE, repeat=2, width=8) == ((0,), (1,), (0,), (1,))


def test_a_cell_whose_repeats_were_cut_short_is_finished_first():
    runs = {(0, 0): (PASS, PASS), (1, 1): (DENIED,)}
    assert next_batch(Space((2, 2)), runs, ISOLATE, repeat=3, width=8) == (
        (0, 0),
        (1, 1),
        (1, 1),
    )


def test_a_pair_without_a_second_context_is_sent_once_more_failing_one_first():
    space = Space((2,))
    runs = {(0,): (PASS,), (1,): (DENIED,)}
    assert next_batch(space, runs, ISOLATE, repeat=1, width=8) == ((1,), (0,))
    done = simulate(space, World((frozenset({(0, 1)}),)))
    (flip,) = found_in(space, done.runs).flips
    assert [run.repeat for run in flip.proof.breaks[0]] == [1, 1]
    assert [run.repeat for run in flip.proof.heals[0]] == [2, 2]


def test_two_bad_levels_of_one_axis_are_two_flips():
    space = Space((4, 2, 2))
    done = simulate(space, World((frozenset({(0, 1)}), frozenset({(0, 3)}))))
    assert flip_sets(found_in(space, done.runs)) == {frozenset({(0, 1)}), frozenset({(0, 3)})}


def test_a_level_that_masks_alone_is_reported_once_and_left_out():
    space = Space((3, 2, 2))
    world = World((frozenset({(1, 1)}),), ((frozenset({(0, 2)}), DEAD),))
    done = simulate(space, world)
    found = found_in(space, done.runs)
    mask = next(flip for flip in found.flips if flip.to is DEAD)
    assert mask.masks
    assert mask.proof.breaks
    assert mask.proof.heals == ()
    assert {flip.to for flip in found.flips} == {DEAD, DENIED}
    assert found.irrelevant == (2,)


def test_a_level_known_to_be_unsendable_is_a_flip_without_a_request():
    space = Space((3, 2), not_sent=frozenset({(0, 2)}))
    done = simulate(space, World())
    found = found_in(space, done.runs)
    (flip,) = found.flips
    assert (flip.changes, flip.to, flip.static) == (((0, 0, 2),), Outcome.NOT_SENT, True)
    assert flip.confidence is Confidence.PROVED
    assert found.evidence is Evidence.CERTIFIED
    assert done.requests == 2


def test_a_baseline_that_cannot_be_sent_is_healed_by_plan():
    space = Space((3, 2), not_sent=frozenset({(0, 0), (0, 2)}))
    done = simulate(space, World())
    found = found_in(space, done.runs)
    (flip,) = found.flips
    assert (flip.changes, flip.to, flip.static) == (((0, 0, 1),), PASS, True)
    assert found.verdict is Verdict.FLIP
    assert [(fix.of, fix.sets) for fix in found.fixes] == [((0, 0), ((0, 1),))]


def test_when_no_row_passes_every_level_is_tried_alone():
    bad = frozenset({(1, 1)})
    space = Space((3, 2))

    def world(cell):
        return DENIED if bad <= set(enumerate(cell)) or cell[0] != 1 else PASS

    done = simulate(space, world, width=1)
    found = found_in(space, done.runs)
    assert done.batches[1] == ((1, 0),)
    assert [flip.changes for flip in found.flips] == [((0, 0, 1),)]
    assert found.verdict is Verdict.FLIP
    assert 1 not in found.irrelevant


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [(DENIED, Verdict.ALL_DENIED), (OTHER, Verdict.NO_VERDICT), (DEAD, Verdict.NO_VERDICT)],
)
def test_when_nothing_passes_nothing_is_claimed(outcome, verdict):
    space = Space((3, 2, 2))
    found = found_in(space, simulate(space, lambda _: outcome).runs)
    assert found.verdict is verdict
    assert found.flips == found.fixes == found.irrelevant == ()
    assert found.evidence is Evidence.PARTIAL


def test_a_contradiction_is_sent_again_once_and_then_inconclusive():
    space = Space((2, 2, 2), include=((1, 0, 0),))

    def rescued(cell):
        return DENIED if cell[0] and not cell[1] else PASS

    done = simulate(space, rescued)
    found = found_in(space, done.runs)
    assert done.batches[1] == ((1, 0, 0), (1, 1, 1))
    assert found.evidence is Evidence.INCONCLUSIVE
    assert flip_sets(found) == {frozenset({(0, 1)})}
    assert "rescues" in found.notes[0]
    assert 1 not in found.irrelevant


def test_a_flicker_that_a_repeat_resolves_is_no_contradiction():
    space = Space((2, 2), include=((1, 0),))
    answers = {(1, 0): iter([DENIED, PASS, PASS])}

    def world(cell):
        return next(answers[cell]) if cell in answers else PASS

    found = found_in(space, simulate(space, world, repeat=3).runs, repeat=3)
    assert found.flips == ()
    assert found.evidence is Evidence.PARTIAL
    assert found.notes == ("repeats of axis1=level1 disagree: 1 denied, 2 pass",)


def test_an_excluded_cell_that_a_certificate_needs_is_named():
    space = Space((3, 2), excluded=lambda cell: cell == (2, 1))
    found = found_in(space, simulate(space, World()).runs)
    assert found.verdict is Verdict.NONE
    assert found.evidence is Evidence.PARTIAL
    assert found.untested == ((2, 1),)
    assert found.notes == ("excluded, so not shown: axis1=level2,axis2=level1",)


def test_levels_never_sent_together_are_named():
    space = Space((3, 3))
    found = found_in(space, simulate(space, World()).runs)
    assert found.evidence is Evidence.PARTIAL
    assert found.notes == (
        "never sent together: axis1=level1,axis2=level2; axis1=level2,axis2=level1",
    )


def test_an_interaction_across_rows_is_never_denied_by_a_certificate():
    space = Space((3, 3))
    hidden = World((frozenset({(0, 1), (1, 2)}),))
    found = found_in(space, simulate(space, hidden).runs)
    assert (found.verdict, found.evidence) == (Verdict.NONE, Evidence.PARTIAL)


def test_a_run_that_was_interrupted_says_so():
    found = found_in(Space((2, 2)), {(0, 0): (PASS,)}, Ended.INTERRUPTED)
    assert found.evidence is Evidence.INTERRUPTED
    assert found.untested == ((1, 1),)


def test_a_cut_search_claims_the_nearest_difference_as_suspected():
    space = Space((2,) * 4)
    runs = {(0, 0, 0, 0): (PASS,), (1, 1, 0, 0): (PASS,), (1, 1, 1, 1): (DENIED,)}
    found = found_in(space, runs, Ended.BUDGET)
    (flip,) = found.flips
    assert flip.changes == ((2, 0, 1), (3, 0, 1))
    assert flip.confidence is Confidence.SUSPECTED
    assert "fewer changes may" in found.notes[0]
    assert found.irrelevant == ()


def test_fifty_axes_with_five_levels_are_searched_in_little_time():
    space = Space((5,) * 50)
    world = World((frozenset({(7, 3)}), frozenset({(20, 3), (33, 3)})))
    done = simulate(space, world)
    assert flip_sets(found_in(space, done.runs)) >= {frozenset({(7, 3)})}
    assert done.requests < 60
