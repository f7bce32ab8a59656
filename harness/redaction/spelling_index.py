"""Find any of thousands of spellings in one pass over a text.

Every spelling has at least 8 characters, so whatever the place at which it starts, it holds 4
characters that stand at a multiple of 4. Only those are looked up, however many spellings there
are; in a text of ASCII as numbers of 4 bytes, which is several times faster.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

SHORTEST = 8
"""Characters of the shortest text that can be found."""

_GRAM = 4
_STRIDE = 4
"""Places looked up are so far apart: no more than `SHORTEST - _GRAM + 1`."""


class SpellingIndex:
    """Lower-case spellings, and pieces of 8 characters with the id of whose they are."""

    def __init__(self) -> None:
        """Start empty."""
        self._grams: set[str] = set()
        self._numbers: set[int] = set()
        self._spellings: dict[str, list[tuple[str, int]]] = {}
        self._pieces: dict[str, str] = {}

    def add_spelling(self, text: str) -> None:
        """Look for `text` from now on; it has at least `SHORTEST` characters."""
        for offset in reversed(range(_STRIDE)):  # what begins first is found first
            gram = text[offset : offset + _GRAM]
            places = self._spellings.setdefault(gram, [])
            if (text, offset) not in places:
                places.append((text, offset))
            self._add_gram(gram)

    def add_piece(self, text: str, owner: str) -> None:
        """Look for `text` of `SHORTEST` characters; the first owner keeps it."""
        self._pieces.setdefault(text, owner)
        for offset in range(_STRIDE):
            self._add_gram(text[offset : offset + _GRAM])

    def hits(self, lower: str) -> Sequence[int]:
        """Return where in a lower-case text something may stand: what the searches start from."""
        if not self._grams:
            return ()
        if lower.isascii():
            return self._hits_by_number(lower)
        last = len(lower) - _GRAM + 1
        return [at for at in range(0, last, _STRIDE) if lower[at : at + _GRAM] in self._grams]

    def _hits_by_number(self, lower: str) -> Sequence[int]:
        whole = len(lower) // _GRAM * _GRAM
        found = memoryview(lower.encode("ascii")[:whole]).cast("I").tolist()
        numbers = self._numbers
        if numbers.isdisjoint(found):
            return ()
        return [at * _GRAM for at, number in enumerate(found) if number in numbers]

    def _add_gram(self, gram: str) -> None:
        self._grams.add(gram)
        if gram.isascii():
            self._numbers.add(int.from_bytes(gram.encode("ascii"), sys.byteorder))

    def spellings_in(self, lower: str, hits: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Yield (start, spelling) of every spelling; of one and the same none that overlap."""
        ends: dict[str, int] = {}
        for hit in hits:
            for text, offset in self._spellings.get(lower[hit : hit + _GRAM], ()):
                start = hit - offset
                if start >= ends.get(text, 0) and lower.startswith(text, start):
                    ends[text] = start + len(text)
                    yield start, text

    def pieces_in(self, lower: str, hits: Sequence[int]) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, owner) of each longest stretch made of pieces of one owner."""
        pieces = self._pieces
        done = 0
        for hit in hits:
            start = max(done, hit - SHORTEST + _GRAM)
            while start <= hit:
                owner = pieces.get(lower[start : start + SHORTEST])
                if owner is None:
                    start += 1
                    continue
                end = start + SHORTEST
                while pieces.get(lower[end - SHORTEST + 1 : end + 1]) == owner and end < len(lower):
                    end += 1
                yield start, end, owner
                done = start = end
