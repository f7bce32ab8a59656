from __future__ import annotations

import hashlib
import json

import pytest
from redaction.samples import made_up

from harness.leak_scan.spellings import head_of, spellings_of, tail_of, windows_of

KEY = made_up(1)


def forms(value: str) -> dict[bytes, str]:
    return {one.octets: one.form for one in spellings_of(value)}


def test_a_key_is_written_raw_reversed_and_as_digests() -> None:
    found = forms(KEY)
    assert found[KEY.encode()] == "raw"
    assert found[KEY[::-1].encode()] == "reversed"
    assert found[hashlib.sha256(KEY.encode()).digest().lower()] == "its sha256 digest"
    assert len(found) == 6


@pytest.mark.parametrize(
    ("value", "written", "form"),
    [
        ("two words 12", b"two+words+12", "with plus for space"),
        ("two words 12", b"twowords12", "without its spaces"),
        ("it's-a-key-12", b"it''s-a-key-12", "with doubled quotes"),
        ("it's-a-key-12", b"it'\\''s-a-key-12", "quoted for a shell"),
        ("a%41-password-1", b"aa-password-1", "unescaped"),
        ("pässword-12", "PÄSSWORD-12".encode().lower(), "in other case"),
        ("pässword-12", b"p\xe4ssword-12", "in Latin-1"),
        ("pässword-12", "pässword-12".encode("utf-16-le"), "in UTF-16"),
        ("pässword-12", "pÃ¤ssword-12".encode().lower(), "UTF-8 read as Latin-1"),
        ("pä€ssword-12", b"p\xe4\xe2\x82\xacssword-12", "in Latin-1"),
        ("Bearer " + KEY, KEY.encode(), "a part of it"),
        (f"Authorization: token {KEY}", KEY.encode(), "a part of it"),
        (f"MY_KEY={KEY}", KEY.encode(), "a part of it"),
        ("postgres://me:pass-word-77@db/x", b"pass-word-77", "a part of it"),
        (f'"{KEY}"\n', KEY.encode(), "raw"),
        ("eyJhbGciOiJI.eyJzdWIi.c2lnbmF0dXJl", b"c2lnbmf0dxjl", "a part of it"),
    ],
)
def test_other_ways_to_write_a_secret(value: str, written: bytes, form: str) -> None:
    assert forms(value)[written] == form


def test_lines_of_a_key_file_are_parts_and_its_armour_is_none() -> None:
    body = made_up(3, 64, prefix="")
    found = forms(f"-----BEGIN PRIVATE KEY-----\n{body}\nMIIE\n-----END PRIVATE KEY-----\n")
    assert found[body.encode()] == "a part of it"
    assert b"-----begin private key-----" not in found
    assert b"miie" not in found


def test_members_of_a_json_document_are_parts_when_they_look_random() -> None:
    document = {"type": "service_account", "keys": [KEY, 7], "text": "words and more words"}
    found = forms(json.dumps(document))
    assert found[KEY.encode()] == "a part of it"
    assert b"service_account" not in found
    assert forms("{broken" + KEY)[("{broken" + KEY).encode()] == "raw"


@pytest.mark.parametrize("value", ["short", "undefined", "https://api.example.com/v1"])
def test_what_is_public_has_no_form(value: str) -> None:
    assert spellings_of(value) == ()
    assert windows_of(value) == frozenset()
    assert (tail_of(value), head_of(value)) == (b"", b"")


def test_surrogates_of_a_loader_are_the_bytes_that_it_read() -> None:
    assert b"pass\xe9word-1" in forms("pass\udce9word-1")
    assert forms("pass\ud800word-1")


def test_pieces_leave_the_public_prefix_out() -> None:
    pieces = windows_of("sk-proj-a1b2c3d4e5")
    assert pieces == {b"a1b2c3d4", b"1b2c3d4e", b"b2c3d4e5"}


def test_pieces_have_a_letter_and_a_digit() -> None:
    assert windows_of("correct-horse-battery") == frozenset()
    assert windows_of("20251122123456") == frozenset()


@pytest.mark.parametrize(
    "value",
    ["https://h1.example.com/a1b2c3d4?x=1", '{"a1b2c3d4e5": "a1b2c3d4e5"}', "a1b2c3d4e5\nf6a7b8c9"],
)
def test_what_is_mostly_public_has_no_pieces(value: str) -> None:
    assert windows_of(value) == frozenset()


def test_of_a_url_the_password_and_of_a_token_the_signature_have_pieces() -> None:
    assert windows_of("postgres://u1u2u3u4u5:pa55word9@h") == {b"pa55word", b"a55word9"}
    assert windows_of("eyJhbGci0i1I.eyJzdWIi.c2lnbmF0ZQ") == windows_of("c2lnbmF0ZQ")


def test_the_ends() -> None:
    assert tail_of(KEY + '"\n') == KEY[-4:].encode()
    assert head_of("sk-proj-A1b2c3d4e5") == b"a1b2"
    assert head_of("correct-horse-battery") == b""


def test_a_form_shows_nothing_of_the_secret() -> None:
    assert repr(spellings_of(KEY)[0]) == "<Spelling raw>"
