"""How many bits a reader of a cassette must guess to have a secret, by what its placeholders say.

A placeholder names a class, a length, an alphabet and what clings to the value; a relation names
one of few. No character behind the public prefix is ever shown, so what is left is the alphabet to
the power of the length, less what a table of relations tells. Nothing can be said of a value that
people chose, such as a password: only the range of its length is told, and no bound is claimed.
"""

from __future__ import annotations

import math

from harness.redaction.key_class import prefix_of_kind
from harness.redaction.placeholder import Placeholder

ENOUGH_BITS = 80.0
"""What must be left of a key. An echoed tail is a match or none in any case: of four characters of
a key of 32 hexadecimal digits that costs nothing, to show them would cost 16 bits."""

RELATION_BITS = 6.0
"""The most that a word such as `s2 = upper(s1)` tells of a pair."""

_TAIL_CHARACTERS = 4
_SIZES = {"dec": 10, "hex": 16, "HEX": 16, "b62": 62, "b64u": 64, "b64": 64}


def bits_left(placeholder: Placeholder, *, relations: int = 0, tail_shown: bool = False) -> float:
    """Return the bits that are left of a secret drawn at random.

    `relations` counts the pairs that name it. `tail_shown` computes what would be left if its last
    four characters stayed. 0.0 where the placeholder tells no length or no alphabet to draw from.
    """
    size = _SIZES.get(placeholder.charset, 0)
    if not size or not placeholder.length.isdigit() or placeholder.encoding or placeholder.part:
        return 0.0
    clinging = sum(map(_characters_of, placeholder.edges))
    drawn = int(placeholder.length) - len(prefix_of_kind(placeholder.kind)) - clinging
    drawn -= _TAIL_CHARACTERS if tail_shown else 0
    return max(0.0, drawn * math.log2(size) - relations * RELATION_BITS)


def _characters_of(edge: str) -> int:
    """Count what clings: `tcrlf2` is four characters."""
    word = edge.rstrip("0123456789")
    return int(edge[len(word) :] or 1) * (2 if word.endswith("crlf") else 1)
