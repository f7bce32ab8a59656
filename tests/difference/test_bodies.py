import pytest
from difference.samples import ONE, TWO, aside, told

from harness.difference.bodies import compare_bodies
from harness.difference.difference import Kind, Part, Weight
from harness.difference.volatile import REWRITTEN


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [
        ("", "", []),
        ("", "a", [("body", None, "a", "")]),
        ("a", "", [("body", "a", None, "")]),
        ('{"a":1}', '{"a":1}', []),
        ('{"a":1}', '{"a":2}', [("/a", "1", "2", "")]),
        ('{"a":"x"}', '{"a":"y"}', [("/a", '"x"', '"y"', "")]),
        ('{"a":1}', '{"a": 1}', [("body", '{"a":1}', '{"a": 1}', REWRITTEN)]),
        (
            '{"a":1,"a":2}',
            '{"a":1,"a":2} ',
            [("line 1", '{"a":1,"a":2}', '{"a":1,"a":2} ', "other white space")],
        ),
        ("a\nb", "a\nc", [("line 2", "b", "c", "")]),
        ("a\nb", "a\r\nb", [("body", "a\nb", "a\r\nb", "the ends of the lines differ")]),
        ("[1]", "text", [("line 1", "[1]", "text", "")]),
        (
            '{"k":"RDX~s1.sk.L35~"}',
            '{"k":"RDX~s2.sk.L36~"}',
            [("/k", '"RDX~s1.sk.L35~"', '"RDX~s2.sk.L36~"', "36 characters in place of 35")],
        ),
    ],
)
def test_bodies_are_compared_by_what_they_are(left: str, right: str, found: list[object]) -> None:
    assert told(compare_bodies(left, right, Part.BODY, ONE)) == found


def test_forms_are_compared_field_by_field() -> None:
    found = told(compare_bodies("a=1&b=2", "b=2&a=1", Part.BODY, ONE, is_form=True))
    assert found == [("order of the form", "a, b", "b, a", "")]


def test_an_answer_that_is_written_otherwise_says_the_same() -> None:
    (found,) = compare_bodies('{"a":1}', '{"a": 1}', Part.ANSWER_BODY, ONE)
    assert (found.kind, found.weight) == (Kind.SPELLING, Weight.SET_ASIDE)


def test_ids_of_completions_are_set_aside() -> None:
    left, right = (f'{{"id":"{one}","choices":[]}}' for one in "ab")
    assert list(aside(compare_bodies(left, right, Part.ANSWER_BODY, ONE))) == ["/id"]
    assert told(compare_bodies(left, right, Part.BODY, ONE))


@pytest.mark.parametrize("body", ['{"k":"RDX~s1.L35~"}', "a\nRDX~s1.L35~"])
def test_secrets_in_two_cassettes_are_undecided_in_bodies_too(body: str) -> None:
    (found,) = compare_bodies(body, body, Part.BODY, TWO)
    assert found.weight is Weight.UNDECIDED
    assert list(compare_bodies(body, body, Part.BODY, ONE)) == []
