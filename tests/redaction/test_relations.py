from __future__ import annotations

import base64
import random
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redaction.samples import exchange, made_up

from harness.cassette_format.line import decode_line, encode_line
from harness.errors import Place
from harness.model.outcome import Outcome
from harness.model.secret import Provenance, Secret
from harness.model.secret_relation import SecretRelation
from harness.redaction.redactor import Redactor
from harness.redaction.registry import Entry, SecretRegistry
from harness.redaction.relations import (
    MOST_COMPARED,
    RelationTable,
    edit_between,
    parse_relation,
    relation_between,
)

KEY = made_up(1)
MIXED = "sk-Ab9+x/Cd8=y0123456789abcdef"


def entries(*values: str, kind: str = "") -> list[Entry]:
    registry = SecretRegistry()
    for number, value in enumerate(values):
        registry.add(Secret(value, Provenance("env", f"K{number}")), kind)
    return list(registry.credentials())


def told(*values: str, kind: str = "") -> list[str]:
    return [str(one) for one in RelationTable().meet(entries(*values, kind=kind))]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (KEY + "\n", "s2 = s1 + LF"),
        (KEY + "\r\n", "s2 = s1 + CR LF"),
        (KEY + "\n\n", "s2 = s1 + 2 x LF"),
        (" " + KEY, "s2 = space + s1"),
        (f'"{KEY}"', "s2 = double quote + s1 + double quote"),
        (f"'{KEY}\n", "s2 = single quote + s1 + LF"),
        ("\ufeff" + KEY, "s2 = BOM + s1"),
        (KEY + "\u200b", "s2 = s1 + zero-width space"),
        (KEY[:9] + "\u200b" + KEY[9:], "s2 = s1 with invisible characters inside"),
        (KEY[:9] + "\n" + KEY[9:], "s2 = s1 with white space inside"),
        (f"Bearer {KEY}", 's2 = "Bearer " + s1'),
        (f"Bearer Bearer {KEY}", 's2 = "Bearer " + "Bearer " + s1'),
        (f"Authorization: Bearer {KEY}", 's2 = "Authorization: " + "Bearer " + s1'),
        (f"export A_KEY={KEY}", "s2 = export NAME= + s1"),
        (f"A_KEY={KEY}", "s2 = NAME= + s1"),
        (f'A_KEY="{KEY}"', "s2 = NAME= + double quote + s1 + double quote"),
        (f"{KEY} # laptop", "s2 = s1 + text"),
        (f"<{KEY}>", "s2 = text + s1 + text"),
        (KEY + KEY, "s2 = s1 + s1"),
        (KEY.upper(), "s2 = upper(s1)"),
        (KEY.capitalize(), "s2 = s1 with another case"),
        (KEY[::-1], "s2 = reversed(s1)"),
        (KEY.encode().hex(), "s2 = hex(s1)"),
        (base64.b64encode(KEY.encode()).decode(), "s2 = base64(s1)"),
        (base64.b64encode(f"{KEY}\n".encode()).decode(), "s2 = base64(s1 + LF)"),
        (KEY.replace("-", "\u2013"), "s2 = s1 with look-alike characters"),
        (KEY[:-1], "s2 = s1 without its last character"),
        (KEY[:-5], "s2 = s1 without its last 5 characters"),
        (KEY[3:], "s2 = s1 without its first 3 characters"),
        (KEY[3:-3], "s2 = a part of s1"),
        (KEY[:8] + "Z" + KEY[9:], "s2 differs from s1 by one edit (one character replaced)"),
        (KEY[:8] + "Z" + KEY[8:], "s2 differs from s1 by one edit (one character more)"),
        (KEY[:8] + KEY[9:], "s2 differs from s1 by one edit (one character less)"),
    ],
)
def test_what_one_key_is_to_another_is_said_in_words(value: str, words: str):
    assert told(KEY, value) == [words]
    read = parse_relation(words)
    assert read is not None
    assert str(read) == words


def test_a_swap_of_neighbours_is_called_that():
    at = next(i for i in range(5, len(KEY)) if KEY[i] != KEY[i + 1])
    swapped = KEY[:at] + KEY[at + 1] + KEY[at] + KEY[at + 2 :]
    assert told(KEY, swapped) == ["s2 differs from s1 by one edit (two neighbours swapped)"]


def test_percent_encoding_is_seen_where_it_changes_something():
    assert told(MIXED, quote(MIXED, safe="")) == ["s2 = percent-encoded(s1)"]


def test_the_direction_is_that_which_says_more():
    assert told(KEY + "\n", KEY) == ["s1 = s2 + LF"]
    assert told(KEY[:-4], KEY) == ["s1 = s2 without its last 4 characters"]


