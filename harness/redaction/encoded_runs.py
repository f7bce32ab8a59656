"""Find stretches that encode something else, and what they encode: base64, base32, hex, codes.

All stretches of one kind are decoded together: a text of a megabyte holds tens of thousands.
"""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,}(?:[ \t]*\r?\n[ \t]*[A-Za-z0-9+/_-]+)*={0,2}")
_URL_SAFE = str.maketrans("-_", "+/", " \t\r\n=")
_WORDS = re.compile(r"[a-z]{1,22}(?:[-_/][a-z]{1,22}){0,9}|[A-Z][a-z]{9,21}")
"""What base64 of a key is by chance once in a hundred million; most of a prose text is this."""

_ALIGNMENTS = 4
_SHORTEST_WORD = 16
_MOST_SLASHES = 4
_FAR = 64
_BASE32 = re.compile(r"[A-Z2-7]{16,}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){8,}")
_SPACED_HEX = re.compile(
    r"[0-9A-Fa-f]{2}(?:[ :,+-]{1,2}[0-9A-Fa-f]{2}){7,}"
    r"|0x[0-9A-Fa-f]{2}(?:[ ,+]{1,2}0x[0-9A-Fa-f]{2}){7,}"
)
_DUMP_START = r"[ \t]*[0-9A-Fa-f]{4,16}:?[ \t]{1,4}"
_DUMP_BYTES = r"(?:[0-9A-Fa-f]{2}){1,4}(?:[ ]{1,2}(?:[0-9A-Fa-f]{2}){1,4}){0,31}"
_DUMP = re.compile(rf"(?m)^(?:{_DUMP_START}{_DUMP_BYTES}[^\n]{{0,80}}(?:\n|\Z)){{2,}}")
_DUMP_LINE = re.compile(rf"(?m)^{_DUMP_START}({_DUMP_BYTES})")
_HEX_DIGITS = re.compile(r"0x|[^0-9A-Fa-f]")
_MAY_BE_SPACED = re.compile(r"[ :,+-](?:0x)?[0-9A-Fa-f]{2}[ :,+-]{1,2}(?:0x)?[0-9A-Fa-f]{2}[ :,+-]")
_CODES = re.compile(r"\d{1,7}(?:[,;\s+]{1,3}\d{1,7}){7,}")
_MAY_BE_CODES = re.compile(r"[,;\s+]\d{1,7}[,;\s+]{1,3}\d{1,7}[,;\s+]{1,3}\d{1,7}[,;\s+]{1,3}\d")
_NUMBER = re.compile(r"\d+")
_LAST_BYTE = 0xFF
_LAST_POINT = 0x10FFFF
_BETWEEN = b"\0\1"
"""Stands between the decoded stretches; part of no text."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What many stretches of a text encode, read in one way.

    `data` holds all of it; what stands from `starts[n]` on is that of `spans[n]` in the text.
    """

    coding: str
    data: bytes
    starts: Sequence[int]
    spans: Sequence[tuple[int, int]]

    def number_at(self, place: int) -> int:
        """Return which stretch gave `data[place]`."""
        return bisect_right(self.starts, place) - 1

    def span_at(self, place: int) -> tuple[int, int]:
        """Return the stretch of the text that gave `data[place]`."""
        return self.spans[self.number_at(place)]

    def piece(self, number: int, start: int) -> bytes:
        """Return what a stretch encodes, from `data[start]` on."""
        if number + 1 == len(self.starts):
            return self.data[start:]
        return self.data[start : self.starts[number + 1] - len(_BETWEEN)]

    def pieces(self) -> Iterator[tuple[bytes, tuple[int, int]]]:
        """Yield what each stretch encodes."""
        for number, (start, span) in enumerate(zip(self.starts, self.spans, strict=True)):
            yield self.piece(number, start), span


def decoded_runs(text: str) -> Iterator[Decoded]:
    """Yield what the stretches of `text` encode, in every way that they can be read."""
    runs = [run for run in _BASE64.finditer(text) if not _WORDS.fullmatch(run[0])]
    yield from _base64(runs)
    wide = [run for run in runs if run.end() - run.start() >= _SHORTEST_WORD]
    hexes = [
        *(word for run in wide for word in _HEX.finditer(text, *run.span())),
        *(_SPACED_HEX.finditer(text) if _MAY_BE_SPACED.search(text) else ()),
    ]
    if hexes:
        digits = [_HEX_DIGITS.sub("", run[0]) for run in hexes]
        spans = [run.span() for run in hexes]
        for skip in range(2):
            parts = [one[skip : skip + (len(one) - skip) // 2 * 2] for one in digits]
            yield _together("hex", map(bytes.fromhex, parts), spans)
    if dumps := list(_DUMP.finditer(text)):
        octets = [
            bytes.fromhex("".join(_DUMP_LINE.findall(dump[0])).replace(" ", "")) for dump in dumps
        ]
        yield _together("hex", octets, [dump.span() for dump in dumps])
    if words := [word for run in wide for word in _BASE32.finditer(text, *run.span())]:
        spans = [word.span() for word in words]
        for skip in range(8):
            yield _together("b64", [_from_base32(word[0][skip:]) for word in words], spans)
    if _MAY_BE_CODES.search(text) and (runs := list(_CODES.finditer(text))):
        texts = [_from_codes(run[0]) for run in runs]
        yield _together("esc", texts, [run.span() for run in runs])


def _base64(runs: Sequence[re.Match[str]]) -> Iterator[Decoded]:
    if not runs:
        return
    spans = [run.span() for run in runs]
    spans += [place for run in runs if "/" in run[0] for place in _behind_slashes(run)]
    text = runs[0].string
    plain = [text[start:end].translate(_URL_SAFE) for start, end in spans]
    for skip in range(_ALIGNMENTS):
        parts = (one[skip:] for one in plain)
        yield _together("b64", map(_from_base64, parts), spans)


def _behind_slashes(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield what stands behind the first slashes of a run: in a path they are no part of it."""
    start, end = run.span()
    last = min(end, start + _FAR)
    for _ in range(_MOST_SLASHES):
        start = run.string.find("/", start, last) + 1
        if not start:
            return
        yield start, end


def _from_base64(part: str) -> bytes:
    extra = len(part) % 4
    if extra == 1:
        part, extra = part[:-1], 0
    return binascii.a2b_base64(part + "=" * (4 - extra) if extra else part)


def _from_base32(run: str) -> bytes:
    bare = run.rstrip("=")
    for part in (bare, bare[: len(bare) // 8 * 8]):
        try:
            return base64.b32decode(part + "=" * (-len(part) % 8))
        except binascii.Error:
            continue
    return b""


def _from_codes(run: str) -> bytes:
    """Read numbers as bytes, or as characters where one is larger than a byte."""
    codes = [int(code) for code in _NUMBER.findall(run)]
    if max(codes) <= _LAST_BYTE:
        return bytes(codes)
    return "".join(map(chr, (min(code, _LAST_POINT) for code in codes))).encode(
        "utf-8", "surrogatepass"
    )


def _together(
    coding: str, pieces: Iterator[bytes] | Sequence[bytes], spans: Sequence[tuple[int, int]]
) -> Decoded:
    parts = list(pieces)
    starts = []
    place = 0
    for part in parts:
        starts.append(place)
        place += len(part) + len(_BETWEEN)
    return Decoded(coding, _BETWEEN.join(parts), starts, spans)
