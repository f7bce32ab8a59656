import pytest

from harness.difference import secret_words
from harness.difference.secret_words import difference_words
from harness.redaction.key_class import _KIND_BY_PREFIX
from harness.redaction.placeholder import (
    CHARSETS,
    EDGES,
    ENCODINGS,
    KINDS,
    Placeholder,
    parse_placeholder,
)


def words(left: str, right: str) -> str:
    one, other = (parse_placeholder(f"RDX~{facts}~") for facts in (left, right))
    assert one is not None
    assert other is not None
    return ", ".join(difference_words(one, other))


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ("s1.sk.L35.Chex", "s2.sk.L35.Chex", ""),
        (
            "s1.sk.L35.Chex",
            "s2.sk.L36.Chex.wtlf1",
            "36 characters in place of 35, a line feed at its end",
        ),
        (
            "s1.L36.wtdq1",
            "s2.L34",
            "34 characters in place of 36, no longer a double quote at its end",
        ),
        ("s1.L2.wlsp1", "s2.L1", "1 character in place of 2, no longer a space at its start"),
        ("s1.wtsp1", "s2.wtsp3", "3 spaces at its end"),
        ("s1", "s2.wmcrlf1", "a CR LF inside"),
        ("s1.sk.Chex", "s2.sk.CHEX", "upper-case hex digits in place of lower-case hex digits"),
        ("s1.sk", "s2.sk-ant", "the form sk-ant in place of the form sk"),
        ("s1", "s2.gsk", "the form gsk in place of no known form"),
        ("s1.sk", "s2.pw", ""),
        ("s1.pw.L8-11", "s2.pw.L24-", "24 or more characters in place of 8 to 11"),
        ("s1.pw.L12-15", "s2.pw.L4-7", "4 to 7 characters in place of 12 to 15"),
        ("s1.pw.L8-11", "s2.L9", ""),
        ("s1.pw.L24-", "s2.L40", ""),
        ("s1.L9", "s2", ""),
        ("s1.t4", "s1", "the whole value in place of the last 4 characters"),
        ("s1.h3", "s1.p12", "12 characters in place of the first 3 characters"),
        ("s1", "s1.eb64", "in base64 in place of as it is"),
        ("s1", "s2.menv", "looks like $NAME"),
        ("s1.mnull", "s2", "no longer is the word null"),
        ("s1", "s2.mpng", "png"),
    ],
)
def test_the_form_tells_how_two_secrets_differ(left: str, right: str, told: str) -> None:
    assert words(left, right) == told


def test_an_unknown_edge_is_told_as_it_is() -> None:
    assert difference_words(Placeholder("s1"), Placeholder("s2", edges=("odd",))) == ("odd",)


def test_every_word_of_the_grammar_has_words() -> None:
    assert set(secret_words._CHARSETS) == set(CHARSETS)
    assert set(secret_words._ENCODINGS) == {"", *ENCODINGS}
    assert set(secret_words._EDGES) == set(EDGES)
    assert {"", *KINDS} >= secret_words._FORMS


def test_every_kind_that_a_form_gives_away_is_one() -> None:
    assert set(_KIND_BY_PREFIX.values()) | {"jwt", "pem", ""} == secret_words._FORMS
