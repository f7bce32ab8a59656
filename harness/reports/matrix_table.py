"""The matrix that a glance takes in: one row a variant, only what is off the baseline shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.model.outcome import Outcome
from harness.model.result import RunResult, VariantResult
from harness.model.variant import BASELINE_ID
from harness.reports.outcome_style import outcome_style
from harness.reports.outcome_words import expected_word, is_by_arrival, outcome_word
from harness.reports.page import Page, Style
from harness.reports.text_width import columns, cut, pad

AT_BASELINE = "·"
_GAP = 2
_NARROWEST_AXIS = 6
_STATUS_WIDTH = 4
_MARK_WIDTH = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(slots=True)
class _Footnotes:
    """Notes to rows; the same words share a mark."""

    marks: dict[str, str] = field(default_factory=dict)

    def mark(self, note: str) -> str:
        if not note:
            return ""
        number = len(self.marks)
        letter = _LETTERS[number] if number < len(_LETTERS) else f"n{number + 1}"
        return self.marks.setdefault(note, letter)


def add_matrix(page: Page, run: RunResult) -> None:
    """Add the table, then what its marks mean."""
    if not run.variants:
        return
    page.blank()
    page.paragraph("MATRIX", style=Style.BOLD)
    notes = _Footnotes()
    shown = [name for name, levels in run.axes if _varies(run.variants, name, levels[0])]
    widths = _fit(page, run, shown)
    if widths is None:
        _add_list(page, run, notes)
    else:
        _add_table(page, run, dict(zip(shown, widths, strict=True)), notes)
    _add_legend(page, run, notes, shown)


def row_note(run: RunResult, item: VariantResult) -> str:
    """Return what a row needs said beside its outcome: repeats, sharing, why there is none."""
    parts = []
    if item.flaky:
        counts = ", ".join(f"{outcome} {count}" for outcome, count in item.flaky.items())
        parts.append(f"repeats disagree: {counts}")
    if item.same_as:
        parts.append(_sharing(run, item))
    parts.append(_system_proxy(run, item))
    if item.outcome is Outcome.NOT_SENT:
        reason = item.reason or _failure(item) or _key_error(run, item)
        parts.append(f"not sent: {reason or 'no reason is known'}")
    elif item.outcome is Outcome.UNREACHABLE:
        parts.append(_failure(item) or item.reason)
    return "; ".join(filter(None, parts))


def _sharing(run: RunResult, item: VariantResult) -> str:
    other = next((v.variant for v in run.variants if v.variant.id == item.same_as), None)
    if other is not None:
        levels = item.variant.levels.items()
        differing = [axis for axis, level in levels if other.levels.get(axis) != level]
        if len(differing) == 1:
            return f"same value as {other.levels[differing[0]]}"
        return f"same request as {item.same_as}"
    return f"same value as {item.same_as}"


def _system_proxy(run: RunResult, item: VariantResult) -> str:
    """Say which proxy the environment gave, where the scenario leaves it to that."""
    used = [run.exchanges[a.exchange] for a in item.attempts if a.exchange in run.exchanges]
    why = next((exchange.proxy_why for exchange in used if exchange.proxy_why), "")
    return f"system proxy: {why}" if why else ""


def _failure(item: VariantResult) -> str:
    return next((a.failure for a in reversed(item.attempts) if a.failure), "")


def _key_error(run: RunResult, item: VariantResult) -> str:
    named = (run.keys.get(f"{axis}={level}") for axis, level in item.variant.levels.items())
    return "; ".join(facts.error for facts in named if facts is not None and facts.error)


def _varies(variants: Sequence[VariantResult], axis: str, baseline: str) -> bool:
    return any(item.variant.levels.get(axis, baseline) != baseline for item in variants)


def _fit(page: Page, run: RunResult, shown: Sequence[str]) -> list[int] | None:
    """Return a width for each axis, narrowed where needed; None when even that is too wide.

    Titles give way before levels do, and the widest first.
    """
    levels = [
        max(columns(item.variant.levels.get(axis, "")) for item in run.variants) for axis in shown
    ]
    widths = [max(columns(axis), level) for axis, level in zip(shown, levels, strict=True)]
    least = [min(max(level, _NARROWEST_AXIS), w) for level, w in zip(levels, widths, strict=True)]
    room = page.width - _tail_width(run) - _GAP * (len(shown) + 1)
    for floors in (least, [min(_NARROWEST_AXIS, width) for width in widths]):
        while sum(widths) > room and widths != floors:
            spare = [width if width > low else 0 for width, low in zip(widths, floors, strict=True)]
            widths[spare.index(max(spare))] -= 1
    return widths if sum(widths) <= room else None


def _outcome_width(run: RunResult) -> int:
    return max(len("outcome"), *(len(outcome_word(run, item)) for item in run.variants))


def _tail_width(run: RunResult) -> int:
    return _outcome_width(run) + _STATUS_WIDTH + _MARK_WIDTH + 2 * _GAP


def _add_table(page: Page, run: RunResult, widths: dict[str, int], notes: _Footnotes) -> None:
    titles = "".join(
        pad(_fitted(page, axis, width), width + _GAP) for axis, width in widths.items()
    )
    title = "arrives" if is_by_arrival(run) else "outcome"
    tail = pad(title, _outcome_width(run) + _GAP) + "HTTP"
    page.raw(page.paint(f"  {titles}{tail}", Style.DIM))
    baseline = {axis: levels[0] for axis, levels in run.axes}
    for item in run.variants:
        cells = "".join(
            _cell(page, item, axis, width, baseline[axis]) for axis, width in widths.items()
        )
        page.raw(f"  {cells}{_tail(page, run, item, notes)}")


def _cell(page: Page, item: VariantResult, axis: str, width: int, baseline: str) -> str:
    level = item.variant.levels.get(axis, baseline)
    if level != baseline:
        return page.paint(pad(_fitted(page, level, width), width), Style.BOLD) + " " * _GAP
    shown = level if item.variant.id == BASELINE_ID else AT_BASELINE
    return page.paint(pad(_fitted(page, shown, width), width), Style.DIM) + " " * _GAP


def _add_list(page: Page, run: RunResult, notes: _Footnotes) -> None:
    """Add one line a variant with its id: for many axes on a narrow page."""
    room = page.width - _tail_width(run) - _GAP
    for item in run.variants:
        tail = _tail(page, run, item, notes, padded=True)
        page.raw(f"  {tail}{_fitted(page, item.variant.id, room)}")


def _tail(
    page: Page, run: RunResult, item: VariantResult, notes: _Footnotes, *, padded: bool = False
) -> str:
    note = notes.mark(row_note(run, item))
    word = pad(outcome_word(run, item), _outcome_width(run))
    outcome = page.paint(word, outcome_style(item.outcome))
    status = pad(str(item.http_status or "-"), _STATUS_WIDTH)
    mark = f"{'' if item.as_expected else '!'}{note}"
    mark = page.paint(pad(mark, _MARK_WIDTH) if padded else mark, Style.WARN)
    return f"{outcome}{' ' * _GAP}{status}{' ' * _GAP}{mark}"


def _fitted(page: Page, text: str, width: int) -> str:
    """Return text cut to a width; an ASCII page's ellipsis takes three columns."""
    clean = page.clean(text)
    if columns(clean) <= width:
        return clean
    mark = page.clean("…")
    return cut(clean, width - columns(mark) + 1).removesuffix("…") + mark


def _add_legend(page: Page, run: RunResult, notes: _Footnotes, shown: Sequence[str]) -> None:
    if not all(item.as_expected for item in run.variants):
        page.labelled("!", _expectations(run), label_style=Style.WARN, label_width=3)
    for note, mark in notes.marks.items():
        page.labelled(mark, note, label_style=Style.WARN, label_width=3)
    fixed = [f"{name}={levels[0]}" for name, levels in run.axes if name not in shown]
    if fixed:
        page.labelled("", f"in every row: {', '.join(fixed)}", style=Style.DIM, label_width=3)


def _expectations(run: RunResult) -> str:
    missed = (item for item in run.variants if not item.as_expected)
    wanted = dict.fromkeys(expected_word(run, item) for item in missed)
    return f"not what the scenario expects ({' or '.join(wanted)})"
