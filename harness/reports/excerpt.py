"""Cut two long texts to the stretch around the first character that differs."""

from __future__ import annotations

from itertools import takewhile

LONGEST = 300
"""Characters of a text that are shown whole."""

LONGEST_OF_ALL = 20_000
"""The same where all is asked for: JSON has every character."""

_BEFORE = 60
_MARK = "…"


def excerpts(
    left: str | None, right: str | None, longest: int = LONGEST
) -> tuple[str | None, str | None]:
    """Return both texts, each cut where it is longer than `longest`; None stays None."""
    if max(len(left or ""), len(right or "")) <= longest:
        return left, right
    pairs = zip(left or "", right or "", strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    start = max(same - _BEFORE, 0)
    return _excerpt(left, start, longest), _excerpt(right, start, longest)


def _excerpt(text: str | None, start: int, longest: int) -> str | None:
    if text is None:
        return None
    shown = text[start : start + longest]
    after = _MARK if start + longest < len(text) else ""
    size = f" ({len(text)} characters)" if start or after else ""
    return f"{_MARK if start else ''}{shown}{after}{size}"
