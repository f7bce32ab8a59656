from __future__ import annotations

import pytest
from corpus.kinds import ONE_LINE, made

from harness.redaction.entropy_left import ENOUGH_BITS, bits_left
from harness.redaction.shape import placeholder_for

RANDOM = [
    *("sk", "sk-proj", "sk-ant", "sk-or", "AIza", "ghp", "glpat", "sk_live"),
    *("b62 of 20", "b62 of 48", "hex of 64", "AWS secret"),
]


def test_a_key_of_deepseek_keeps_its_128_bits() -> None:
    assert bits_left(placeholder_for(made("sk", 1), "s1")) == 128.0


def test_what_clings_to_a_key_is_no_part_of_it() -> None:
    assert bits_left(placeholder_for(made("sk", 1) + "\r\n ", "s1")) == 128.0


def test_a_tail_and_a_relation_would_cost_bits() -> None:
    placeholder = placeholder_for(made("sk", 1), "s1")
    assert bits_left(placeholder, tail_shown=True) == 112.0
    assert bits_left(placeholder, relations=1, tail_shown=True) == 106.0


@pytest.mark.parametrize("kind", RANDOM)
def test_every_random_kind_keeps_enough(kind: str) -> None:
    assert kind in ONE_LINE
    assert bits_left(placeholder_for(made(kind, 1), "s1"), relations=3) >= ENOUGH_BITS


@pytest.mark.parametrize("value", ["correct horse", "hunter2", "äöü" * 9, "pin 1234"])
def test_nothing_is_claimed_of_what_people_choose(value: str) -> None:
    assert bits_left(placeholder_for(value, "s1", kind="pw")) == 0.0


def test_a_short_number_is_not_enough() -> None:
    assert bits_left(placeholder_for("1234567890123456", "s1")) < ENOUGH_BITS
