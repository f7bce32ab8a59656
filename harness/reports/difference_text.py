"""A comparison for a terminal, much like a unified diff: `-` is A, `+` is B."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from harness.difference.difference import Difference, Kind, Part, Weight
from harness.difference.result import DiffResult, Side
from harness.reports.difference_headline import PART_TITLES, diff_headline
from harness.reports.excerpt import LONGEST, LONGEST_OF_ALL, excerpts
from harness.reports.page import Page, Style
from harness.reports.text_width import wrap
from harness.reports.visible_text import visible_spaces

MOST_SHOWN = 20
"""Differences of one part that are shown unless all are asked for."""

_LINES = frozenset({Part.HEADERS, Part.CREDENTIALS, Part.ROUTE, Part.ANSWER_HEADERS})
_NAMED = 6
_FIELD = re.compile(r"(?<=^query) field .*|(?<=^form) field .*", re.DOTALL)
"""The name of a field, which its text begins with."""


def render_difference(
    result: DiffResult, *, width: int, colour: bool, ascii_only: bool = False, everything: bool
) -> str:
    """Return the comparison, no line wider than `width` columns (at least 40).

    `everything` shows in full what is set aside, and what is otherwise cut short.
    """
    page = Page(width, colour=colour, ascii_only=ascii_only)
    page.paragraph(diff_headline(result), style=Style.BOLD)
    page.blank()
    _add_side(page, "--- A", result.left, Style.BAD)
    _add_side(page, "+++ B", result.right, Style.GOOD)
    comparison = result.comparison
    _add_parts(page, comparison.differences, everything=everything)
    _add_undecided(page, comparison.undecided)
    if everything:
        _add_parts(page, comparison.set_aside, everything=True)
    else:
        _add_count(page, comparison.set_aside)
    return page.text()


def _add_side(page: Page, sign: str, side: Side, style: Style) -> None:
    live = "sent now: " if side.is_live else ""
    page.labelled(sign, side.source, label_style=style, indent=0, label_width=6)
    page.labelled("", str(side.exchange.key), indent=0, label_width=6)
    page.labelled("", f"{live}{side.outcome}, {side.answer}", indent=0, label_width=6)


def _add_parts(page: Page, found: Sequence[Difference], *, everything: bool) -> None:
    for part, group in groupby(found, key=lambda one: one.part):
        differences = list(group)
        shown = differences if everything else differences[:MOST_SHOWN]
        page.blank()
        aside = " (set aside)" if differences[0].weight is Weight.SET_ASIDE else ""
        page.paragraph(f"@@ {PART_TITLES[part]}{aside}", style=Style.BOLD)
        told = ""
        for one in shown:
            told = _add_difference(page, one, told, everything=everything)
        if len(shown) < len(differences):
            more = len(differences) - len(shown)
            page.paragraph(f"and {more} more; --all shows them", indent=2, style=Style.DIM)


def _add_difference(page: Page, one: Difference, told: str, *, everything: bool) -> str:
    """Add one difference under its words, and return these: they are not said twice in a row."""
    words = _words(one)
    if words and words != told:
        page.paragraph(words, indent=2, style=Style.DIM)
    label = "" if _is_line(one) else f"{_FIELD.sub('', one.place)}: "
    left, right = excerpts(one.left, one.right, LONGEST_OF_ALL if everything else LONGEST)
    for sign, text, style in (("-", left, Style.BAD), ("+", right, Style.GOOD)):
        if text is not None:
            _add_line(page, sign, f"{label}{text}", style)
    return words


def _words(one: Difference) -> str:
    if one.kind is Kind.ORDER:
        return "in another order"
    return one.words


def _is_line(one: Difference) -> bool:
    """Tell whether the text names its place itself: a header line."""
    text = one.left or one.right or ""
    return one.part in _LINES and text.startswith(f"{one.place.partition(' (')[0]}:")


def _add_line(page: Page, sign: str, text: str, style: Style) -> None:
    """Add a line under a sign, wrapped with the sign before its first line only."""
    lines = wrap(page.clean(visible_spaces(text)), page.width - 2) or [""]
    for index, line in enumerate(lines):
        page.raw(f"{page.paint(sign, style) if not index else ' '} {page.paint(line, style)}")


def _add_undecided(page: Page, found: Sequence[Difference]) -> None:
    if not found:
        return
    page.blank()
    page.paragraph("@@ cannot tell", style=Style.BOLD)
    names = dict.fromkeys(f"{PART_TITLES[one.part]}: {one.place}" for one in found)
    for name in list(names)[:MOST_SHOWN]:
        page.paragraph(name, indent=2)
    if len(names) > MOST_SHOWN:
        page.paragraph(f"and {len(names) - MOST_SHOWN} more", indent=2, style=Style.DIM)
    page.paragraph(
        "the same shape on both sides, and nothing tells whether the values are equal: "
        "ids mean something inside one cassette only",
        indent=2,
        style=Style.DIM,
    )


def _add_count(page: Page, found: Sequence[Difference]) -> None:
    if not found:
        return
    page.blank()
    names = list(dict.fromkeys(one.place for one in found))
    shown = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    one = len(found) == 1
    things = "1 value that changes" if one else f"{len(found)} values that change"
    follows = "follows" if one else "follow"
    page.paragraph(
        f"Set aside: {things} with each exchange or {follows} from another ({shown}); "
        "--all shows what",
        style=Style.DIM,
    )
