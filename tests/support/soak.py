"""How much of a big count is run: a little in the suite, all of it by `make test-soak`."""

from __future__ import annotations

import os
import random
from fractions import Fraction


def count(*, suite: int, full: int) -> int:
    """Return how often to do it: `suite` times, or the share of `full` that FLIP401_SOAK names."""
    share = os.environ.get("FLIP401_SOAK")
    return suite if not share else max(suite, int(full * Fraction(share)))


def seed() -> int:
    """Return the seed of this run; FLIP401_SEED chooses another."""
    return int(os.environ.get("FLIP401_SEED", "1"))


def source(name: str) -> random.Random:
    """Return random numbers of their own for a test."""
    return random.Random(f"{name} {seed()}")
