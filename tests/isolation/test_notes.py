from harness.isolation.claims import claims
from harness.isolation.gaps import Gaps
from harness.isolation.names import numbered
from harness.isolation.notes import notes
from harness.isolation.observations import Observations
from harness.isolation.problem import pose
from harness.isolation.space import Space
from harness.model.outcome import Outcome
from harness.model.scenario import Strategy

PASS, DENIED = Outcome.PASS, Outcome.DENIED
SPACE = Space((2,) * 4)


def noted(runs, gaps=None):
    problem = pose(Observations.of(SPACE, runs), (), Strategy.ISOLATE)
    return notes(problem, claims(problem), gaps, numbered(SPACE))


def test_nothing_to_say_says_nothing():
    assert noted({(0, 0, 0, 0): (PASS,)}, Gaps()) == ()


def test_a_contradiction_names_both_cells():
    runs = {(0, 0, 0, 0): (PASS,), (1, 0, 0, 0): (DENIED, DENIED), (1, 1, 0, 0): (PASS,)}
    (note,) = noted(runs)
    assert note == (
        "axis1=level1 was denied, but axis1=level1,axis2=level1, which holds it, was pass "
        "(each sent at least once): a level rescues another, or the server is flaky"
    )
    twice = {cell: outcomes[:1] * 2 for cell, outcomes in runs.items()}
    assert "(each sent at least 2 times)" in noted(twice)[0]


def test_repeats_that_disagree_are_counted():
    runs = {(0, 0, 0, 0): (PASS, DENIED, PASS)}
    assert noted(runs) == ("repeats of baseline disagree: 1 denied, 2 pass",)


def test_a_difference_that_may_not_be_smallest_says_so():
    runs = {(0, 0, 0, 0): (PASS,), (1, 1, 0, 0): (DENIED,)}
    (note,) = noted(runs)
    assert note == (
        "axis1=level1,axis2=level1 makes the difference, but fewer changes may: "
        "not every part was sent"
    )


def test_many_gaps_are_counted_after_the_first():
    pairs = (0b0011, 0b0101, 0b0110, 0b1001, 0b1010, 0b1100)
    runs = {(0, 0, 0, 0): (PASS,)}
    assert noted(runs, Gaps(apart=pairs))[0].endswith("; and 1 more")
    assert noted(runs, Gaps(excluded=(0b0001,))) == ("excluded, so not shown: axis1=level1",)
    assert noted(runs, Gaps(cut_off=True)) == (
        "too many combinations to tell whether every one was shown",
    )
