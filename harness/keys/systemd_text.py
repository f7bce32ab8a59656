"""Reads what `systemctl show` prints and what a systemd environment file holds. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "s": " "}
_NUMBER = re.compile(r"x([0-9a-fA-F]{2})|([0-7]{3})")
_BLANK = " \t"
_LINE_END = "\n\r"
_ESCAPABLE = '"\\`$'
_FILE_WORDS = re.compile(r"(?P<path>.+?) \(ignore_errors=(?P<ignore>yes|no)\)")


@dataclass(frozen=True, slots=True)
class UnitShown:
    """The properties of a unit that say which environment it gets.

    `files` are the environment files with whether a missing one is ignored. `main_pid` is 0
    when nothing runs; `active_since` is systemd's own words. `unset` are the names and
    assignments that are taken away at the end, `passed` the names that systemd passes on.
    """

    load_state: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, bool], ...] = ()
    main_pid: int = 0
    active_since: str = ""
    needs_reload: bool = False
    unset: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Shown:
    single: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, bool]] = field(default_factory=list)


def parse_show(text: str) -> UnitShown:
    """Read `systemctl show`: a property a line, `EnvironmentFiles` once for each file."""
    shown = _Shown()
    for line in text.splitlines():
        name, mark, value = line.partition("=")
        if name == "EnvironmentFiles" and (words := _FILE_WORDS.fullmatch(value)):
            shown.files.append((words["path"], words["ignore"] == "yes"))
        elif mark:
            shown.single[name] = value
    pid = shown.single.get("MainPID", "0")
    return UnitShown(
        load_state=shown.single.get("LoadState", ""),
        environment=tuple(
            (name, value)
            for name, _, value in (
                word.partition("=") for word in _words(shown.single.get("Environment", ""))
            )
        ),
        files=tuple(shown.files),
        main_pid=int(pid) if pid.isdecimal() else 0,
        active_since=shown.single.get("ActiveEnterTimestamp", ""),
        needs_reload=shown.single.get("NeedDaemonReload") == "yes",
        unset=tuple(_words(shown.single.get("UnsetEnvironment", ""))),
        passed=tuple(_words(shown.single.get("PassEnvironment", ""))),
    )


def parse_environment_file(text: str) -> dict[str, str]:
    """Read a file of `EnvironmentFile=` as systemd does: no expansion, no `export`.

    A quote counts at the start of a value and after a quoted part only, a `#` or `;` at the
    start of a line only; a carriage return ends a line; a backslash joins lines.
    """
    found: dict[str, str] = {}
    position = 0
    while position < len(text):
        start = _skip(text, position, _BLANK + _LINE_END)
        if text[start : start + 1] in {"#", ";"}:
            position = _comment_end(text, start)
            continue
        equals, line_end = text.find("=", start), _find_any(text, start, _LINE_END)
        if not start <= equals < line_end:
            position = line_end + 1
            continue
        name = text[start:equals].rstrip(_BLANK)
        value, position = _file_value(text, equals + 1)
        if _NAME.fullmatch(name):
            found[name] = value
    return found


def _skip(text: str, position: int, blanks: str) -> int:
    while position < len(text) and text[position] in blanks:
        position += 1
    return position


def _find_any(text: str, position: int, wanted: str) -> int:
    while position < len(text) and text[position] not in wanted:
        position += 1
    return position


def _comment_end(text: str, position: int) -> int:
    """Return the end of a comment; a backslash before the line end carries it on."""
    while True:
        position = _find_any(text, position, _LINE_END)
        if position >= len(text) or text[position - 1] != "\\":
            return position
        position += 1


def _file_value(text: str, position: int) -> tuple[str, int]:
    """Return the value and where the next line starts."""
    value = ""
    while True:
        position = _skip(text, position, _BLANK)
        quote = text[position : position + 1]
        if quote not in {"'", '"'}:
            rest, position = _bare_value(text, position)
            return value + rest, position
        part, position = _quoted_value(text, position + 1, quote)
        value += part


def _bare_value(text: str, position: int) -> tuple[str, int]:
    value, kept = "", 0
    while position < len(text) and text[position] not in _LINE_END:
        char = text[position]
        position += 1
        if char == "\\" and position < len(text):
            value += "" if text[position] in _LINE_END else text[position]
            kept = len(value)
            position += 1
            continue
        value += char
        kept = kept if char in _BLANK else len(value)
    return value[:kept], position


def _quoted_value(text: str, position: int, quote: str) -> tuple[str, int]:
    value = ""
    while position < len(text) and text[position] != quote:
        char = text[position]
        position += 1
        if char == "\\" and quote == '"' and position < len(text):
            following = text[position]
            position += 1
            escaped = following in _ESCAPABLE
            char = "" if following == "\n" else following if escaped else char + following
        value += char
    return value, position + 1


def _words(text: str) -> list[str]:
    """Split at spaces; a word with odd characters stands in quotes, with backslash escapes."""
    words: list[str] = []
    position = 0
    while position < len(text):
        if text[position] == " ":
            position += 1
            continue
        word, position = _word(text, position)
        words.append(word)
    return words


def _word(text: str, position: int) -> tuple[str, int]:
    quoted = text.startswith(('"', "$'"), position)
    if not quoted:
        end = text.find(" ", position)
        end = len(text) if end < 0 else end
        return text[position:end], end
    closing = '"' if text[position] == '"' else "'"
    position += 1 if closing == '"' else 2
    word = ""
    while position < len(text) and text[position] != closing:
        char = text[position]
        if char == "\\":
            char, position = _escape(text, position + 1)
        else:
            position += 1
        word += char
    return word, position + 1


def _escape(text: str, position: int) -> tuple[str, int]:
    if number := _NUMBER.match(text, position):
        code = int(number[1], 16) if number[1] else int(number[2], 8)
        return chr(code), number.end()
    char = text[position : position + 1]
    return _ESCAPES.get(char, char), position + 1
