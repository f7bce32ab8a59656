"""Guesses the word that was meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_CUTOFF = 0.6
_LONGEST = 64
_SHORTEST = 3
_MOST_LISTED = 20


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like `word`, without regard to case."""
    by_lower = {name.lower(): name for name in known}
    if len(word) > _LONGEST:
        return None
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=_CUTOFF)
    longer = [name for name in by_lower if len(name) >= _SHORTEST and word.lower().startswith(name)]
    return by_lower[(found or longer)[0]] if found or longer else None


def did_you_mean(word: str, known: Iterable[str], *, valid: str = "valid: ") -> str:
    """Return `did you mean …?`, or else the list of what is valid."""
    names = list(known)
    if guess := closest(word, names):
        return f"did you mean `{guess}`?"
    more = ", …" if len(names) > _MOST_LISTED else ""
    listed = ", ".join(f"`{name}`" for name in names[:_MOST_LISTED])
    return f"{valid}{listed}{more}" if names else ""
