from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote

import pytest
from redaction.samples import BASE62, made_up, secret

from harness.leak_scan.gate import find_leaks
from harness.redaction.common_values import is_common

KEY = made_up(1)
ODD = 'a"b\\c/d+é 7x<9'
FORMS = {
    "raw": lambda key: key,
    "upper": str.upper,
    "lower": str.lower,
    "percent": lambda key: quote(key, safe=""),
    "every character in percent": lambda key: "".join(f"%{byte:02X}" for byte in key.encode()),
    "double percent": lambda key: quote(quote(key, safe=""), safe=""),
    "JSON": json.dumps,
    "JSON in JSON": lambda key: json.dumps(json.dumps(key)),
    "\\u": lambda key: "".join(
        f"\\u{ord(char):04X}" if ord(char) < 0x10000 else json.dumps(char)[1:-1] for char in key
    ),
    "HTML": html.escape,
    "HTML numbers": lambda key: "".join(f"&#{ord(char)};" for char in key),
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64 one off": lambda key: base64.b64encode(b"u:" + key.encode()).decode(),
    "base64 two off": lambda key: base64.b64encode(b"user:" + key.encode() + b"\n").decode(),
    "base64 for URLs": lambda key: base64.urlsafe_b64encode(key.encode()).decode().rstrip("="),
    "base64 in a word": lambda key: "xyz" + base64.b64encode(key.encode()).decode(),
    "hex": lambda key: key.encode().hex(),
    "upper hex": lambda key: key.encode().hex().upper(),
    "hex in hex": lambda key: "a" + key.encode().hex(),
    "percent of base64": lambda key: quote(base64.b64encode(key.encode()).decode(), safe=""),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", [KEY, ODD, "pass😀word-1", made_up(4, 20, BASE62, "")])
def test_every_form_of_a_known_secret_is_found(form: str, key: str) -> None:
    text = f'fine\n{{"a": "{FORMS[form](key)}"}}\n'
    leaks = find_leaks(text.encode(), [secret("other-secret-1"), secret(key)])
    assert leaks
    assert all(leak.startswith("line 2: ") for leak in leaks)
    assert any("secret 2 (env DEEPSEEK_API_KEY)" in leak for leak in leaks)


@pytest.mark.parametrize("mask", ["****", "**", "\u2022\u2022", "\u2026", "...", "\\u2022\\u2022"])
def test_the_last_characters_after_a_mask_are_found(mask: str) -> None:
    leaks = find_leaks(f"key {mask}{KEY[-4:]} bad".encode(), [secret(KEY)])
    assert leaks
    assert "secret 1 (env DEEPSEEK_API_KEY), its last four characters" in leaks[0]


@pytest.mark.parametrize(
    "prefix_and_length", [("sk-", 32), ("ghp_", 36), ("AIza", 35), ("gsk_", 48), ("xai-", 40)]
)
def test_a_provider_key_that_nobody_told_of_is_found(prefix_and_length: tuple[str, int]) -> None:
    prefix, length = prefix_and_length
    assert find_leaks(f"x {made_up(3, length, BASE62, prefix)} y".encode(), [])


def test_tokens_and_private_keys_are_found() -> None:
    part = made_up(3, 30, BASE62, "")
    assert find_leaks(f"eyJ{part}.eyJ{part}.{part}".encode(), []) == (
        "line 1: a JSON Web Token, raw",
    )
    assert find_leaks(b"-----BEGIN RSA PRIVATE KEY-----", [])


def test_a_key_with_edges_is_found_without_them() -> None:
    assert find_leaks(KEY.encode(), [secret(f'"{KEY}"\n')])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "RDX~s1.sk.L35.Chex~ ****RDX~s1.t4~",
        "Authentication Fails (auth header format should be Bearer sk-...)",
        '{"x-ds-trace-id": ["0123456789abcdef0123456789abcdef"]}',
    ],
)
def test_clean_text_passes(text: str) -> None:
    assert find_leaks(text.encode(), [secret(KEY)]) == ()


PUBLIC = [
    "",
    "test",
    "null",
    "undefined",
    "YOUR_API_KEY",
    "your-api-key-here",
    "YourApiKeyHere",
    "${DEEPSEEK_API_KEY}",
    "{{ deepseek }}",
    "$DEEPSEEK_API_KEY",
    "%DEEPSEEK_API_KEY%",
    "<your key>",
    "DEEPSEEK_API_KEY",
    "sk-xxxxxxxxxxxxxxxx",
    "sk-test-key",
    "deepseek-chat",
    "gpt-4o-mini",
    "https://api.deepseek.com/v1",
    "authorization",
    "application/json",
    "response",
    "test-token",
    "TC3-HMAC-SHA256",
]


@pytest.mark.parametrize("value", PUBLIC)
def test_what_the_redactor_leaves_in_texts_the_gate_lets_pass(value: str) -> None:
    assert is_common(value)
    assert find_leaks(f"a {value} b ****{value[-4:]}".encode(), [secret(value)]) == ()


@pytest.mark.parametrize(
    "value", ["correct-horse-battery", "hunter2hunter2", "my-deepseek-key-x9", "$ecretPassw0rd"]
)
def test_a_password_of_words_is_no_public_word(value: str) -> None:
    assert not is_common(value)
    assert find_leaks(f"a {value} b".encode(), [secret(value)])


def test_a_leak_never_shows_the_value() -> None:
    leaks = find_leaks(KEY.encode(), [secret(KEY)])
    assert not [leak for leak in leaks if KEY[3:9] in leak or KEY[-4:] in leak]
