"""The characters of a key that servers echo beside a mask: `****9b86`, `sk-a1b2...wxyz`."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

from harness.leak_scan.spellings import FIRST_PART, LAST_FOUR, head_in, head_of, tail_of

_MASK = re.compile(rb"\*{2,}|(?:\xe2\x80\xa2|\xe2\x97\x8f){2,}|\xe2\x80\xa6|\.{3}")
_SIGNS = (b"**", b"...", b"\xe2\x80", b"\xe2\x97\x8f")
_HEAD_REACH = 40
_HEAD = re.compile(rb"[a-z0-9_-]+\Z")

Ends = tuple[tuple[str, bytes], ...]
Known = TypeVar("Known", bound=Hashable)


def masks(octets: bytes) -> Iterator[re.Match[bytes]]:
    """Yield each run of stars, bullets or dots."""
    return _MASK.finditer(octets) if any(sign in octets for sign in _SIGNS) else iter(())


class EchoIndex(Generic[Known]):
    """Whose last and first characters are whose."""

    def __init__(self) -> None:
        """Know none."""
        self._ends: dict[str, dict[bytes, list[Known]]] = {LAST_FOUR: {}, FIRST_PART: {}}

    @staticmethod
    def ends_of(value: str) -> Ends:
        """Return what servers may echo of a value, each with its name."""
        ends = ((LAST_FOUR, tail_of(value)), (FIRST_PART, head_of(value)))
        return tuple((form, octets) for form, octets in ends if octets)

    def add(self, owner: Known, ends: Ends) -> None:
        """Take the ends of one secret."""
        for form, octets in ends:
            self._ends[form].setdefault(octets, []).append(owner)

    def beside(self, octets: bytes, mask: re.Match[bytes]) -> Iterator[tuple[Known, str]]:
        """Yield whose characters stand behind the mask, and whose before it."""
        tails, heads = self._ends[LAST_FOUR], self._ends[FIRST_PART]
        for length in {len(tail) for tail in tails}:
            behind = octets[mask.end() : mask.end() + length].lower()
            yield from ((owner, LAST_FOUR) for owner in tails.get(behind, ()))
        if not heads:
            return
        before = octets[max(0, mask.start() - _HEAD_REACH) : mask.start()].lower()
        token = _HEAD.search(before)
        if token:
            for owner in heads.get(head_in(token[0]), ()):
                yield owner, FIRST_PART
