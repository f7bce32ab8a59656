"""Make text from servers and files safe to print: what is invisible becomes visible."""

from __future__ import annotations

import re

_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_VARIATION_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_LOST_SPACE = re.compile(r"(?:^|(?<= )) | $")
_ASCII_FORMS = str.maketrans({"…": "...", "·": ".", "\u2018": "'", "\u2019": "'"})


def visible(text: str) -> str:
    r"""Write controls, escapes, bidi marks, zero-width and odd spaces as `\xNN` or `\uNNNN`.

    Line breaks and tabs are kept: layout turns them into single spaces.
    """
    return "".join(_escape(char) if _is_invisible(char) else char for char in text)


def visible_line(text: str) -> str:
    """Write line breaks and tabs by their escapes too, for a text that is told in one line."""
    return visible(text).replace("\n", "\\x0a").replace("\t", "\\x09")


def visible_spaces(text: str) -> str:
    """Write a space that layout would lose, at an end or behind another, by its escape too."""
    return _LOST_SPACE.sub("\\\\x20", visible_line(text))


def ascii_form(text: str) -> str:
    """Write everything beyond ASCII so that an ASCII stream can carry it."""
    return text.translate(_ASCII_FORMS).encode("ascii", "backslashreplace").decode("ascii")


def _is_invisible(char: str) -> bool:
    if char in "\n\t" or " " <= char <= "~":
        return False
    return not char.isprintable() or char in _INVISIBLE_LETTERS or char in _VARIATION_SELECTORS


def _escape(char: str) -> str:
    code = ord(char)
    if code <= 0xFF:  # noqa: PLR2004 - what two hex digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004
