"""Keys made at test time: the repository holds none that looks real."""

from __future__ import annotations

import random

from harness.model.secret import Provenance, Secret

# Letters that no hexadecimal text, no id and no digest of a test can hold by chance.
ALPHABET = "GHJKLMNPQRSTUVWXYZ"


def made_key(seed: object, *, prefix: str = "sk-", length: int = 32) -> str:
    """Return a key-like text; its last four characters are unlike any other text of a run."""
    source = random.Random(f"key {seed}")
    return prefix + "".join(source.choices(ALPHABET, k=length))


def made_secret(seed: object = 1, *, around: tuple[str, str] = ("", "")) -> Secret:
    return Secret(around[0] + made_key(seed) + around[1], Provenance("env", "MADE_KEY"))
