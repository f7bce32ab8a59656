from __future__ import annotations

import json

import pytest
from redaction.samples import BASE62, deepseek_body, exchange, made_up, secret

from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

KEY = made_up(1)
OTHER = made_up(2)


def redactor(*values: str) -> Redactor:
    registry = SecretRegistry()
    for value in values:
        registry.add(secret(value))
    return Redactor(registry)


@pytest.mark.parametrize(
    "mask",
    [
        "****",
        "**",
        "***",
        "********...****",
        "\u2022\u2022\u2022",
        "\u2026",
        "...",
        "xxxx",
        "XXXXXXXX",
    ],
)
def test_a_tail_after_any_mask_becomes_the_id_of_its_key(mask: str) -> None:
    assert redactor(OTHER, KEY).text(f"key {mask}{KEY[-4:]} bad") == f"key {mask}RDX~s2.t4~ bad"


@pytest.mark.parametrize("length", [3, 4, 5, 6, 7])
def test_a_tail_of_any_usual_length_is_found(length: int) -> None:
    assert redactor(KEY).text(f"****{KEY[-length:]}.") == f"****RDX~s1.t{length}~."


def test_a_tail_is_found_in_any_case() -> None:
    assert redactor(KEY).text(f"****{KEY[-4:].upper()}") == "****RDX~s1.t4~"


def test_the_head_before_a_mask_goes_too_and_the_public_prefix_stays() -> None:
    text = redactor(KEY).text(f"key {KEY[:7]}****{KEY[-4:]}")
    assert text == "key sk-RDX~s1.h4~****RDX~s1.t4~"


def test_the_prefix_alone_stays() -> None:
    assert (
        redactor(KEY).text(f"provided: sk-***{KEY[-3:]}. You") == "provided: sk-***RDX~s1.t3~. You"
    )


def test_head_and_tail_of_an_unknown_key_keep_their_form() -> None:
    other = made_up(3, 40, BASE62, "sk-proj-")
    text = redactor(KEY).text(f"Incorrect API key provided: {other[:12]}********{other[-4:]}.")
    assert other[8:12] not in text
    assert other[-4:] not in text
    assert text.startswith("Incorrect API key provided: sk-proj-RDX~none.h4.C")


@pytest.mark.parametrize("word", ["null", "_KEY", "here", "json", "ined", "None"])
def test_a_public_word_stays_when_no_key_ends_so(word: str) -> None:
    text = redactor(KEY).text(deepseek_body(word).decode())
    assert f"****{word} is invalid" in text


@pytest.mark.parametrize(
    ("tail", "shown"),
    [
        ("7f3d", "RDX~none.t4.Chex~"),
        ('18b"', "RDX~none.t4.Chex.wtdq1~"),
        ("eek}", "RDX~none.t4.Cb62.mbrace~"),
        ("Njk=", "RDX~none.t4.Cb64u.mpad~"),
    ],
)
def test_any_other_unknown_tail_keeps_its_form_only(tail: str, shown: str) -> None:
    text = redactor(KEY).text(deepseek_body(tail).decode())
    assert f"****{shown} is invalid" in json.loads(text)["error"]["message"]


def test_a_quote_that_closes_a_json_string_is_no_part_of_the_key() -> None:
    document = '{"message": "the key ****7f3d" , "hint": "x"}'
    assert redactor(KEY).text(document) == document.replace("7f3d", "RDX~none.t4.Chex~")


def test_a_quote_kept_by_a_loader_is_seen_in_the_echo() -> None:
    quoted = f'"{KEY}"'
    made = redactor(KEY).redact(exchange(quoted, response_body=deepseek_body(KEY[-3:] + '"')))
    assert made.response is not None
    assert "****RDX~s2.t4.wtdq1~ is invalid" in made.response.body
    assert made.secret_ids == {"key": "s2"}


def test_of_two_keys_that_end_alike_the_one_in_use_is_named() -> None:
    both = redactor(KEY, KEY + "\n")
    body = deepseek_body(KEY[-4:])
    for value, name in ((KEY, "s1"), (KEY + "\n", "s2")):
        made = both.redact(exchange(value, response_body=body))
        assert made.response is not None
        assert f"****RDX~{name}.t4~" in made.response.body


@pytest.mark.parametrize("value", ["null", "test", "YOUR_API_KEY", "${deepseek}"])
def test_an_echoed_word_that_was_sent_as_the_key_is_named(value: str) -> None:
    text = redactor(value).text(f"your api key ****{value[-4:]} is invalid")
    assert text.startswith("your api key ****RDX~s1.t4.m")


def test_a_tail_as_a_word_of_its_own_goes_too() -> None:
    assert redactor(KEY).text(f"the key ending in {KEY[-4:]}.") == "the key ending in RDX~s1.t4~."


def test_a_tail_of_digits_goes_where_the_text_says_that_it_is_one() -> None:
    key = "sk-" + "ab" * 14 + "2026"
    text = redactor(key).text("ends with 2026, max 2026 tokens in 2026")
    assert text == "ends with RDX~s1.t4~, max 2026 tokens in 2026"


@pytest.mark.parametrize(
    "text",
    [
        "(auth header format should be Bearer sk-...)",
        "Loading...done",
        "**bold** and ***very bold***",
        "a ... b … c",
        "# Title\n### Part\n---",
        "rows **** end",
        "trace 3f9a7f3d00",
    ],
)
def test_what_is_no_mask_stays(text: str) -> None:
    assert redactor(KEY).text(text) == text
