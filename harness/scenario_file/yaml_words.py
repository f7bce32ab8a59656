"""PyYAML's complaints in our words."""

from __future__ import annotations

import yaml

from harness.scenario_file.node import Span
from harness.scenario_file.source_text import SourceText

_QUOTES = "put the whole value in quotes"
# A part of PyYAML's problem → our message and hint. The first that fits is taken.
_WORDS = (
    ("'\\t' that cannot start", "a tab stands where only spaces may", "replace it by spaces"),
    ("cannot start any token", "this character cannot start a value", _QUOTES),
    (
        "mapping values are not allowed",
        "a `:` stands where no name can end",
        "put the value in quotes if it holds `: `; else mend the indentation",
    ),
    ("could not find expected ':'", "a name without `:`", "write `name: value`"),
    (
        "expected <block end>",
        "does not belong here",
        "align it with the lines around it; nothing may follow closing quotes",
    ),
    ("expected ',' or '}'", "a `,` or `}` is missing", "close the `{`, or put the value in quotes"),
    ("expected ',' or ']'", "a `,` or `]` is missing", "close the `[`, or put the value in quotes"),
    ("unexpected end of stream", "these quotes are never closed", "close them"),
    ("document separator", "these quotes are never closed", "close them"),
    ("unknown escape character", "double quotes know no such escape", "write `\\\\`, or use '…'"),
    ("expected escape sequence", "double quotes know no such escape", "write `\\\\`, or use '…'"),
    ("expected the node content", "a value is missing", _QUOTES),
    ("expected '<document start>'", "a line that belongs to nothing", "mend the indentation"),
)
_AT_CONTEXT = frozenset({"these quotes are never closed"})


def explain_problem(error: yaml.MarkedYAMLError, source: SourceText) -> tuple[Span, str, str]:
    """Return where a YAML error is, what is wrong and how to mend it."""
    problem = error.problem or ""
    unknown = (f"cannot be read as YAML: {problem}", "")
    message, hint = next((words for part, *words in _WORDS if part in problem), unknown)
    if hint.startswith("close the `") and error.context_mark:
        hint += f" (it is opened in line {error.context_mark.line + 1})"
    mark = error.problem_mark or error.context_mark
    if message in _AT_CONTEXT and error.context_mark:
        mark = error.context_mark
    if mark is None:
        return Span(1, 1, 1, 1), message, hint
    line, column = mark.line + 1, mark.column + 1
    if source.line(line)[max(column - 2, 0) : column] == "${":
        hint = 'inside `{…}` and `[…]` a text with `${key}` needs quotes: "Bearer ${key}"'
    if line > len(source.lines) or (line == len(source.lines) and not source.line(line)):
        line = max(1, line - 1)  # the end of the file: show its last line instead
        column = len(source.line(line)) + 1
    return Span(line, column, line, column + 1), message, hint
