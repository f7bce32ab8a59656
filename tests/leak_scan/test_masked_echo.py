from __future__ import annotations

import pytest

from harness.leak_scan.masked_echo import EchoIndex, masks

KEY = "sk-a1b2c3d4e5f6wxyz"


def beside(text: str, *keys: str) -> list[tuple[str, str]]:
    index: EchoIndex[str] = EchoIndex()
    for key in keys or (KEY,):
        index.add(key, index.ends_of(key))
    octets = text.encode()
    return [found for mask in masks(octets) for found in index.beside(octets, mask)]


@pytest.mark.parametrize("mask", ["**", "*****", "••", "●●●", "…", "..."])
def test_the_last_four_behind_a_mask(mask: str) -> None:
    assert beside(f"key {mask}WXYZ is invalid") == [(KEY, "its last four characters")]


@pytest.mark.parametrize("text", ["sk-a1b2***", "A1B2C3...", "key=sk-a1b2c3…"])
def test_the_first_characters_before_a_mask(text: str) -> None:
    assert beside(text) == [(KEY, "its first characters")]


@pytest.mark.parametrize("text", ["****abcd", "* wxyz", "a1b***", "xa1b2***", "wxyz", "done..."])
def test_anything_else_is_no_echo(text: str) -> None:
    assert beside(text) == []


def test_both_ends_and_several_owners() -> None:
    other = "gsk_q9w8e7r6t5y4wxyz"
    assert beside("sk-a1b2...wxyz", KEY, other) == [
        (KEY, "its last four characters"),
        (other, "its last four characters"),
        (KEY, "its first characters"),
    ]


def test_ends_that_are_words_have_no_head() -> None:
    assert beside("corr***", "correct-horse-battery") == []
