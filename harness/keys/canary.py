"""A key that is made up: wrong everywhere, known to us to its last character."""

from __future__ import annotations

from collections.abc import Callable

from harness.model.key_source import CanarySource
from harness.model.secret import Provenance, Secret

RandomHex = Callable[[int], str]
"""Returns so many random bytes as twice as many hexadecimal digits."""

_TAIL = 4
"""Characters that providers echo; a tail of one kind of character could be a word or a year."""


def make_canary(source: CanarySource, random_hex: RandomHex) -> Secret:
    """Return a new key in the style asked for; its tail mixes letters and digits."""
    while True:
        body = random_hex((source.length + 1) // 2)[: source.length]
        tail = body[-_TAIL:]
        if any(map(str.isdigit, tail)) and any(map(str.isalpha, tail)):
            return Secret(f"{source.prefix}{body}", Provenance("canary", "made up for this run"))
