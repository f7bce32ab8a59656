"""Lower case that keeps every character in its place."""

from __future__ import annotations


def lowered(text: str) -> str:
    """Return `text` in lower case, character for character (U+0130 would become two)."""
    return text.replace("\u0130", "i").lower()
