"""A page of plain lines under a width: paragraphs, labels, styles."""

from __future__ import annotations

from enum import StrEnum

from harness.reports.text_width import columns, pad, wrap
from harness.reports.visible_text import ascii_form, visible

NARROWEST = 40
"""Below this nothing reads well: a narrower terminal wraps by itself."""


class Style(StrEnum):
    """A look, as the parameters of an SGR sequence (ECMA-48)."""

    PLAIN = ""
    BOLD = "1"
    DIM = "2"
    GOOD = "32"
    BAD = "1;31"
    WARN = "33"
    FIX = "1;36"


class Page:
    """Lines in the making. Text is made visible and fitted before it is painted."""

    def __init__(self, width: int, *, colour: bool, ascii_only: bool) -> None:
        """Start an empty page."""
        self.width = max(width, NARROWEST)
        self._colour = colour
        self._ascii_only = ascii_only
        self._lines: list[str] = []

    def clean(self, text: str) -> str:
        """Return text as this page can show it, on one line."""
        shown = visible(text.replace("\n", " ").replace("\t", " "))
        return ascii_form(shown) if self._ascii_only else shown

    def paint(self, text: str, style: Style) -> str:
        """Return text in a style, or as it is where there are no colours."""
        if not self._colour or not style or not text.strip():
            return text
        return f"\x1b[{style}m{text}\x1b[0m"

    def raw(self, line: str) -> None:
        """Add a line that is fitted and painted already."""
        self._lines.append(line.rstrip())

    def blank(self) -> None:
        """Add an empty line, never two in a row."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def paragraph(self, text: str, *, style: Style = Style.PLAIN, indent: int = 0) -> None:
        """Add wrapped text."""
        for line in wrap(self.clean(text), self.width - indent):
            self.raw(" " * indent + self.paint(line, style))

    def labelled(
        self,
        label: str,
        text: str,
        *,
        label_style: Style = Style.DIM,
        style: Style = Style.PLAIN,
        indent: int = 2,
        label_width: int = 8,
    ) -> None:
        """Add a label with wrapped text hanging beside it, or under a label that is long."""
        label = self.clean(label)
        room = max(label_width, columns(label) + 1)
        if indent + room > self.width // 2:
            self.paragraph(label, style=label_style, indent=indent)
            self.paragraph(text, style=style, indent=indent + 2)
            return
        lines = wrap(self.clean(text), self.width - indent - room) or [""]
        head = " " * indent + self.paint(label, label_style) + " " * (room - columns(label))
        self.raw(head + self.paint(lines[0], style))
        for line in lines[1:]:
            self.raw(pad("", indent + room) + self.paint(line, style))

    def text(self) -> str:
        """Return the page, one line break at its end."""
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return "\n".join(self._lines) + "\n"
