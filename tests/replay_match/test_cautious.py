from __future__ import annotations

import pytest
from support.made_keys import made_key

from harness.replay_match.cautious import cautious, cautious_path

KEY = made_key("cautious")


@pytest.mark.parametrize(
    "text",
    ["POST", "v1", "chat", "completions", "Bearer ", "2", "x-api-key", "application", "", " ", "/"],
)
def test_words_and_small_numbers_are_shown(text: str):
    assert cautious(text) == text


@pytest.mark.parametrize(
    "text", [KEY, KEY[3:], "a1b2c3d4", "12345678", f"Bearer {KEY}", "word " * 9]
)
def test_of_anything_else_the_length_is(text: str):
    assert cautious(text) == f"<{len(text)} characters>"
    assert cautious(text, {text}) == text


def test_placeholders_stay():
    assert cautious(f"RDX~s1.sk.L35~{KEY}") == f"RDX~s1.sk.L35~<{len(KEY)} characters>"


def test_a_path_is_shown_by_its_segments():
    shown = cautious_path(f"/v1/{KEY}/a1b2c3/chat", {"a1b2c3"})
    assert shown == f"/v1/<{len(KEY)} characters>/a1b2c3/chat"
