"""Decode what stands in runs of base64, hex and numbers, all runs of a text at once."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence

BASE64 = "base64"
HEX = "hex"
NUMBERS = "numbers"

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{11,}")
_HEX = re.compile(rb"[0-9A-Fa-f]{16,}")
_SPACED_HEX = re.compile(
    rb"(?:[0-9A-Fa-f]{2}){1,2}(?:[ :,-](?:[0-9A-Fa-f]{2}){1,2}){3,}"
    rb"|(?:0[xX][0-9A-Fa-f]{2}[,;]?\s{0,40}){8,}"
)
_NUMBERS = re.compile(
    rb"(?<![0-9])[0-9]{1,3}(?:\s{0,4},\s{0,40}[0-9]{1,3}){7,}(?![0-9])"
    rb"|(?:-\s{1,4}[0-9]{1,3}\s{1,40}){7,}-\s{1,4}[0-9]{1,3}(?![0-9])"
)
_NOT_HEX = re.compile(rb"0[xX]|[^0-9A-Fa-f]")
_NUMBER = re.compile(rb"[0-9]+")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_BETWEEN = b"////"
"""Between two runs of base64: three bytes 0xFF, which no text holds."""
_SHORTEST = {BASE64: 11, HEX: 16}
"""Characters in which eight bytes can be written."""


def base64_runs(octets: bytes, seen: set[bytes]) -> list[bytes]:
    """Return the runs that are not in `seen`, and put them there."""
    return _fresh(_BASE64.findall(octets), seen)


def decoded_base64(runs: Sequence[bytes]) -> Iterator[bytes]:
    """Yield what the runs hold at each alignment; both alphabets, with and without padding."""
    for skip in range(4):
        cut = [run[skip:] for run in runs if len(run) - skip >= _SHORTEST[BASE64]]
        if cut:
            text = b"".join([run + b"/" * (-len(run) % 4) + _BETWEEN for run in cut])
            yield binascii.a2b_base64(text.translate(_URL_SAFE))


def decoded_run(run: bytes) -> bytes:
    """Return what one run of base64 holds when it begins where the run begins."""
    whole = run[: len(run) - (len(run) % 4 == 1)]
    return binascii.a2b_base64(whole.translate(_URL_SAFE) + b"=" * (-len(whole) % 4))


def decoded_hex(octets: bytes, seen: set[bytes]) -> Iterator[bytes]:
    """Yield what new runs of hex hold at each alignment, and hex in pairs or with `0x`."""
    runs = _fresh(_HEX.findall(octets), seen)
    for skip in range(2):
        cut = [run[skip:] for run in runs if len(run) - skip >= _SHORTEST[HEX]]
        if cut:
            yield bytes.fromhex(b"ffff".join([run[: len(run) // 2 * 2] for run in cut]).decode())
    spaced = _fresh((match[0] for match in _SPACED_HEX.finditer(octets)), seen)
    if spaced:
        pairs = [_NOT_HEX.sub(b"", run) for run in spaced]
        yield bytes.fromhex(b"ffff".join([run[: len(run) // 2 * 2] for run in pairs]).decode())


def decoded_numbers(octets: bytes, seen: set[bytes]) -> Iterator[bytes]:
    """Yield what new lists of numbers below 256 spell, such as `[115, 107, 45]`."""
    lists = _fresh((match[0] for match in _NUMBERS.finditer(octets)), seen)
    if lists:
        yield b"\xff".join(
            bytes(min(int(number), 255) for number in _NUMBER.findall(one)) for one in lists
        )


def _fresh(runs: Sequence[bytes] | Iterator[bytes], seen: set[bytes]) -> list[bytes]:
    fresh = [run for run in dict.fromkeys(runs) if run not in seen]
    seen.update(fresh)
    return fresh
