"""The judge sees what is there: planted in every form, in every file."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import tarfile
import zipfile

import pytest
from corpus.encodings import LOSSY, REVERSIBLE, SPLIT
from corpus.judge import Judge, Planted
from corpus.kinds import ANY, made

KEY = made("sk", "judge")
FORMS = {"raw": lambda text: text, **REVERSIBLE, **LOSSY, **SPLIT}


def _how(data: bytes, secret: str = KEY, file: str = "file") -> list[str]:
    return [leak.how for leak in Judge([Planted("key", secret)]).leaks(file, data)]


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_seen_in_every_form(form: str) -> None:
    assert _how(f"before {FORMS[form](KEY)} behind".encode())


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_seen_inside_a_text_of_json(form: str) -> None:
    assert _how(json.dumps({"a": json.dumps({"b": FORMS[form](KEY)})}).encode())


@pytest.mark.parametrize("first", ["percent all", "base64", "base64 of gzip", "HTML hex", "hex"])
@pytest.mark.parametrize("second", ["percent all", "base64", "JSON units", "hex colons"])
def test_a_form_of_a_form_is_seen(first: str, second: str) -> None:
    assert _how(REVERSIBLE[second](REVERSIBLE[first](KEY)).encode())


@pytest.mark.parametrize("kind", ANY)
def test_every_kind_is_seen_raw_and_in_base64(kind: str) -> None:
    secret = made(kind, "judge")
    octets = secret.encode()
    assert _how(b"x" + octets + b"y", secret)
    for before in range(3):
        assert _how(base64.b64encode(b"u" * before + octets + b"v"), secret)


def test_eight_characters_of_a_secret_are_seen_and_seven_are_not() -> None:
    assert _how(f"key {KEY[9:17]}!".encode())
    assert not _how(f"key {KEY[9:16]}!".encode())


@pytest.mark.parametrize("mask", ["****", "\u2022\u2022\u2022", "\u2026", "..."])
def test_the_last_four_beside_a_mask_are_seen(mask: str) -> None:
    assert _how(f"your key {mask}{KEY[-4:]} is bad".encode())[0] == "last 4 beside a mask, raw"


def test_a_secret_is_seen_over_lines_and_events() -> None:
    pieces = [KEY[at : at + 5] for at in range(0, len(KEY), 5)]
    assert _how("\n".join(pieces).encode())
    assert _how("\n".join(f'data: {{"content": "{piece}"}}' for piece in pieces).encode())


def test_a_secret_is_seen_in_archives_and_names() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.txt", KEY)
    taped = io.BytesIO()
    with tarfile.open(fileobj=taped, mode="w:gz") as tape:
        member = tarfile.TarInfo("c.zip")
        member.size = len(packed.getvalue())
        tape.addfile(member, io.BytesIO(packed.getvalue()))
    named = io.BytesIO()
    with zipfile.ZipFile(named, "w") as archive:
        archive.writestr(f"{KEY}.txt", "nothing")
    for data in (packed, taped, named):
        assert _how(data.getvalue())
    assert _how(gzip.compress(KEY.encode()))
    assert _how(bz2.compress(KEY.encode()))
    assert _how(b"nothing", file=f"{KEY}.log")


def test_a_leak_names_its_place_and_not_the_secret() -> None:
    leak, *_ = Judge([Planted("the key", KEY)]).leaks("a.txt", b"one\ntwo " + KEY.encode())
    assert str(leak).startswith("the key: 8 characters, raw in a.txt, line 2")
    assert KEY not in str(leak)


def test_what_holds_no_secret_has_no_leak() -> None:
    other = made("sk", "another")
    text = f"key {other} and ****{other[-4:]}, RDX~s1.sk.L35.Chex~, sk-or-v1, {'a' * 40}"
    assert not _how(text.encode())
    assert not _how(base64.b64encode(text.encode()))
