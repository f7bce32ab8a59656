from __future__ import annotations

import base64

import pytest

from harness.redaction.encoded_runs import decoded_runs

TEXT = b"a secret of some words"


def _found(text: str, wanted: bytes = TEXT) -> list[str]:
    """Return the stretches of `text` that hold `wanted` when they are decoded."""
    return [
        text[slice(*span)]
        for decoded in decoded_runs(text)
        for piece, span in decoded.pieces()
        if wanted in piece
    ]


@pytest.mark.parametrize(
    "written",
    [
        base64.b64encode(TEXT).decode().rstrip("="),
        base64.urlsafe_b64encode(TEXT).decode().rstrip("="),
        base64.b32encode(TEXT).decode().rstrip("="),
        TEXT.hex(),
        TEXT.hex().upper(),
        TEXT.hex(" "),
        TEXT.hex(":"),
        TEXT.hex("-"),
        TEXT.hex("+"),
        ", ".join(f"0x{octet:02x}" for octet in TEXT),
        ",".join(map(str, TEXT)),
        ", ".join(map(str, TEXT)),
    ],
)
def test_a_stretch_is_found_and_read(written: str) -> None:
    assert written in _found(f"before ({written}) behind")


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "abcd"])
def test_base64_is_read_at_every_alignment(before: str) -> None:
    assert _found(before + base64.b64encode(TEXT).decode())


def test_base64_over_lines_is_one_stretch() -> None:
    text = base64.b64encode(TEXT).decode()
    assert _found("\n".join((text[:12], text[12:24], text[24:])))


def test_what_stands_behind_a_slash_is_read_by_itself() -> None:
    assert _found("/a/bc/" + base64.b64encode(TEXT).decode())


def test_a_dump_is_read_over_its_lines() -> None:
    data = TEXT * 3
    dump = "".join(
        f"{at:08x}  {data[at : at + 16].hex(' ')}  |.|\n" for at in range(0, len(data), 16)
    )
    assert dump in _found(f"dump:\n{dump}", data)


def test_codes_above_a_byte_are_characters() -> None:
    written = ",".join(str(ord(char)) for char in "schlüssel→auf")
    assert _found(written, "schlüssel→auf".encode())


def test_numbers_that_are_no_characters_end() -> None:
    assert _found("9999999," * 9, b"\xf4\x8f\xbf\xbf")


def test_plain_words_decode_to_nothing() -> None:
    assert list(decoded_runs("a key is bad, so is that")) == []
