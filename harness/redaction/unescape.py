"""Read a text through its escapes.

One level undoes percent-encoding, JSON and `repr` escapes and HTML character references, all
at once; the levels are repeated until nothing changes, so mixed and doubled escapes are seen
through without listing the mixtures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

from harness.redaction.view import Edit, View

MAX_LEVELS = 6

_ESCAPE = re.compile(
    r"(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<pair>\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2})"
    r"|\\(?:u(?P<unit>[0-9A-Fa-f]{4})|U(?P<point>00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})"
    r"|x(?P<byte>[0-9A-Fa-f]{2})|(?P<octal>[0-3][0-7]{2})|(?P<simple>[\"'\\/bfnrt]))"
    r"|&(?:#(?P<number>[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6})|(?P<entity>[A-Za-z][A-Za-z0-9]{1,10}));"
)
_LAST_POINT = 0x10FFFF
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def views_of(text: str) -> Iterator[View]:
    """Yield `text` as it stands, then each level of it with escapes undone."""
    yield from levels_of(View(text))


def levels_of(view: View) -> Iterator[View]:
    """Yield `view`, then each level of it with escapes undone."""
    yield view
    for _ in range(MAX_LEVELS):
        deeper = undo(view)
        if deeper is None:
            return
        yield deeper
        view = deeper


def unescape_once(text: str) -> str:
    """Return `text` with one level of escapes undone."""
    deeper = undo(View(text))
    return text if deeper is None else deeper.text


def undo(view: View) -> View | None:
    """Undo one level; None when there is no escape left."""
    text = view.text
    if "%" not in text and "\\" not in text and "&" not in text:
        return None
    undone = _ESCAPE.sub(_undone, text)
    if undone == text:
        return None
    return View(undone, view, lambda: _edits(text))


def _undone(match: re.Match[str]) -> str:
    if match.lastgroup == "simple":  # by far the most: quotes and line breaks of JSON
        char = match["simple"]
        return _SIMPLE.get(char, char)
    return "".join(piece for piece, _, _ in _decoded(match))


def _edits(text: str) -> Iterator[Edit]:
    for match in _ESCAPE.finditer(text):
        for piece, start, end in _decoded(match):
            if piece != text[start:end]:
                yield start, end, piece


def _decoded(match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Yield each character that an escape stands for, with the span that it takes."""
    start, end = match.span()
    if match["percent"]:
        octets = bytes.fromhex(match["percent"].replace("%", ""))
        for char in octets.decode("utf-8", "surrogateescape"):
            size = 3 * len(char.encode("utf-8", "surrogateescape"))
            yield char, start, start + size
            start += size
    elif match["pair"]:
        units = bytes.fromhex(match["pair"].replace("\\u", ""))
        yield units.decode("utf-16-be"), start, end
    elif match["number"]:
        digits = match["number"]
        point = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
        yield chr(point) if point <= _LAST_POINT else match[0], start, end
    elif match["entity"]:
        yield html5.get(match["entity"] + ";", match[0]), start, end
    elif match["octal"]:
        yield chr(int(match["octal"], 8)), start, end
    elif code := match["unit"] or match["point"] or match["byte"]:
        yield chr(int(code, 16)), start, end
    else:
        yield _SIMPLE.get(match["simple"], match["simple"]), start, end
