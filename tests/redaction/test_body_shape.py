from __future__ import annotations

import json

import pytest

from harness.redaction.body_shape import BodyShaper, Kept, is_count, is_enumeration, strings_in
from harness.redaction.private_names import PrivateNames
from harness.redaction.registry import SecretRegistry
from harness.redaction.scrub import Scrubber

NOTHING = Kept()
LONG = "a sentence of some length"


@pytest.fixture
def shaper() -> BodyShaper:
    registry = SecretRegistry()
    return BodyShaper(PrivateNames(Scrubber(registry)), registry)


def test_json_keeps_its_structure_names_words_and_counts(shaper: BodyShaper):
    body = json.dumps(
        {
            "model": "deepseek-chat",
            "messages": [{"role": "user", "content": LONG}, {"role": "user", "content": "hi"}],
            "max_tokens": 5,
            "stream": False,
            "stop": None,
            "age": 37,
        },
        indent=1,
    )
    shown = shaper.shaped(body, NOTHING)
    assert json.loads(shown) == {
        "model": "deepseek-chat",
        "messages": [
            {"role": "user", "content": "RDX~s1.L25.mtext~"},
            {"role": "user", "content": "RDX~none.L1-3.mtext~"},
        ],
        "max_tokens": 5,
        "stream": False,
        "stop": None,
        "age": 1,
    }
    assert shown.startswith('{\n "model": ')


def test_equal_texts_and_numbers_stay_equal_and_short_texts_have_no_id(shaper: BodyShaper):
    shown = json.loads(shaper.shaped(json.dumps([LONG, LONG, "the", "the", 12, 3.5, 12]), NOTHING))
    assert shown == [
        *("RDX~s1.L25.mtext~", "RDX~s1.L25.mtext~"),
        *("RDX~none.L1-3.mtext~", "RDX~none.L1-3.mtext~"),
        *(1, 2.0, 1),
    ]


def test_names_that_look_like_data_are_shaped_too(shaper: BodyShaper):
    shown = json.loads(
        shaper.shaped('{"bob@acme.com": 1, "order 4711": 2, "x-ok.name": true}', NOTHING)
    )
    assert "x-ok.name" in shown
    assert all(name.startswith("RDX~") or name == "x-ok.name" for name in shown)


def test_placeholders_stay_where_they_are(shaper: BodyShaper):
    text = f"{LONG} RDX~s9.sk.L35.Chex~ {LONG}"
    shown = shaper.shaped(json.dumps({"note": text, "key": "RDX~s9.sk.L35.Chex~"}), NOTHING)
    assert json.loads(shown) == {
        "note": "RDX~s1.L26.mtext~RDX~s9.sk.L35.Chex~RDX~s2.L26.mtext~",
        "key": "RDX~s9.sk.L35.Chex~",
    }
    assert (
        shaper.shaped("RDX~none.blob.L9.Cbytes.mpng~", NOTHING) == "RDX~none.blob.L9.Cbytes.mpng~"
    )
    assert shaper.shaped("", NOTHING) == ""


def test_an_error_object_in_a_good_answer_keeps_its_words(shaper: BodyShaper):
    body = {"Response": {"Error": {"Code": "AuthFailure", "Message": "The SecretId is gone"}}}
    assert json.loads(shaper.shaped(json.dumps(body), NOTHING)) == body


def test_an_error_keeps_code_type_and_message(shaper: BodyShaper):
    body = {"error": {"message": "no such user", "type": "auth", "code": 1004}, "detail": "why so"}
    assert json.loads(shaper.error(json.dumps(body), NOTHING)) == body
    assert shaper.error("<h1>401 Unauthorized</h1>", NOTHING) == "<h1>401 Unauthorized</h1>"


def test_an_error_does_not_repeat_what_was_sent(shaper: BodyShaper):
    quoted = f'bad input "{LONG} and so on'
    body = json.dumps({"error": {"message": quoted}, "detail": [{"msg": "no", "input": "Bob"}]})
    shown = json.loads(shaper.error(body, NOTHING, [f"{LONG} and so on for long"]))
    assert shown["error"]["message"] == 'bad input "RDX~s1.L35.mtext~'
    assert shown["detail"] == [{"msg": "no", "input": "RDX~none.L1-3.mtext~"}]


def test_an_echo_in_escapes_is_found(shaper: BodyShaper):
    told = "Gr\u00fc\u00dfe an\nalle im Haus"
    for body in (json.dumps({"error": told}), json.dumps({"error": told}, ensure_ascii=False)):
        assert "alle" not in shaper.error(body, NOTHING, [told])


def test_an_error_names_no_private_place(shaper: BodyShaper):
    shown = shaper.error('{"message": "10.0.0.5 refused /home/bob/x.py"}', NOTHING)
    assert shown == '{"message": "RDX~s1.ip~ refused RDX~s2.dir~/x.py"}'


