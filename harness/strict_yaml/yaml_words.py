"""The complaints of PyYAML and libyaml in our words."""

from __future__ import annotations

import yaml

from harness.strict_yaml.node import Span
from harness.strict_yaml.source_text import SourceText

_QUOTES = "put the whole value in quotes"
_STRAY = "does not belong here"
_ALIGN = "align it with the lines around it; nothing may follow closing quotes"
_HIGHEST = "the highest escape is `\\U0010FFFF`, and halves of surrogate pairs are none"
# A part of the problem, as PyYAML or libyaml says it → our message and hint. The first that fits
# is taken.
_WORDS = (
    ("'\\t' that cannot start", "a tab stands where only spaces may", "replace it by spaces"),
    ("cannot start any token", "this character cannot start a value", _QUOTES),
    (
        "mapping values are not allowed",
        "a `:` stands where no name can end",
        "put the value in quotes if it holds `: `; else mend the indentation",
    ),
    ("nesting depth", "is nested too deeply", "nothing that belongs here is so deep"),
    ("could not find expected ':'", "a name without `:`", "write `name: value`"),
    ("expected <block end>", _STRAY, _ALIGN),
    ("did not find expected key", _STRAY, _ALIGN),
    ("did not find expected '-' indicator", _STRAY, _ALIGN),
    ("expected ',' or '}'", "a `,` or `}` is missing", "close the `{`, or put the value in quotes"),
    ("expected ',' or ']'", "a `,` or `]` is missing", "close the `[`, or put the value in quotes"),
    ("unexpected end of stream", "these quotes are never closed", "close them"),
    ("unexpected document indicator", "these quotes are never closed", "close them"),
    ("document separator", "these quotes are never closed", "close them"),
    ("unknown escape character", "double quotes know no such escape", "write `\\\\`, or use '…'"),
    ("expected escape sequence", "double quotes know no such escape", "write `\\\\`, or use '…'"),
    ("Unicode character escape code", "no character has the number in this escape", _HIGHEST),
    ("expected the node content", "a value is missing", _QUOTES),
    ("expected node content", "a value is missing", _QUOTES),
    ("expected <document start>", "a line that belongs to nothing", "mend the indentation"),
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
    last = len(source.lines)
    if last and (line > last or (line == last and not source.line(line))):
        line = max(1, line - 1)  # the end of the file: show its last line instead
        column = len(source.line(line)) + 1
    return Span(line, column, line, column + 1), message, hint
