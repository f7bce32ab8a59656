import pytest

from harness.isolation.observations import Observations, agreed_outcome
from harness.isolation.space import Space
from harness.model.finding import CellRun
from harness.model.outcome import Outcome

PASS, DENIED, OTHER = Outcome.PASS, Outcome.DENIED, Outcome.OTHER


@pytest.mark.parametrize(
    ("repeats", "agreed"),
    [
        ((PASS,), PASS),
        ((PASS, PASS, DENIED), PASS),
        ((PASS, DENIED), DENIED),
        ((PASS, OTHER), DENIED),
        ((OTHER, OTHER, DENIED), OTHER),
    ],
)
def test_the_majority_decides_and_a_tie_is_denied(repeats, agreed):
    assert agreed_outcome(repeats) is agreed


def test_a_cell_without_runs_was_not_seen():
    seen = Observations.of(Space((2,)), {(0,): (), (1,): (PASS,)})
    assert seen.outcomes == {1: PASS}
    assert seen.baseline is None


def test_the_order_in_which_runs_were_filled_in_does_not_count():
    runs = {(1, 1): (DENIED,), (0, 0): (PASS,), (0, 1): (PASS,)}
    space = Space((2, 2))
    turned = dict(reversed(runs.items()))
    assert list(Observations.of(space, runs).outcomes) == list(
        Observations.of(space, turned).outcomes
    )


def test_a_baseline_that_cannot_be_sent_is_not_sent():
    space = Space((2,), not_sent=frozenset({(0, 0)}))
    assert Observations.of(space, {}).baseline is Outcome.NOT_SENT


def test_a_run_is_found_by_its_outcome_and_its_place():
    seen = Observations.of(Space((2,)), {(1,): (PASS, DENIED, PASS)})
    assert seen.run(1, PASS) == CellRun((1,), 1)
    assert seen.run(1, PASS, after=1) == CellRun((1,), 3)
    assert seen.run(1, OTHER) is None
    assert seen.run(0, PASS) is None
    assert seen.flaky == (1,)
    assert seen.with_outcome(PASS) == (1,)


def test_a_matrix_is_complete_when_only_excluded_and_unsendable_cells_are_missing():
    space = Space((2, 3), excluded=frozenset({(1, 1)}), not_sent=frozenset({(1, 2)}))
    runs = {(0, 0): (PASS,), (0, 1): (PASS,), (1, 0): (DENIED,)}
    assert Observations.of(space, runs).complete
    del runs[1, 0]
    assert not Observations.of(space, runs).complete


def test_a_huge_matrix_is_not_looked_through():
    assert not Observations.of(Space((2,) * 40), {}).complete
