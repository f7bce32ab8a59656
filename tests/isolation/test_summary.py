import pytest

from harness.isolation.observations import Observations
from harness.isolation.problem import pose
from harness.isolation.search import report
from harness.isolation.space import Space
from harness.isolation.summary import Work, summarise
from harness.model.finding import Confidence, Ended, Evidence, Verdict
from harness.model.outcome import Outcome
from harness.model.scenario import Strategy

PASS, DENIED, OTHER = Outcome.PASS, Outcome.DENIED, Outcome.OTHER
SPACE = Space((2, 2))
NAMES = (("key", ("shell", "dotenv")), ("proxy", ("direct", "corp")))
WHOLE = {(0, 0): PASS, (1, 0): DENIED, (0, 1): PASS, (1, 1): DENIED}


def summed(runs, pending=(), ended=Ended.FINISHED, space=SPACE):
    seen = Observations.of(space, {cell: (outcome,) for cell, outcome in runs.items()})
    plan = (0b11,)
    work = Work(pose(seen, plan, Strategy.ISOLATE), plan)
    return summarise(work, pending, ended=ended, repeat=1, names=NAMES)


def test_a_whole_matrix_is_certified_with_flip_fix_rule_and_what_does_not_matter():
    found = summed(WHOLE)
    assert (found.verdict, found.evidence) == (Verdict.FLIP, Evidence.CERTIFIED)
    assert [flip.changes for flip in found.flips] == [((0, 0, 1),)]
    assert [fix.sets for fix in found.fixes] == [((0, 0),)]
    assert found.irrelevant == (1,)
    assert found.rule == "denied exactly when key is dotenv"


def test_what_is_still_wanted_is_untested_and_makes_it_partial():
    found = summed(WHOLE | {(1, 1): DENIED}, pending=(0b11, 0b10))
    assert found.evidence is Evidence.PARTIAL
    assert found.untested == ()
    del (fewer := dict(WHOLE))[1, 1]
    assert summed(fewer, pending=(0b11,)).untested == ((1, 1),)


@pytest.mark.parametrize("ended", [Ended.BUDGET, Ended.MAX_DENIED, Ended.DEADLINE])
def test_a_limit_that_cost_nothing_does_not_spoil_the_certificate(ended):
    assert summed(WHOLE, ended=ended).evidence is Evidence.CERTIFIED


def test_an_interrupt_is_said_even_then():
    assert summed(WHOLE, ended=Ended.INTERRUPTED).evidence is Evidence.INTERRUPTED


def test_a_contradiction_is_inconclusive_and_clears_no_axis():
    found = summed({(0, 0): PASS, (1, 0): DENIED, (1, 1): PASS})
    assert found.evidence is Evidence.INCONCLUSIVE
    assert found.irrelevant == ()


@pytest.mark.parametrize(
    ("runs", "verdict"),
    [
        ({}, Verdict.NO_VERDICT),
        ({(0, 0): PASS}, Verdict.NONE),
        ({(1, 1): PASS}, Verdict.NO_VERDICT),
        ({(0, 0): OTHER, (1, 1): DENIED}, Verdict.ALL_DENIED),
        ({(0, 0): OTHER, (1, 1): PASS}, Verdict.FLIP),
        ({(0, 0): OTHER}, Verdict.NO_VERDICT),
    ],
)
def test_the_verdict_follows_the_outcomes(runs, verdict):
    assert summed(runs).verdict is verdict


def test_an_axis_that_varied_only_without_a_verdict_is_not_called_irrelevant():
    runs = {(0, 0): PASS, (1, 0): PASS, (0, 1): OTHER}
    assert summed(runs).irrelevant == (0,)


def test_a_row_that_fails_in_spite_of_a_fix_keeps_its_axes_open():
    runs = {(0, 0, 0): DENIED, (1, 0, 0): PASS, (1, 1, 0): DENIED, (1, 0, 1): PASS}
    space = Space((2, 2, 2))
    seen = Observations.of(space, {cell: (outcome,) for cell, outcome in runs.items()})
    work = Work(pose(seen, (0b101, 0b001), Strategy.ISOLATE), (0b101, 0b001))
    found = summarise(work, (), ended=Ended.FINISHED, repeat=1, names=None)
    assert found.irrelevant == (2,)


def test_a_level_that_no_planned_cell_could_show_is_untested():
    space = Space((2, 2), excluded=lambda cell: cell[1] == 1)
    assert summed({(0, 0): DENIED}, space=space).untested == ()
    seen = Observations.of(space, {(0, 0): (DENIED,), (1, 0): (DENIED,)})
    work = Work(pose(seen, (0b01,), Strategy.ISOLATE), (0b01,))
    found = summarise(work, (), ended=Ended.FINISHED, repeat=1, names=NAMES)
    assert found.untested == ((0, 1),)


def test_a_run_that_reached_nothing_is_never_certified() -> None:
    unreachable = {(0,): (Outcome.UNREACHABLE,), (1,): (Outcome.UNREACHABLE,)}
    found = report(Space((2,)), unreachable, Strategy.ISOLATE, ended=Ended.FINISHED)
    assert (found.verdict, found.evidence) == (Verdict.NO_VERDICT, Evidence.PARTIAL)


def test_a_level_known_to_be_unsendable_is_told_once_though_it_was_recorded() -> None:
    space = Space((2,), not_sent=frozenset({(0, 1)}))
    runs = {(0,): (Outcome.PASS,), (1,): (Outcome.NOT_SENT,)}
    (flip,) = report(space, runs, Strategy.ISOLATE, ended=Ended.FINISHED).flips
    assert flip.static


def test_a_row_that_was_not_narrowed_down_says_so() -> None:
    runs = {(0, 0): (Outcome.PASS,), (1, 1): (Outcome.DENIED,)}
    (flip,) = report(Space((2, 2)), runs, Strategy.ISOLATE, ended=Ended.BUDGET).flips
    assert not flip.narrowed
    done = {**runs, (1, 0): (Outcome.DENIED,), (0, 1): (Outcome.PASS,)}
    (flip,) = report(Space((2, 2)), done, Strategy.ISOLATE, ended=Ended.BUDGET).flips
    assert flip.narrowed


def test_what_disagrees_with_itself_proves_nothing_and_rules_nothing() -> None:
    runs = {(0,): (Outcome.PASS, Outcome.PASS), (1,): (DENIED, Outcome.PASS, DENIED)}
    found = report(Space((2,)), runs, Strategy.ISOLATE, ended=Ended.FINISHED, repeat=2)
    (flip,) = found.flips
    assert flip.confidence is Confidence.SUSPECTED
    assert "exactly" not in found.rule
    assert found.evidence is Evidence.PARTIAL


def test_a_rule_of_mixed_outcomes_speaks_of_cells_with_a_verdict() -> None:
    runs = {(0,): (OTHER,), (1,): (DENIED,)}
    found = report(Space((2,)), runs, Strategy.ISOLATE, ended=Ended.FINISHED)
    assert found.rule == "denied in the one cell sent with a verdict"


def test_levels_never_sent_are_told_apart_from_pairs_never_sent_together() -> None:
    runs = {(0, 0): (Outcome.PASS,), (1, 0): (Outcome.PASS,)}
    found = report(Space((2, 2)), runs, Strategy.ISOLATE, ended=Ended.BUDGET, names=NAMES)
    assert "never sent: proxy=corp" in found.notes
