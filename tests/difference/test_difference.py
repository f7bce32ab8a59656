import pytest

from harness.difference.difference import (
    Comparison,
    Difference,
    Kind,
    Part,
    Weight,
    kind_of_change,
)


def one(part: Part, weight: Weight = Weight.DIFFERS) -> Difference:
    return Difference(part, "somewhere", Kind.CHANGED, "a", "b", weight=weight)


def test_what_tells_most_of_a_401_comes_first() -> None:
    parts = [Part.ANSWER_BODY, Part.ROUTE, Part.URL, Part.CREDENTIALS, Part.KEY]
    ordered = Comparison.of([one(part) for part in parts]).differences
    assert [found.part for found in ordered] == parts[::-1]


def test_differences_of_one_part_keep_their_order() -> None:
    found = [Difference(Part.URL, place, Kind.CHANGED, "a", "b") for place in ("z", "a", "m")]
    assert list(Comparison.of(found).all) == found


def test_each_weight_has_its_list() -> None:
    found = [one(Part.URL, weight) for weight in Weight]
    comparison = Comparison.of(found)
    lists = (comparison.differences, comparison.undecided, comparison.set_aside)
    assert lists == tuple((each,) for each in found)


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [("a", "b", Kind.CHANGED), ("a", None, Kind.ONLY_A), (None, "b", Kind.ONLY_B)],
)
def test_the_kind_is_known_by_what_is_there(
    left: str | None, right: str | None, kind: Kind
) -> None:
    assert kind_of_change(left, right) is kind
