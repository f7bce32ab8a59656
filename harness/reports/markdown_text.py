"""Text for Markdown that means what it says: no markup, no link, no mention comes of it."""

from __future__ import annotations

import re

from harness.reports.visible_text import visible

_MARKUP = re.compile(r"([\\`*_\[\]<>&|~$])")
_LINKING = re.compile(r"@|://|www\.|#\d|\bGH-\d|\b[0-9a-f]{7,40}\b|RDX~|!\[", re.IGNORECASE)
_STARTING = re.compile(r"[#>+=-]|\d{1,9}[.)]$")
"""What makes a heading, a list or a quotation of a line."""

_TICKS = re.compile(r"`+")


def prose(text: str) -> str:
    """Return text to stand among other text, on one line.

    A word of which a site would make a link, a mention or a list is set as code.
    """
    words = visible(text.replace("\t", " ").replace("\n", " ")).strip().split(" ")
    shown = [code(word) if _LINKING.search(word) else _escaped(word) for word in words]
    if _STARTING.match(words[0]):
        shown[0] = code(words[0])
    return " ".join(shown)


def code(text: str) -> str:
    """Return text as an inline code span, fit for a table's cell too; "" stays empty."""
    shown = visible(text.replace("\t", " ").replace("\n", " ")).replace("|", "\\|")
    if not shown:
        return ""
    fence = "`" * (max((len(run) for run in _TICKS.findall(shown)), default=0) + 1)
    pad = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def block(text: str, language: str = "") -> list[str]:
    """Return lines of a fenced block that nothing in the text can end."""
    lines = [visible(line) for line in text.replace("\t", "    ").split("\n")]
    longest = max((len(run) for line in lines for run in _TICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *lines, fence]


def row(cells: list[str]) -> str:
    """Return a row of a table; the cells are Markdown already."""
    return f"| {' | '.join(cells)} |"


def _escaped(word: str) -> str:
    return _MARKUP.sub(r"\\\1", word)
