from __future__ import annotations

import json
import string
from urllib.parse import quote

import pytest

from harness.redaction.placeholder import (
    Placeholder,
    find_placeholders,
    parse_placeholder,
    split_placeholders,
)

FULL = Placeholder("s12", "sk", "t4", "36", "hex", "b64", ("lsp2", "tlf1"), ("env", "null"))


def test_what_is_written_is_read_back() -> None:
    assert parse_placeholder(str(FULL)) == FULL
    assert str(FULL) == "RDX~s12.sk.t4.L36.Chex.eb64.wlsp2.wtlf1.menv.mnull~"


def test_only_unreserved_characters_are_used() -> None:
    assert set(str(FULL)) <= set(string.ascii_letters + string.digits + "-._~")
    assert quote(str(FULL), safe="") == str(FULL)
    assert json.dumps(str(FULL)) == f'"{FULL}"'


@pytest.mark.parametrize("length", ["7", "8-11", "24-", "0"])
def test_a_length_is_a_number_or_a_range(length: str) -> None:
    assert parse_placeholder(f"RDX~s1.L{length}~") == Placeholder("s1", length=length)


@pytest.mark.parametrize(
    "text",
    [
        "RDX~s1.hunter2hunter2~",
        "RDX~hunter2~",
        "RDX~s1.Lx~",
        "RDX~s1.mhunter2~",
        "RDX~s1234567~",
        "RDX~s1",
        "RDX~s1.sk~ and more",
        "RDX~none.wtlf1234~",
    ],
)
def test_a_word_that_is_not_listed_makes_it_no_placeholder(text: str) -> None:
    assert parse_placeholder(text) is None


def test_several_are_found_in_order() -> None:
    text = f"Bearer {FULL}, ****RDX~none.t4.Chex~ RDX~x1~"
    assert [one.id for one in find_placeholders(text)] == ["s12", "none", "x1"]


def test_a_text_is_cut_between_placeholders() -> None:
    assert split_placeholders("aRDX~s1.sk~b RDX~none~") == [
        "a",
        "RDX~s1.sk~",
        "b ",
        "RDX~none~",
        "",
    ]
