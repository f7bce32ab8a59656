"""Measure, wrap and cut text by the columns that it takes in a terminal."""

from __future__ import annotations

import unicodedata

_BREAK_AFTER = ("/,&?;", "=.-_")


def columns(text: str) -> int:
    """Return how many columns the text takes: wide characters two, combining ones none."""
    return len(text) if text.isascii() else sum(map(_char_columns, text))


def cut(text: str, width: int) -> str:
    """Return the text, its end replaced by an ellipsis where it does not fit."""
    if columns(text) <= width:
        return text
    head, _ = _split_at(text, width - 1)
    return f"{head}…"


def pad(text: str, width: int) -> str:
    """Return the text filled up with spaces."""
    return text + " " * (width - columns(text))


def wrap(text: str, width: int) -> list[str]:
    """Return the words in lines no wider than `width`; only a longer word is broken itself."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        candidate = f"{line} {word}" if line else word
        if columns(candidate) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        *whole, line = _break_word(word, width)
        lines += whole
    return [*lines, line] if line else lines


def _break_word(word: str, width: int) -> list[str]:
    pieces = []
    while not _fits(word, width):
        head, _ = _split_at(word, width)
        head = head[: _nice_end(head)]
        pieces.append(head)
        word = word[len(head) :]
    return [*pieces, word]


def _fits(text: str, width: int) -> bool:
    """Tell whether the text is no wider, without measuring all of a long one each time."""
    return len(text) <= width if text.isascii() else not _split_at(text, width)[1]


def _nice_end(head: str) -> int:
    """Return where to break: after a separator in the second half, else at the end."""
    for separators in _BREAK_AFTER:
        end = max(head.rfind(char) for char in separators) + 1
        if end > len(head) // 2:
            return end
    return len(head)


def _split_at(text: str, width: int) -> tuple[str, str]:
    used = 0
    for index, char in enumerate(text):
        used += _char_columns(char)
        if used > width:
            return text[:index], text[index:]
    return text, ""


def _char_columns(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
