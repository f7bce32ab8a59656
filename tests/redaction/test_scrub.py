from __future__ import annotations

import base64
import json

import jwt
import pytest
from redaction.samples import BASE62, made_up, secret

from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.redaction.scrub import Scrubber

KEY = made_up(1)
LABEL = "RDX~s1.sk.L35.Chex~"


def redactor(*values: str) -> Redactor:
    registry = SecretRegistry()
    for value in values:
        registry.add(secret(value))
    return Redactor(registry)


def pem(seed: int) -> str:
    lines = "\n".join(made_up(seed + one, 64, BASE62, "") for one in range(3))
    return f"-----BEGIN PRIVATE KEY-----\n{lines}\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("prefix", "length"),
    [
        ("sk-", 32),
        ("sk-ant-api03-", 80),
        ("sk-proj-", 100),
        ("gsk_", 48),
        ("ghp_", 36),
        ("github_pat_", 60),
        ("glpat-", 24),
        ("hf_", 34),
        ("xai-", 60),
        ("npm_", 36),
        ("AIza", 35),
        ("xoxb-", 40),
        ("sk_live_", 24),
    ],
)
def test_a_provider_key_that_nobody_told_of_goes(prefix: str, length: int) -> None:
    key = made_up(3, length, BASE62, prefix)
    shown = redactor().text(f"it was {key}, they say")
    assert shown.startswith("it was RDX~s1.")
    assert shown.endswith("~, they say")


def test_what_is_found_by_form_is_looked_for_everywhere_from_then_on() -> None:
    one = redactor()
    key = made_up(3, 40, BASE62)
    one.text(key)
    shown = one.text(base64.b64encode(f"x:{key}".encode()).decode())
    assert shown == "RDX~s1.L60.eb64~"


def test_a_jwt_goes_whole() -> None:
    token = jwt.encode({"iat": 1}, "k" * 32)
    assert redactor().text(f"<{token}>").startswith("<RDX~s1.jwt.L")
    assert redactor().text(f"<{token}>").endswith("~>")


def test_a_private_key_goes_whole_and_so_do_its_lines() -> None:
    one = redactor()
    block = pem(1)
    assert one.text(f"a\n{block}b").startswith("a\nRDX~s1.pem.L")
    line = block.splitlines()[2]
    assert line not in one.text(f"only {line}")
    assert redactor().text(block[:80]).startswith("RDX~s1.pem.")
    assert redactor().text(json.dumps(block)).count("RDX~") == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abc123def456ghi", "Authorization: Bearer RDX~s1.L12-15.Cb62~"),
        ("-H 'X-Api-Key: abc123def4'", "-H 'X-Api-Key: RDX~s1.L8-11.Chex~'"),
        ("GET /p?api_key=abc123def4&b=1", "GET /p?api_key=RDX~s1.L8-11.Chex~&b=1"),
        ("http://ann:pw-1@proxy:1", "http://RDX~s1.user.L1-3.Cb62~:RDX~s2.pw.L4-7.Cb64u~@proxy:1"),
        ("https://abc123def4@host/", "https://RDX~s1.pw.L8-11.Chex~@host/"),
        ("Basic YW5uOm9wZW4x", "Basic RDX~s1.basic.L12.Cb62.mb64~"),
    ],
)
def test_the_name_right_before_a_value_gives_it_away(text: str, shown: str) -> None:
    assert redactor().text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Bearer authentication is required",
        "Bearer YOUR_API_KEY",
        "Bearer ${key}",
        "Authorization: Bearer ${keys.gateway}",
        "https://h/?key=${key}",
        "http://${keys.user}:${keys.pw}@proxy:1",
        "api_key=YOUR_API_KEY",
        "Basic authentication",
        "mail ann@example.org about it",
        "sk-... and sk-your-key-here",
        "1.2.3 2026-11-22T10:00:00Z 9f2c3b7d-9a40-4f0c-8f0e-0b7a6c1d2e3f",
        "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "https://platform.openai.com/docs/guides/error-codes/api-errors-and-more",
        "aVeryLongCamelCaseIdentifierThatProgrammersLike",
        "/usr/local/lib/python3.11/site-packages/aiohttp/connector.py",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redactor().text(text) == text


@pytest.mark.parametrize(
    "name",
    [
        "access_token",
        "refreshToken",
        "client_secret",
        "password",
        "api-key",
        "X-Api-Key",
        "id_token",
    ],
)
def test_a_json_member_with_a_telling_name_goes(name: str) -> None:
    document = json.dumps({name: "pw#1", "token_type": "bearer", "expires_in": 3600})
    shown = json.loads(redactor().text(document))
    assert shown[name].startswith("RDX~s1.")
    assert (shown["token_type"], shown["expires_in"]) == ("bearer", 3600)


def test_a_json_member_in_a_string_of_json_goes() -> None:
    inner = json.dumps({"access_token": "a1-b2-c3-d4"})
    shown = json.loads(redactor().text(json.dumps({"body": inner})))
    assert json.loads(shown["body"])["access_token"].startswith("RDX~s1.")


@pytest.mark.parametrize(
    "member",
    [
        {"code": "invalid_request_error"},
        {"code": "ERR_AUTH_TOKEN_EXPIRED_401"},
        {"code": "AuthenticationError"},
        {"token": "Hello"},
        {"password": "is too short"},
        {"api_key": "YOUR_API_KEY"},
        {"key": "value"},
        {"secret": ""},
    ],
)
def test_a_member_in_words_stays(member: dict[str, str]) -> None:
    assert redactor().text(json.dumps(member)) == json.dumps(member)


