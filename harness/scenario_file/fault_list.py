"""Collects what is wrong with a file and sets it beside the lines it is wrong in."""

from __future__ import annotations

import re

from harness.errors import Fault, Place, ScenarioError
from harness.scenario_file.secret_looks import mask_named_values, mask_secrets, mask_spans
from harness.strict_yaml.node import Span
from harness.strict_yaml.source_text import SourceText

MAX_FAULTS = 100
_WIDEST_LINE = 160
_LONGEST_READ = 400  # enough beyond the widest line to know a key that is cut there
_LONGEST_WORDS = 400
_NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


class FaultList:
    """The faults of one file, at most one at a place per stage: the first says most."""

    def __init__(self, source: SourceText) -> None:
        """Start with no fault."""
        self.source = source
        self._faults: list[tuple[Span, str, str]] = []
        self._settled: set[tuple[int, int]] = set()
        self._hidden: set[Span] = set()
        self._unstructured = False

    def __len__(self) -> int:
        """Count the faults."""
        return len(self._faults)

    def add(self, span: Span, message: str, hint: str = "") -> None:
        """Note a fault, unless an earlier stage has found one at the same place.

        Raises:
            ScenarioError: there are so many that nobody reads on.
        """
        fault = (span, message, hint)
        if (span.line, span.column) in self._settled or fault in self._faults:
            return
        self._faults.append(fault)
        if len(self._faults) == MAX_FAULTS:
            self.raise_any()

    def next_stage(self) -> None:
        """Let what was found so far silence later stages at the same places."""
        self._settled = {(span.line, span.column) for span, _, _ in self._faults}

    def hide(self, span: Span) -> None:
        """Never show the characters of this span: a secret stands there."""
        self._hidden.add(span)

    def hides(self, span: Span) -> bool:
        """Tell whether a secret stands at this span."""
        return span in self._hidden

    def hide_named_values(self) -> None:
        """Hide by name: the file is too broken to know what is a secret in it."""
        self._unstructured = True

    def place(self, span: Span) -> Place:
        """Return where a span starts."""
        return Place(self.source.file, span.line, span.column)

    def raise_any(self) -> None:
        """Raise what was found.

        Raises:
            ScenarioError: there is at least one fault.
        """
        if not self._faults:
            return
        ordered = sorted(self._faults, key=lambda fault: fault[0])
        faults = [self._rendered(*fault) for fault in ordered]
        if len(faults) == MAX_FAULTS:
            faults.append(Fault(faults[-1].place, "there may be more; the reader stops here"))
        raise ScenarioError(faults)

    def _rendered(self, span: Span, message: str, hint: str) -> Fault:
        line = self._shown_line(span)
        return Fault(
            self.place(span),
            _shortened(message),
            _shortened(hint),
            line,
            max(1, min(span.width, len(line) - span.column + 1)),
        )

    def _shown_line(self, span: Span) -> str:
        """Return the line with secrets hidden, every other character in its column."""
        line = self.source.line(span.line)[:_LONGEST_READ]
        hidden = (one for one in self._hidden if one.line <= span.line <= one.end_line)
        line = mask_spans(line, (_columns(one, span.line, line) for one in hidden))
        line = mask_secrets(line)
        if self._unstructured:
            line = mask_named_values(line)
        line = _printable(line).rstrip()
        if span.column > _WIDEST_LINE:
            return ""
        return line if len(line) <= _WIDEST_LINE else line[: _WIDEST_LINE - 1] + "…"


def _columns(hidden: Span, line: int, text: str) -> tuple[int, int]:
    """Return which characters of a line a hidden span covers, as start and end index."""
    start = hidden.column - 1 if line == hidden.line else 0
    end = hidden.end_column - 1 if line == hidden.end_line else len(text)
    return (start, end)


def _shortened(text: str) -> str:
    text = _printable(mask_secrets(text[: 2 * _LONGEST_WORDS]))
    return text if len(text) <= _LONGEST_WORDS else f"{text[: _LONGEST_WORDS - 1]}…"


def _printable(text: str) -> str:
    return _NOT_SHOWN.sub(
        lambda match: " " if match[0] == "\t" else "\N{REPLACEMENT CHARACTER}", text
    )