def test_a_text_is_one_placeholder(shaper: BodyShaper):
    assert shaper.shaped(f"{LONG}\nand more\n", NOTHING) == "RDX~s1.L35.mtext~"


def test_lines_that_are_shown_elsewhere_stay(shaper: BodyShaper):
    line, value = "Authorization: Bearer RDX~s1.sk.L35~", "Bearer RDX~s1.sk.L35~"
    kept = Kept(texts={line: line, value: value, "gw": "RDX~s7.host~"})
    body = "GET / HTTP/1.1\r\nAuthorization: Bearer RDX~s1.sk.L35~\r\nX: y\r\n"
    shown = shaper.shaped(body, kept)
    assert "Authorization: Bearer RDX~s1.sk.L35~\r\n" in shown
    assert "X: y" not in shown
    sent = {"Authorization": "Bearer RDX~s1.sk.L35~", "Host": "gw", "X": "private"}
    echo = json.dumps({"headers": sent})
    assert json.loads(shaper.shaped(echo, kept))["headers"] == {
        "Authorization": "Bearer RDX~s1.sk.L35~",
        "Host": "RDX~s7.host~",
        "X": "RDX~none.L4-7.mtext~",
    }


def test_events_are_shaped_one_by_one(shaper: BodyShaper):
    stream = (
        'event: delta\ndata: {"choices":[{"delta":{"content":"Hello"}}]}\n\n'
        "data: [DONE]\n\nA comment of theirs\n"
    )
    assert shaper.shaped(stream, NOTHING) == (
        'event: delta\ndata: {"choices":[{"delta":{"content":"RDX~none.L4-7.mtext~"}}]}\n\n'
        "data: [DONE]\n\nRDX~s1.L20.mtext~"
    )


def test_what_a_rule_points_at_stays(shaper: BodyShaper):
    kept = Kept(pointers=frozenset({"/data/0/state", "/n", "/a~1b", "/of 2026/x"}))
    body = (
        '{"data": [{"state": "ok now", "who": "Bob"}], "n": 5, "a/b": "x y", '
        '"of 2026": {"x": "z z"}}'
    )
    assert json.loads(shaper.shaped(body, kept)) == {
        "data": [{"state": "ok now", "who": "RDX~none.L1-3.mtext~"}],
        "n": 5,
        "a/b": "x y",
        "of 2026": {"x": "z z"},
    }


def test_a_literal_of_a_rule_stays_in_json_and_in_text(shaper: BodyShaper):
    kept = Kept(literals=("is fine", "ab"))
    body = json.dumps({"note": "All here is fine today, Bob"})
    assert json.loads(shaper.shaped(body, kept)) == {
        "note": "RDX~none.L8-11.mtext~is fineRDX~none.L8-11.mtext~"
    }
    text = shaper.shaped("All here is fine today, Bob", kept)
    assert text == "RDX~none.L8-11.mtext~is fineRDX~none.L8-11.mtext~"


def test_a_literal_that_ends_inside_an_escape_takes_the_whole_body_down(shaper: BodyShaper):
    shown = shaper.shaped('{"note": "one\\u00e9two"}', Kept(literals=("e\\u0",)))
    assert "two" not in shown
    assert shown.startswith("RDX~")


def test_a_fine_tuned_models_name_is_no_word(shaper: BodyShaper):
    shown = shaper.shaped('{"model": "ft:gpt-4o:acme::x1", "type": "two words"}', NOTHING)
    assert json.loads(shown) == {
        "model": "RDX~s1.L18.mtext~",
        "type": "RDX~none.L8-11.mtext~",
    }


def test_what_a_request_says_is_gathered():
    body = json.dumps({"model": "m1", "messages": [{"content": LONG}], "n": [1, "a b"]})
    assert set(strings_in(body)) == {LONG, "a b"}
    assert strings_in("a text") == ("a text",)


def test_words_and_counts_go_by_name():
    assert is_enumeration("Role", "user")
    assert not is_enumeration("content", "user")
    assert is_count("prompt_tokens")
    assert not is_count("age")


@pytest.mark.parametrize(
    "body",
    [
        "a" * 1_000_000,
        "http" * 250_000,
        "a." * 500_000,
        "://" * 300_000,
        "/home" + "/a" * 500_000 + "/",
        "C:" + "\\x" * 300_000,
        "1.2.3." * 150_000,
        ":a" * 400_000,
        "me@" * 300_000,
        json.dumps(["abc"] * 30_000),
        json.dumps({str(n): "abc" for n in range(20_000)}),
        "[" * 900 + ",".join(["1"] * 100_000) + "]" * 900,
        'data: {"a": "b"}\n' * 30_000,
    ],
    ids=lambda body: body[:6],
)
def test_a_hostile_body_takes_little_time(shaper: BodyShaper, body: str):
    """The limit is that of the whole suite, which quadratic work at this size would pass by far."""
    kept = Kept(literals=("abc", "bca"))
    assert shaper.shaped(body, kept)
    assert shaper.error(body, kept, ["a" * 20, "abcabcabcabc"])