def test_two_with_different_edges_are_told_unless_the_clean_one_is_there():
    assert told(f'"{KEY}"', KEY + "\n") == ["s2 = s1 with other edges"]
    assert told(KEY, f'"{KEY}"', KEY + "\n") == [
        "s2 = double quote + s1 + double quote",
        "s3 = s1 + LF",
    ]


def test_unrelated_keys_have_no_relation():
    assert told(KEY, made_up(2)) == []
    assert relation_between(KEY, made_up(2)) == edit_between(KEY, made_up(2)) == ""


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (("hunter22222222222", "hunter22222222222!"), "pw"),  # a password
        (("48151623", "48151623\n"), ""),  # a PIN
        (("4815162342481516", "4815162342481516\n"), ""),  # digits only
        (("short-pass1", "short-pass1\n"), ""),
        (("aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa\n"), ""),  # hardly varied
        (("undefined", "undefined\n"), ""),
    ],
)
def test_what_could_be_guessed_has_no_relations(values: tuple[str, ...], kind: str):
    assert told(*values, kind=kind) == []


def test_only_so_many_are_compared():
    keys = [made_up(number) for number in range(MOST_COMPARED)]
    assert told(*keys, keys[0] + "\n") == []
    assert told(*keys[:-1], keys[0] + "\n") == [f"s{MOST_COMPARED} = s1 + LF"]


@pytest.mark.parametrize(
    "text",
    [
        "s2 = s1 + a stranger's secret",
        "s2 = s1",
        "s2 = s2 + LF",
        "s2 = s1 + s3",
        "s2 is s1 + LF",
        "s2 = s1 + LF\n",
        "s2 = s1 + 9999 x LF",
        "k2 = s1 + LF",
        "s2 = k1 + LF",
        'x1 = "hunter2 " + s1',
        "s2 = upper(s1) + LF",
        "s2 differs from s1 by one edit (k)",
        "s2 = " + "LF + " * 9 + "s1",
        "",
    ],
)
def test_a_text_that_is_not_of_the_grammar_does_not_pass(text: str):
    assert parse_relation(text) is None


@settings(max_examples=300)
@given(st.text(max_size=60))
def test_nothing_but_words_of_the_grammar_passes(text: str):
    for around in (text, f"s2 = s1 {text}", f"s2 = {text} + s1", f"s2 differs from s1 {text}"):
        read = parse_relation(around)
        assert read is None or str(read) == around
        letters = {w for w in around.split() if w.isalpha()}
        assert read is None or len(letters) < 12


@settings(max_examples=200)
@given(st.integers(0, 10_000), st.sampled_from(["", "\n", '"', " ", "\ufeff", "Bearer ", "x"]))
def test_no_character_of_a_key_is_in_its_relations(seed: int, around: str):
    drawn = random.Random(seed)
    key = "sk-" + "".join(drawn.choices("GHJKLMNPQRSTUVWXYZ", k=32))
    for words in told(key, around + key + around):
        assert not any(key[at : at + 4] in words for at in range(len(key) - 3))
        assert parse_relation(words) is not None


def test_a_relation_can_be_said_with_other_names():
    assert (
        SecretRelation("s2", "s1", "= {} + LF").between("dotenv", "shell") == "dotenv = shell + LF"
    )


def test_it_stands_in_the_exchange_that_completes_the_pair_and_is_read_back():
    redactor = Redactor(SecretRegistry())
    first, second = redactor.redact(exchange(KEY)), redactor.redact(exchange(KEY + "\n"))
    again = redactor.redact(exchange(KEY + "\n"))
    assert (first.relations, again.relations) == ((), ())
    assert list(map(str, second.relations)) == ["s2 = s1 + LF"]
    line = encode_line(second, Outcome.DENIED)
    assert '"relations":["s2 = s1 + LF"]' in line
    read = decode_line(line, Place("a.yaml", 3, 1)).exchange
    assert Redactor(SecretRegistry("x")).readmit(read).relations == second.relations


def test_what_a_stranger_wrote_in_its_place_is_dropped():
    redactor = Redactor(SecretRegistry())
    redactor.redact(exchange(KEY))
    made = redactor.redact(exchange(KEY + "\n"))
    line = encode_line(made, Outcome.DENIED).replace("s2 = s1 + LF", f"s2 = {made_up(9)} + LF")
    read = decode_line(line, Place("a.yaml", 3, 1)).exchange
    assert Redactor(SecretRegistry("x")).readmit(read).relations == ()


def test_a_pair_costs_little():
    found = RelationTable().meet(entries(*(made_up(number) for number in range(MOST_COMPARED))))
    assert found == ()
