"""The gate for a whole file: read what was written, piece by piece, and look for secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from harness.model.secret import Secret
from harness.redaction.gate import find_leaks

_PIECE = 256 * 1024
_LINE = re.compile(r"line ([0-9]+)")


def leaks_in_file(file: BinaryIO, secrets: Iterable[Secret]) -> Iterator[tuple[int, str]]:
    """Yield the line, and the place in words, of every secret in the file; never a value.

    A piece of at least one line is in memory at a time.
    """
    known = tuple(secrets)
    before = 0
    for piece in _pieces(file):
        for leak in find_leaks(piece, known):
            match = _LINE.match(leak)
            number = before + (int(match[1]) if match else 1)
            yield number, f"line {number}{leak[match.end() :] if match else f': {leak}'}"
        before += piece.count(b"\n")


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield pieces that end where a line does."""
    while lines := file.readlines(_PIECE):
        yield b"".join(lines)
