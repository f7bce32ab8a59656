from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from support.worlds import SEARCHES, simulate, spaces, worlds

from harness.isolation.names import numbered
from harness.isolation.rule import rule_text
from harness.isolation.search import Ended, report
from harness.isolation.space import Space
from harness.model.finding import Evidence, Flip
from harness.model.outcome import Outcome
from harness.model.scenario import Strategy

PASS, DENIED, DEAD = Outcome.PASS, Outcome.DENIED, Outcome.UNREACHABLE
SPACE = Space((3, 2, 3))
NAMES = (
    ("key", ("shell", "dotenv", "vault")),
    ("proxy", ("direct", "corp")),
    ("scheme", ("bearer", "lower", "x-api-key")),
)
DOTENV = Flip(((0, 0, 1),), DENIED)
VAULT = Flip(((0, 0, 2),), DENIED)
STRIPPED = Flip(((1, 0, 1), (2, 0, 2)), DENIED)
DEAD_PROXY = Flip(((1, 0, 1),), DEAD, masks=True)


def rule(runs, flips, evidence=Evidence.PARTIAL, space=SPACE):
    return rule_text(
        space, {cell: (outcome,) for cell, outcome in runs.items()}, flips, NAMES, evidence
    )


SOME = {(0, 0, 0): PASS, (1, 0, 0): DENIED, (1, 1, 1): DENIED, (0, 1, 1): PASS}


def test_it_speaks_of_the_cells_sent():
    assert rule(SOME, (DOTENV,)) == (
        "denied in all 2 cells sent when key is dotenv, and in none of the 2 others"
    )


def test_levels_of_one_axis_share_a_phrase_and_interactions_stand_in_brackets():
    runs = SOME | {(2, 0, 0): DENIED, (0, 1, 2): DENIED}
    assert rule(runs, (STRIPPED, VAULT, DOTENV)) == (
        "denied in all 4 cells sent when key is vault or dotenv or "
        "(proxy is corp and scheme is x-api-key), and in none of the 2 others"
    )


def test_an_interaction_alone_needs_no_brackets():
    runs = {(0, 0, 0): PASS, (0, 1, 2): DENIED}
    assert rule(runs, (STRIPPED,)) == (
        "denied in the one cell sent when proxy is corp and scheme is x-api-key, "
        "and not in the other one"
    )


def test_exactly_is_said_when_certified():
    assert rule(SOME, (DOTENV,), Evidence.CERTIFIED) == "denied exactly when key is dotenv"


def test_exactly_is_said_of_a_complete_matrix():
    runs = {cell: DENIED if cell[0] == 1 else PASS for cell in product(range(2), range(2))}
    assert rule(runs, (DOTENV,), space=Space((2, 2))) == "denied exactly when key is dotenv"


def test_exactly_leaves_out_what_hides_the_verdict():
    runs = {(0, 0, 0): PASS, (1, 0, 0): DENIED, (0, 1, 0): DEAD}
    assert rule(runs, (DOTENV, DEAD_PROXY), Evidence.CERTIFIED) == (
        "denied exactly when key is dotenv, unless proxy is corp, which hides the verdict"
    )


def test_a_cell_that_disagrees_is_counted_not_hidden():
    runs = SOME | {(1, 0, 1): PASS, (0, 0, 1): DENIED}
    assert rule(runs, (DOTENV,), Evidence.CERTIFIED) == (
        "denied in 2 of 3 cells sent when key is dotenv, and in 1 of the 3 others"
    )


def test_one_other_cell_that_disagrees_is_named_as_such():
    runs = {(1, 0, 0): DENIED, (0, 0, 1): DENIED}
    assert rule(runs, (DOTENV,)) == (
        "denied in the one cell sent when key is dotenv, and in the other one too"
    )


def test_cells_without_a_verdict_are_not_counted_and_said_so():
    runs = SOME | {(1, 1, 0): DEAD}
    assert rule(runs, (DOTENV, DEAD_PROXY)).startswith(
        "denied in all 2 cells sent with a verdict when key is dotenv"
    )


def test_a_denied_baseline_makes_the_passes_the_rule():
    runs = {(0, 0, 0): DENIED, (1, 0, 0): PASS, (0, 1, 1): DENIED}
    assert rule(runs, (Flip(((0, 0, 1),), PASS),)) == (
        "passes in the one cell sent when key is dotenv, and in none of the 2 others"
    )


def test_without_a_flip_it_counts_the_denied():
    assert rule({(0, 0, 0): PASS, (1, 1, 1): PASS}, ()) == "denied in none of 2 cells sent"
    assert rule({(0, 0, 0): DENIED, (1, 1, 1): DENIED}, ()) == "denied in all 2 cells sent"
    assert rule({(0, 0, 0): PASS}, (DEAD_PROXY,)) == "denied in none of 1 cell sent"


def test_a_condition_that_no_other_cell_escapes_stands_alone():
    assert rule({(1, 0, 0): DENIED, (1, 1, 0): DENIED}, (DOTENV,)) == (
        "denied in all 2 cells sent when key is dotenv"
    )


def test_without_a_verdict_there_is_no_rule():
    assert rule({(0, 0, 0): DEAD}, ()) == ""


@given(st.data())
@SEARCHES
def test_exactly_is_true_of_the_whole_matrix(data):
    space = data.draw(spaces(most_axes=4))
    world = data.draw(worlds(space))
    runs = simulate(space, world).runs
    found = report(space, runs, Strategy.ISOLATE, ended=Ended.FINISHED, names=numbered(space))
    if not found.rule.startswith("denied exactly"):
        return
    wrong = [flip for flip in found.flips if flip.to is DENIED]
    for cell in space.sendable_cells():
        if world(cell).is_verdict:
            met = any(all(cell[axis] == level for axis, _, level in flip.changes) for flip in wrong)
            assert met is (world(cell) is DENIED)


def test_a_level_that_hides_some_verdicts_only_is_not_called_hiding() -> None:
    runs = {(0, 0): PASS, (1, 0): DENIED, (0, 1): Outcome.OTHER, (1, 1): DENIED}
    seen = {cell: (outcome,) for cell, outcome in runs.items()}
    key = Flip(((0, 0, 1),), DENIED)
    path = Flip(((1, 0, 1),), Outcome.OTHER, masks=True)
    names = (("key", ("right", "wrong")), ("path", ("right", "wrong")))
    assert rule_text(Space((2, 2)), seen, (key, path), names) == "denied exactly when key is wrong"
