"""What clings to a key: white space, quotes, marks nobody sees. Found, named, trimmed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAMES = {
    "\r\n": ("crlf", "CR LF"),
    " ": ("sp", "space"),
    "\t": ("tab", "tab"),
    "\n": ("lf", "LF"),
    "\r": ("cr", "CR"),
    "\u00a0": ("nbsp", "no-break space"),
    "\ufeff": ("bom", "BOM"),
    "\u200b": ("zw", "zero-width space"),
    "\u200c": ("zw", "zero-width non-joiner"),
    "\u200d": ("zw", "zero-width joiner"),
    "\u2060": ("zw", "word joiner"),
    '"': ("dq", "double quote"),
    "'": ("sq", "single quote"),
    "`": ("bt", "backtick"),
    "\u201c": ("sm", "smart double quote"),
    "\u201d": ("sm", "smart double quote"),
    "\u2018": ("sm", "smart single quote"),
    "\u2019": ("sm", "smart single quote"),
}
_OTHER_SPACE, _CONTROL = "Unicode space", "control character"
EDGE_NAMES = frozenset({*(name for _, name in _NAMES.values()), _OTHER_SPACE, _CONTROL})
"""Every name that an edge can have."""

_QUOTES = frozenset({"dq", "sq", "bt", "sm"})
_UNICODE_SPACES = "\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u0085"
_CLING = (
    r"(?:\r\n|[ \t\n\r\u00a0\ufeff\u200b-\u200d\u2060\"'`\u201c\u201d\u2018\u2019"
    rf"\x00-\x1f\x7f{_UNICODE_SPACES}])"
)
_LEADING = re.compile(f"{_CLING}*")
_ONE = re.compile(_CLING)


@dataclass(frozen=True, slots=True)
class Edge:
    """A run of one thing at one position: `leading`, `trailing` or `inner`."""

    position: str
    code: str
    name: str
    count: int

    def __str__(self) -> str:
        """Render in words, such as `trailing LF`."""
        return f"{self.position} {self.name}"

    @property
    def fact(self) -> str:
        """Render for a placeholder, such as `tlf1`."""
        letter = {"leading": "l", "trailing": "t", "inner": "m"}[self.position]
        return f"{letter}{self.code}{min(self.count, 999)}"


def trim(text: str) -> str:
    """Return `text` without what clings to both ends."""
    start, end = _bounds(text)
    return text[start:end]


def edges_of(text: str) -> tuple[Edge, ...]:
    """Name what clings to `text`, in text order; quotes count at the ends only."""
    start, end = _bounds(text)
    inner = [edge for edge in _runs("inner", text[start:end]) if edge.code not in _QUOTES]
    distinct = {(edge.code, edge.name): edge for edge in inner}
    return (
        *_runs("leading", text[:start]),
        *distinct.values(),
        *_runs("trailing", text[end:]),
    )


def _bounds(text: str) -> tuple[int, int]:
    """Return where the core of `text` starts and ends; an all-edge text is all leading."""
    leading = _LEADING.match(text)
    start = leading.end() if leading else 0
    end = len(text)
    while end > start and _ONE.fullmatch(text[end - 1]):
        end -= 1
    return start, end


def _runs(position: str, text: str) -> list[Edge]:
    runs: list[Edge] = []
    for match in _ONE.finditer(text):
        code, name = _NAMES.get(match[0], ("uni", _OTHER_SPACE))
        if match[0] not in _NAMES and (match[0] < " " or match[0] == "\x7f"):
            code, name = "ctl", _CONTROL
        if runs and (runs[-1].code, runs[-1].name) == (code, name):
            runs[-1] = Edge(position, code, name, runs[-1].count + 1)
        else:
            runs.append(Edge(position, code, name, 1))
    return runs
