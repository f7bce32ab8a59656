import dataclasses

import pytest
from difference.samples import ONE, TWO
from hypothesis import given
from hypothesis import strategies as st

from harness.difference.likeness import (
    ANOTHER,
    OPEN,
    OPEN_SHAPELESS,
    SHAPELESS,
    Likened,
    Likeness,
    Scope,
    liken,
    liken_placeholders,
)
from harness.redaction.placeholder import Placeholder

K1, K1_AGAIN = "Bearer RDX~s1.sk.L35.Chex~", "Bearer RDX~s1.sk.L35.Chex~"
K2 = "Bearer RDX~s2.sk.L35.Chex~"
K3 = "Bearer RDX~s3.sk.L36.Chex.wtlf1~"
LONGER = "36 characters in place of 35, a line feed at its end"


@pytest.mark.parametrize(
    ("left", "right", "scope", "likened"),
    [
        ("same", "same", TWO, Likened(Likeness.SAME)),
        ("one", "other", ONE, Likened(Likeness.DIFFERENT)),
        ("", "", ONE, Likened(Likeness.SAME)),
        (K1, K1_AGAIN, ONE, Likened(Likeness.SAME)),
        (K1, K1_AGAIN, TWO, Likened(Likeness.OPEN, OPEN)),
        (K1, K2, ONE, Likened(Likeness.DIFFERENT, ANOTHER)),
        (K1, K2, TWO, Likened(Likeness.OPEN, OPEN)),
        (K1, K3, ONE, Likened(Likeness.DIFFERENT, LONGER)),
        (K1, K3, TWO, Likened(Likeness.DIFFERENT, LONGER)),
        (K1, "Bearer sk-of-no-secret", ONE, Likened(Likeness.DIFFERENT)),
        ("RDX~s1~", "RDX~s2~", ONE, Likened(Likeness.DIFFERENT, SHAPELESS)),
        ("RDX~s1~", "RDX~s1~", TWO, Likened(Likeness.OPEN, OPEN_SHAPELESS)),
        (
            K1,
            K1.replace("Bearer", "bearer"),
            ONE,
            Likened(Likeness.DIFFERENT, "another letter case around the secret"),
        ),
        (
            K1,
            K3.replace("Bearer ", "Bearer  "),
            ONE,
            Likened(Likeness.DIFFERENT, f"{LONGER}, other white space around the secret"),
        ),
        ("a b", "a  b", ONE, Likened(Likeness.DIFFERENT, "other white space")),
        ("GET", "Get", ONE, Likened(Likeness.DIFFERENT, "another letter case")),
    ],
)
def test_texts_are_compared_letter_by_letter_and_secrets_by_relation(
    left: str, right: str, scope: Scope, likened: Likened
) -> None:
    assert liken(left, right, scope) == likened


def test_a_secret_without_an_id_is_never_known_to_be_equal() -> None:
    text = "RDX~none.blob.L10~"
    assert liken(text, text, ONE).likeness is Likeness.OPEN


def test_another_part_or_spelling_of_one_secret_is_a_difference() -> None:
    assert liken("RDX~s1.t4~", "RDX~s1~", ONE).likeness is Likeness.DIFFERENT
    assert liken("RDX~s1.eb64~", "RDX~s1~", ONE).words == "as it is in place of in base64"


def test_ids_of_two_counters_do_not_tell() -> None:
    """A value found on reading may be one that the run knew: `x1` and `s1` may be equal."""
    assert liken("RDX~s1.L35~", "RDX~x1.L35~", ONE).likeness is Likeness.OPEN


def test_ids_of_two_runs_of_one_file_do_not_tell() -> None:
    one, other = Placeholder("r1.s1", length="35"), Placeholder("r2.s1", length="35")
    assert liken_placeholders(one, other, ONE).likeness is Likeness.OPEN


def test_what_is_computed_or_issued_anew_is_fresh() -> None:
    fresh = dataclasses.replace(ONE, fresh_left=frozenset({"s3"}), fresh_right=frozenset({"s4"}))
    assert liken("RDX~s3.L64~", "RDX~s4.L64~", fresh).likeness is Likeness.FRESH
    assert liken("RDX~s3.L64~", "RDX~s5.L64~", fresh).likeness is Likeness.DIFFERENT
    assert liken("RDX~s3.L64~", "RDX~s4.L65~", fresh).likeness is Likeness.DIFFERENT
    assert liken("RDX~s6.sig.L64~", "RDX~s7.sig.L64~", ONE).likeness is Likeness.FRESH
    assert liken("RDX~s6.nonce.L64~", "RDX~s7.nonce.L64~", TWO).likeness is Likeness.FRESH


@pytest.mark.parametrize(
    ("relations", "words"),
    [
        ({("s2", "s1"): "s2 = s1 + LF"}, "s2 = s1 + LF"),
        ({("s1", "s2"): "s1 = upper(s2)"}, "s1 = upper(s2)"),
        ({("s3", "s1"): "s3 = s1 + LF"}, ANOTHER),
    ],
)
def test_a_relation_that_the_cassette_states_is_told(
    relations: dict[tuple[str, str], str], words: str
) -> None:
    scope = Scope(one_cassette=True, relations=relations)
    assert liken(K1, K2, scope) == Likened(Likeness.DIFFERENT, words)


def test_relations_mean_nothing_across_cassettes() -> None:
    scope = Scope(one_cassette=False, relations={("s2", "s1"): "s2 = s1 + LF"})
    assert liken(K1, K2, scope).likeness is Likeness.OPEN


def test_of_several_secrets_the_worst_decides() -> None:
    one = "RDX~s1.L5~:RDX~s2.L9~"
    other = "RDX~s1.L5~:RDX~s3.L8~"
    assert liken(one, other, ONE).words == "8 characters in place of 9"
    assert liken(one, other, TWO).likeness is Likeness.DIFFERENT


TEXTS = st.text("aB ~", max_size=4) | st.sampled_from([K1, K2, K3, "RDX~none~", "RDX~x1.t4~"])


@given(TEXTS, TEXTS, st.sampled_from([ONE, TWO]))
def test_likeness_has_no_direction(left: str, right: str, scope: Scope) -> None:
    assert liken(left, right, scope).likeness is liken(right, left, scope).likeness
    assert left == right or liken(left, right, scope).likeness is not Likeness.SAME
