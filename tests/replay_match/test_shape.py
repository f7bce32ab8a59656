from __future__ import annotations

import pytest

from harness.redaction.placeholder import Placeholder, parse_placeholder
from harness.replay_match.shape import coarse, fits, in_words, unlike


def told(facts: str) -> Placeholder:
    found = parse_placeholder(f"RDX~s1{facts}~")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("recorded", "live"),
    [
        (".sk.L35.Chex", ".sk.L35.Chex"),
        (".pw.L24-.Cb62", ".L32.Cb62"),
        (".L32.Cb62", ".pw.L24-.Cb62"),
        (".L32.Cb62", ".cookie.L32.Cb62"),
        (".L4-7.Cb62", ".L4-7.Cb62"),
        (".jwt.L300.Cascii", ".jwt.L412.Cascii"),
        (".sig.L44.Cb64", ".sig.L44.Cb62"),
        ("", ".sk.L35.Chex"),
        (".L36.Chex.wtdq1", ".L36.Chex.wtdq1"),
    ],
)
def test_the_same_form_fits(recorded: str, live: str):
    if recorded:
        assert fits(told(recorded), told(live))
    else:
        assert not fits(told(recorded), told(live))  # no class is not the class `sk-`


@pytest.mark.parametrize(
    ("recorded", "live"),
    [
        (".sk.L35.Chex", ".sk.L36.Chex"),
        (".sk.L35.Chex", ".sk.L35.Cb62"),
        (".sk.L35.Chex", ".gsk.L35.Chex"),
        (".sk.L35.Chex", ".sk.L35.Chex.wtdq1"),
        (".sk.L35.Chex", ".sk.L35.Chex.eb64"),
        (".sk.L35.Chex", ".sk.t4.L35.Chex"),
        (".L4-7.Cb62", ".L8-11.Cb62"),
        (".L8.Cb62", ".L4-7.Cb62"),
        (".L4-7", ".L24-"),
        (".jwt.L300.Cascii", ".L300.Cascii"),
        (".L12-15.Cascii.menv", ".L12-15.Cascii"),
    ],
)
def test_another_form_does_not_fit(recorded: str, live: str):
    assert not fits(told(recorded), told(live))
    assert not fits(told(live), told(recorded))


def test_how_unlike_two_forms_are_counts_their_facts():
    recorded = told(".sk.L35.Chex")
    assert unlike(recorded, recorded) == 0
    nearer, further = told(".sk.L36.Chex"), told(".sk.L36.Chex.wtdq1")
    assert 0 < unlike(recorded, nearer) < unlike(recorded, further) < 1


def test_what_two_secrets_have_in_common_is_coarse():
    assert coarse(told(".sk.L35.Chex")) == coarse(told(".sk.L40.Cb62"))
    assert coarse(told(".sk.L35.Chex")) != coarse(told(".sk.L35.Chex.wtdq1"))
    assert coarse(told(".jwt.L35")) == coarse(told(".jwt.L350"))
    assert coarse(told(".cookie.L4-7")) == coarse(told(".L4-7"))
    assert coarse(told(".L0")) != coarse(told(".L1"))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            ".sk.L36.Chex.wtdq1",
            "36 characters, prefix class sk, hexadecimal, trailing double quote",
        ),
        (".L1.Cdec", "1 character, digits"),
        (".pw.L4-7", "4 to 7 characters, kind pw"),
        (".jwt.L24-", "24 characters or more, kind jwt"),
        (".wlcrlf1.wmsp2.menv", "leading CR LF, inner space, looks like env"),
        ("", "of unknown form"),
    ],
)
def test_a_form_in_words(facts: str, words: str):
    assert in_words(told(facts)) == words