def test_an_authorization_code_goes() -> None:
    code = made_up(4, 40, BASE62, "")
    assert code not in redactor().text(json.dumps({"code": code}))


def test_a_long_random_run_goes_and_an_id_of_a_provider_stays() -> None:
    run = made_up(4, 48, BASE62, "")
    assert redactor().text(f"a {run} b") == "a RDX~s1.L48.Cb62~ b"
    assert redactor().text(f"chatcmpl-{run}") == f"chatcmpl-{run}"
    assert redactor().text(f"https://h/hook/{run}") == "https://h/hook/RDX~s1.L48.Cb62~"


def test_a_piece_of_a_known_key_goes() -> None:
    assert redactor(KEY).text(f"begins with {KEY[:15]}!") == "begins with sk-RDX~s1.p12~!"
    assert redactor(KEY).text(f"ends with {KEY[-10:]}!") == "ends with RDX~s1.p10~!"


def test_a_wordy_key_does_not_hide_its_words() -> None:
    one = redactor("my-deepseek-key-x9")
    assert (
        one.text("use deepseek-chat at api.deepseek.com") == "use deepseek-chat at api.deepseek.com"
    )
    assert one.text("it is my-deepseek-key-x9").startswith("it is RDX~s1.")


@pytest.mark.parametrize(
    "value",
    [
        "null",
        "test",
        "undefined",
        "YOUR_API_KEY",
        "${DEEPSEEK_API_KEY}",
        "DEEPSEEK_API_KEY",
        "deepseek-chat",
        "https://api.deepseek.com",
        "authorization",
    ],
)
def test_a_public_word_sent_as_a_key_is_hidden_at_its_place_only(value: str) -> None:
    assert redactor(value).text(f"value {value} here") == f"value {value} here"


def test_the_longest_of_two_keys_wins() -> None:
    longer = KEY + "9z8y"
    shown = redactor(KEY, longer).text(f"{longer} {KEY}")
    assert shown == f"RDX~s2.sk.L39.Cb62~ {LABEL}"


def test_upper_and_lower_case_of_a_key_are_found() -> None:
    key = made_up(5, 30, BASE62)
    assert redactor(key).text(key.upper()) == "RDX~s1.sk.L33.Cb62.ecase~"
    assert redactor(key, key.upper()).text(key.upper()).startswith("RDX~s2.")


def test_parts_of_a_composite_secret_are_known() -> None:
    document = json.dumps({"type": "service_account", "keys": [1, {"private_key_id": KEY}]})
    shown = redactor(document).text(f"id {KEY}")
    assert KEY[3:] not in shown
    assert redactor(f"Bearer {KEY}").text(KEY) == LABEL
    assert redactor(f"DEEPSEEK_API_KEY={KEY}").text(KEY) == LABEL
    assert redactor(f"first line of 20 ch.\n{KEY}").text(KEY) == LABEL


def test_quotes_of_a_document_are_not_taken_for_quotes_of_the_key() -> None:
    document = json.dumps({"hint": KEY})
    assert json.loads(redactor(f'"{KEY}"').text(document)) == {"hint": "RDX~s1.sk.L35.Chex~"}


def test_a_document_keeps_its_structure() -> None:
    one = redactor(KEY, f'{{"a": "{KEY}"}}')
    document = {
        "a": KEY,
        "list": [KEY, 1, None, True, 2.5],
        f"k{KEY}": {"password": "x y", "pwd": "z1"},
    }
    shown = one.document(document)
    assert isinstance(shown, dict)
    assert shown["list"] == [LABEL, 1, None, True, 2.5]
    assert list(shown) == ["a", "list", f"k{LABEL}"]
    assert shown[f"k{LABEL}"] == {"password": "x y", "pwd": "RDX~s3.L1-3.Cb62~"}


def test_a_value_that_only_looks_like_a_json_document_is_a_secret_all_the_same() -> None:
    value = "{not json at all 1}"
    assert value not in redactor(value).text(f"a {value} b")


def test_a_secret_whose_bytes_are_no_text_is_found_in_every_reading() -> None:
    value = "k\ud83d-1234567-z9"
    assert "1234567" not in redactor(value).text(f"a {value} b")


def test_a_secret_that_looks_escaped_is_found_as_it_stands() -> None:
    shown = redactor("%41%42%43%44").text("a %41%42%43%44 b ABCD")
    assert shown == "a RDX~s1.L12-15.Cascii~ b ABCD"


def test_a_value_that_is_a_placeholder_already_stays() -> None:
    scrub = Scrubber(SecretRegistry())
    label = "RDX~s9.sk~"
    assert scrub.hidden(label, "here") == scrub.born(label, "here") == label
    assert scrub.hidden("", "here") == scrub.born("", "here") == ""
    assert scrub.member("password", label) == label


def test_a_secret_known_already_is_no_new_one() -> None:
    scrub = Scrubber(SecretRegistry())
    assert scrub.born(KEY, "here") == scrub.born(KEY, "there") == LABEL
    assert len(scrub.registry) == 1


def test_a_known_key_behind_a_name_stays_the_known_key() -> None:
    other = made_up(99)
    shown = redactor(KEY).text(f"Virtual Key expected. Received={KEY}, expected")
    assert shown == f"Virtual Key expected. Received={LABEL}, expected"
    assert other not in redactor(KEY).text(f"Virtual Key expected. Received={other}, expected")
    longer = redactor(KEY).text(f"Received={KEY}{other}, expected")
    assert KEY not in longer
    assert other not in longer
