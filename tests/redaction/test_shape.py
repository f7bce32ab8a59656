from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redaction.samples import BASE62, made_up, secret

from harness.model.key_facts import KeyShape
from harness.redaction.edges import edges_of, trim
from harness.redaction.key_class import charset_of, kind_of, public_prefix
from harness.redaction.shape import placeholder_for, shape_of

KEY = made_up(1)


def test_a_plain_key_has_length_prefix_and_alphabet() -> None:
    assert shape_of(secret(KEY)) == KeyShape(35, "sk-", "hex")


@pytest.mark.parametrize(
    ("prefix", "kind"),
    [
        ("sk-", "sk"),
        ("sk-ant-", "sk-ant"),
        ("sk-ant-oat01-", "sk-ant-oat01"),
        ("sk-proj-", "sk-proj"),
        ("sk-or-v1-", "sk-or-v1"),
        ("gsk_", "gsk"),
        ("AIza", "AIza"),
        ("ghp_", "ghp"),
        ("xai-", "xai"),
    ],
)
def test_the_longest_public_prefix_is_the_class(prefix: str, kind: str) -> None:
    key = made_up(2, prefix=prefix, alphabet=BASE62)
    assert (public_prefix(key), kind_of(key)) == (prefix, kind)
    assert shape_of(secret(key)).prefix == prefix


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("", ""),
        ("sk-", ""),
        ("0123", "dec"),
        ("ab12", "hex"),
        ("AB12", "HEX"),
        ("zZ1", "b62"),
        ("a_-Z", "b64u"),
        ("a+/Z==", "b64"),
        ("a b!", "ascii"),
        ("é", "unicode"),
        ("a\udce9", "bytes"),
    ],
)
def test_the_narrowest_alphabet_is_named(text: str, charset: str) -> None:
    assert charset_of(text) == charset


@pytest.mark.parametrize(
    ("value", "edges"),
    [
        (f" {KEY}", ("leading space",)),
        (f"{KEY}\n", ("trailing LF",)),
        (f"{KEY}\r\n", ("trailing CR LF",)),
        (f"{KEY}\r", ("trailing CR",)),
        (f'{KEY}"', ("trailing double quote",)),
        (f"'{KEY}'", ("leading single quote", "trailing single quote")),
        (f"\ufeff{KEY}", ("leading BOM",)),
        (f"{KEY}\u00a0", ("trailing no-break space",)),
        (f"{KEY}\u200b", ("trailing zero-width space",)),
        (f"\u201c{KEY}\u201d", ("leading smart double quote", "trailing smart double quote")),
        (f'"{KEY}"\n', ("leading double quote", "trailing double quote", "trailing LF")),
        (f"{KEY}\t ", ("trailing tab", "trailing space")),
        (f"{KEY}   ", ("trailing space",)),
        (f"{KEY}\x00", ("trailing control character",)),
        (f"{KEY}\u3000", ("trailing Unicode space",)),
        (f"{KEY[:9]}\n{KEY[9:]}", ("inner LF",)),
        (f'{KEY[:9]}"{KEY[9:]}', ()),
        ('"', ("leading double quote",)),
    ],
)
def test_what_clings_to_a_key_is_named_in_text_order(value: str, edges: tuple[str, ...]) -> None:
    assert shape_of(secret(value)).edges == edges


def test_positions_outside_ascii_count_from_one() -> None:
    assert shape_of(secret("ä" + KEY + "\u200b")).non_ascii == (1, 37)


@pytest.mark.parametrize(
    ("value", "mark"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("$DEEPSEEK_API_KEY", "looks like $NAME"),
        ("${DEEPSEEK_API_KEY}", "looks like $NAME"),
        ("{{ deepseek }}", "looks like $NAME"),
        ("%DEEPSEEK_API_KEY%", "looks like $NAME"),
        ("<your key>", "looks like $NAME"),
        ("process.env.DEEPSEEK_API_KEY", "looks like $NAME"),
        ("DEEPSEEK_API_KEY", "looks like a variable name"),
        ("DEEPSEEK_API_KEY=abc", "contains NAME="),
        ("null", "null"),
        ("None", "null"),
        ("undefined", "undefined"),
        ("YOUR_API_KEY", "sample value"),
        ("your-api-key-here", "sample value"),
        ("sk-xxxxxxxxxxxx", "sample value"),
        ("sk-test", "sample value"),
        ("Bearer abc", "contains a scheme"),
        ('{"key": "a"}', "JSON"),
        ("/run/secrets/key", "looks like a path"),
        ("https://api.deepseek.com", "looks like a URL"),
        (base64.b64encode(b"sk-made-up-key-1").decode(), "base64 of a text"),
        ("sk-ab****wxyz", "contains a mask"),
        ("sk-abc#production", "contains #"),
    ],
)
def test_what_is_no_key_is_marked(value: str, mark: str) -> None:
    assert mark in shape_of(secret(value)).marks


@pytest.mark.parametrize("value", ["YOUR_API_KEY", "EXAMPLE_TOKEN", "CHANGE_ME_KEY"])
def test_a_sample_in_the_form_of_a_name_is_no_variable_name(value: str) -> None:
    assert shape_of(secret(value)).marks == ("sample value",)


@pytest.mark.parametrize("value", ["DEEPSEEK_API_KEY", "MY_SECRET_KEY"])
def test_a_name_of_filler_words_is_no_sample(value: str) -> None:
    assert shape_of(secret(value)).marks == ("looks like a variable name",)


@pytest.mark.parametrize("seed", range(40))
def test_a_real_looking_key_has_no_mark(seed: int) -> None:
    assert shape_of(secret(made_up(seed))).marks == ()
    assert shape_of(secret(made_up(seed, 48, BASE62, "sk-proj-"))).marks == ()


@given(st.text(max_size=40))
def test_the_shape_never_shows_a_stretch_of_the_key(value: str) -> None:
    key = "q7#Zk" + value + "Vw9+j"
    words = str(shape_of(secret(key))) + repr(shape_of(secret(key)))
    assert "q7#Z" not in words
    assert "w9+j" not in words


@given(st.text(max_size=30))
def test_trimming_takes_exactly_what_is_named_at_the_ends(value: str) -> None:
    core = trim(value)
    ends = [edge for edge in edges_of(value) if edge.position != "inner"]
    taken = sum(edge.count * (2 if edge.code == "crlf" else 1) for edge in ends)
    assert len(value) - len(core) == taken
    assert trim(core) == core


def test_a_placeholder_tells_what_clings_with_its_count() -> None:
    assert str(placeholder_for(f"{KEY}  \n", "s1")) == "RDX~s1.sk.L38.Chex.wtsp2.wtlf1~"


@pytest.mark.parametrize(
    ("value", "length"), [("a1b", "1-3"), ("a1b2", "4-7"), ("a1b2c3d4e5", "8-11"), ("", "0")]
)
def test_the_length_of_what_could_be_guessed_is_a_range(value: str, length: str) -> None:
    assert placeholder_for(value, "s1", kind="pw").length == length


def test_a_long_password_does_not_tell_how_long() -> None:
    assert placeholder_for("correct horse battery staple", "s1", kind="pw").length == "24-"


def test_the_length_of_a_public_word_is_told() -> None:
    assert str(placeholder_for("null", "s1")) == "RDX~s1.L4.Cb62.mnull~"
