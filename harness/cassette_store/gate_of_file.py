"""The gate for a whole file: read what was written, block by block, and look for secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from harness.leak_scan.blocks import find_in_stream
from harness.leak_scan.gate import hit_words
from harness.leak_scan.known_secrets import KnownSecrets
from harness.leak_scan.searcher import Searcher
from harness.model.secret import Secret


def leaks_in_file(file: BinaryIO, secrets: Iterable[Secret]) -> Iterator[tuple[int, str]]:
    """Yield the line, and the place in words, of every secret in the file; never a value.

    What could not be looked into counts as well, at line 0: nobody knows that it is clean.
    """
    found = find_in_stream(file, Searcher(KnownSecrets.of(secrets)))
    for place, hit in found.hits:
        yield place.first, f"{place}: {hit_words(hit)}"
    for reason in found.not_scanned:
        yield 0, f"not looked into: {reason}"
