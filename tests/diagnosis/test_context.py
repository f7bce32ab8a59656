from diagnosis.flips import GOOD_ENV, answer, exchange, failing, key, passing, refusal

from harness.diagnosis.context import FlipContext, Side
from harness.model.exchange import Phase
from harness.model.finding import Flip
from harness.model.outcome import Outcome
from harness.model.request import Patch
from harness.model.scenario import Axis, Level

AXES = (
    Axis("key", (Level("shell", Patch()), Level("dotenv", Patch())), field="key"),
    Axis("scheme", (Level("bearer", Patch()), Level("lower", Patch()))),
)


def test_a_flip_to_denied_starts_at_the_passing_side() -> None:
    flip = Flip(((0, 0, 1),), Outcome.DENIED)
    context = FlipContext.of(AXES, flip, start=passing(), end=failing())
    assert (context.passing.outcome, context.failing.outcome) == (Outcome.PASS, Outcome.DENIED)
    assert [change.failing.name for change in context.changes] == ["dotenv"]
    assert [(change.axis, change.field) for change in context.changes] == [("key", "key")]


def test_a_flip_to_pass_has_its_sides_turned_round() -> None:
    flip = Flip(((0, 0, 1), (1, 0, 1)), Outcome.PASS)
    context = FlipContext.of(AXES, flip, start=failing(), end=passing())
    assert (context.passing.outcome, context.failing.outcome) == (Outcome.PASS, Outcome.DENIED)
    assert [change.failing.name for change in context.changes] == ["shell", "bearer"]
    assert [change.passing.name for change in context.changes] == ["dotenv", "lower"]


def test_the_last_exchange_decides() -> None:
    side = passing(
        exchanges=(exchange(response=answer(307)), exchange(hop=1, failure=refusal(Phase.TLS)))
    )
    assert side.answer is None
    assert side.failure == refusal(Phase.TLS)


def test_a_side_without_exchanges_has_no_answer() -> None:
    side = passing(exchanges=())
    assert (side.last, side.answer, side.failure, side.main_hops) == (None, None, None, ())


def _context(bad: Side) -> FlipContext:
    return FlipContext(changes=(), passing=passing(), failing=bad)


def test_the_changed_key_is_the_one_with_another_source() -> None:
    other = key("file b")
    bad = failing(keys={"proxy.password": key("file p"), "key": other})
    assert _context(bad).changed_key() == (GOOD_ENV, other)


def test_no_key_changed_when_the_sources_are_the_same() -> None:
    assert _context(failing()).changed_key() is None


def test_a_key_that_a_signature_names_itself_is_compared_with_the_plain_one() -> None:
    own = key("literal in the scenario")
    assert _context(failing(keys={"sign.password": own})).changed_key() == (GOOD_ENV, own)


def test_a_key_under_another_name_with_the_same_source_is_no_change() -> None:
    assert _context(failing(keys={"sign.password": GOOD_ENV})).changed_key() is None


def test_two_new_names_are_no_pair() -> None:
    two = {"sign.username": key("env U"), "sign.password": key("env P")}
    assert _context(failing(keys=two)).changed_key() is None
