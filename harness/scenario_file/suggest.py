"""Guesses the word that was meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_CUTOFF = 0.6
_LONGEST = 64


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like `word`, without regard to case."""
    by_lower = {name.lower(): name for name in known}
    if len(word) > _LONGEST:
        return None
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=_CUTOFF)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str], *, valid: str = "valid: ") -> str:
    """Return `did you mean …?`, or else the list of what is valid."""
    names = list(known)
    if guess := closest(word, names):
        return f"did you mean `{guess}`?"
    return valid + ", ".join(f"`{name}`" for name in names) if names else ""
