from __future__ import annotations

import base64
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.made_keys import made_key

from harness.scenario_file.secret_looks import looks_secret, mask_named_values, mask_secrets

SEEDS = st.integers(0, 10**6)


def hex_key(seed: int, length: int = 32) -> str:
    return "".join(random.Random(seed).choices("0123456789abcdef", k=length))


def letters(seed: int, length: int) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(random.Random(seed).choices(alphabet, k=length))


@settings(deadline=None)
@given(SEEDS, st.sampled_from(["sk-", "sk-or-v1-", "gsk_", "xai-", "hf_", "ghp_"]))
def test_a_key_with_a_public_prefix_looks_secret(seed: int, prefix: str) -> None:
    assert looks_secret(prefix + hex_key(seed))
    assert looks_secret(f"Bearer {made_key(seed)}!")


@settings(deadline=None)
@given(SEEDS)
def test_a_long_random_word_looks_secret(seed: int) -> None:
    assert looks_secret(hex_key(seed, 64))
    assert looks_secret(base64.b64encode(hex_key(seed, 60).encode()).decode())


@settings(deadline=None)
@given(SEEDS)
def test_a_token_of_three_parts_looks_secret(seed: int) -> None:
    parts = [base64.urlsafe_b64encode(letters(seed + n, 40).encode()).decode() for n in range(3)]
    assert looks_secret("ey" + "J" + ".".join(parts))


@pytest.mark.parametrize(
    "text",
    [
        *("", "ping", "deepseek-chat", "sk-your-key-here", "sk-XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"),
        *("meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8", "YOUR_DEEPSEEK_API_KEY"),
        *("deepseek-r1-distill-llama-70b-free-preview-2025", "https://api.deepseek.com/v1/models"),
        *("thisIsAVeryLongNameInCamelCaseForAThing", "a" * 64, "0" * 64, "20250131T120000Z"),
        *("123e4567-e89b-12d3-a456-426614174000", "application/vnd.api+json", "wrong-on-purpose"),
        "sk-thisisnotarealkeyatall",
    ],
)
def test_words_names_and_placeholders_do_not(text: str) -> None:
    assert not looks_secret(text)


def test_a_mask_keeps_the_length_and_the_public_prefix() -> None:
    key = made_key("mask")
    text = f"a {key} b"
    assert mask_secrets(text) == f"a sk-{'…' * 32} b"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("  key: hunter2", "  key: ………………… "),
        ("{token: 'a b', x: y}", "{token: ………………………………"),
        ("  Authorization: Bearer hunter2", "  Authorization: ……………………………………"),
        ("  keys.gateway: a", "  keys.gateway: …"),
        ("  key: {env: A}", "  key: {env: A}"),
        ("  key: ${key}", "  key: ${key}"),
        ("  monkeys: a", "  monkeys: a"),
        ("  key:", "  key:"),
    ],
)
def test_values_are_hidden_by_name_where_nothing_else_is_known(text: str, masked: str) -> None:
    assert mask_named_values(text) == masked.rstrip()
