import dataclasses

import pytest
from difference.samples import ONE, TWO, aside, told

from harness.difference.difference import Kind, Part, Weight
from harness.difference.judgement import Pair, judge, respelt, set_aside
from harness.difference.likeness import OPEN
from harness.difference.volatile import COMPUTED_ANEW, INSIDE, MOMENT

UUIDS = ("id f8b2d654-ea6d-4179-ace9-e03555d3cf66", "id 6bc4595d-b2e6-496c-b158-d8f66e573ca9")


def pair(left: str | None, right: str | None, **fields: object) -> Pair:
    made = Pair(Part.URL, "host", left, right)
    return dataclasses.replace(made, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("sides", [(None, None), ("", ""), ("a", "a")])
def test_what_is_the_same_is_no_difference(sides: tuple[str | None, str | None]) -> None:
    assert judge(pair(*sides), ONE) == []


def test_what_is_there_on_one_side_counts_whatever_it_is() -> None:
    assert told(judge(pair("a", None, reason="a reason"), ONE)) == [("host", "a", None, "")]
    assert told(judge(pair(None, ""), ONE)) == [("host", None, "", "")]


def test_a_reason_sets_a_difference_of_values_aside() -> None:
    assert aside(judge(pair("a", "b", reason="a reason"), ONE)) == {"host": "a reason"}


def test_what_is_shown_is_not_always_what_is_compared() -> None:
    assert judge(pair("a: 1", "A: 1", texts=("1", "1")), ONE) == []


def test_secrets_of_one_shape_in_two_cassettes_are_undecided() -> None:
    (found,) = judge(pair("RDX~s1.L9~", "RDX~s1.L9~"), TWO)
    assert (found.weight, found.words) == (Weight.UNDECIDED, OPEN)


def test_what_is_made_anew_is_set_aside() -> None:
    found = judge(pair("RDX~s1.sig.L9~", "RDX~s2.sig.L9~"), ONE)
    assert aside(found) == {"host": COMPUTED_ANEW}


def test_a_time_is_compared_with_the_moment_of_its_own_sending() -> None:
    scope = dataclasses.replace(ONE, sent_at=(1_795_000_000.0, 1_795_000_100.0))
    assert aside(judge(pair("1795000000", "1795000100"), scope)) == {"host": MOMENT}
    ((*_, words),) = told(judge(pair("1795000000", "1795000000"[:-3] + "900"), scope))
    assert words == "+800 s from its sending in place of +0 s"


def test_ids_inside_a_text_are_set_aside_in_answers_only() -> None:
    assert told(judge(pair(*UUIDS), ONE)) == [("host", *UUIDS, "")]
    assert aside(judge(pair(*UUIDS, part=Part.ANSWER_BODY), ONE)) == {"host": INSIDE}


def test_a_very_long_text_is_not_looked_through_for_ids() -> None:
    long = ["x" * 70_000 + one for one in UUIDS]
    assert len(told(judge(pair(*long, part=Part.ANSWER_BODY), ONE))) == 1


def test_an_echo_of_another_key_beside_another_id_counts() -> None:
    texts = (f"****RDX~s1.t4~ {UUIDS[0]}", f"****RDX~s2.t4~ {UUIDS[1]}")
    assert len(told(judge(pair(*texts, part=Part.ANSWER_BODY), ONE))) == 1


def test_a_difference_can_be_set_aside_or_be_one_of_spelling() -> None:
    found = respelt(Part.BODY, "body", "a", "b", "otherwise")
    assert (found.kind, found.weight) == (Kind.SPELLING, Weight.DIFFERS)
    assert aside([set_aside(found, "why")]) == {"body": "why"}
