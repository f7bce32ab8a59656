"""Reads a `.env` file as `set -a; . ./.env` does in a POSIX shell. Runs nothing.

Assignments, `export`, quotes, escapes and plain expansions are understood; what a shell would
have to run or would ask its own process is an error that says so, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from harness.errors import SourceError

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_OF_BASH_ALONE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\[[^]]*\]\+?|\+)=")
_REFERENCE = re.compile(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\}|([0-9]))")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ENDS_WORD = frozenset(" \t\n;")
_OPERATORS = frozenset("&|<>()")
_IN_QUOTES = frozenset('$`"\\')
_CHANGES_VARIABLES = frozenset(
    {
        *(
            "export",
            ":",
            "unset",
            ".",
            "source",
            "eval",
            "set",
            "read",
            "alias",
            "cd",
            "exit",
            "return",
            "exec",
        ),
        *("if", "for", "while", "until", "case", "{", "!", "readonly", "local", "declare"),
        *("typeset", "shift", "trap", "builtin", "command", "function", "env"),
        *("let", "getopts", "printf", "mapfile", "readarray", "time", "[[", "coproc", "select"),
        *("pushd", "popd", "enable", "shopt"),
    }
)


@dataclass(slots=True)
class _Word:
    """A word as the shell makes it; `raw` is as written, to tell names from quoted text."""

    value: str
    raw: str
    splits: bool = False


@dataclass(slots=True)
class _Reader:
    text: str
    environ: Mapping[str, str]
    shown: str
    position: int = 0
    found: list[tuple[str, str, int]] = field(default_factory=list)
    leading: dict[str, str] = field(default_factory=dict)

    @property
    def line(self) -> int:
        return self.text.count("\n", 0, self.position) + 1

    def read(self) -> None:
        while self.position < len(self.text):
            start = self.line
            words = self._command()
            if words:
                self._run(words, start)

    def _command(self) -> list[_Word]:
        """Return the words up to the end of a command."""
        words: list[_Word] = []
        self.leading = {}
        while self.position < len(self.text):
            char = self.text[self.position]
            if char in "\n;":
                if char == ";" and not words:
                    raise self._beyond("`;` with nothing before it")
                self.position += 1
                return words
            if char in " \t":
                self.position += 1
            elif self.text.startswith("\\\n", self.position):
                self.position += 2
            elif char == "#":
                end = self.text.find("\n", self.position)
                self.position = len(self.text) if end < 0 else end
            else:
                words.append(self._word(words))
        return words

    def _word(self, before: list[_Word]) -> _Word:
        start = self.position
        matched = _ASSIGNMENT.match(self.text, start)
        # The rest of an assignment that begins a command is not split into words.
        assigns = matched is not None and all(_ASSIGNMENT.match(word.raw) for word in before)
        word = _Word("", "")
        if matched:
            word.value = matched[0]
            self.position = matched.end()
            self._tilde(word)
        while self.position < len(self.text) and self.text[self.position] not in _ENDS_WORD:
            self._piece(word)
        word.raw = self.text[start : self.position]
        word.splits = word.splits and not assigns
        if assigns:
            name, _, value = word.value.partition("=")
            self.leading[name] = value
        return word

    def _piece(self, word: _Word) -> None:
        char = self.text[self.position]
        if char in _OPERATORS:
            raise self._beyond(f"`{char}` outside quotes, which a shell takes as an operator")
        if char == "'":
            end = self._closing(self.position + 1, "'")
            word.value += self.text[self.position + 1 : end]
            self.position = end + 1
        elif char == '"':
            self._double_quoted(word)
        elif char == "\\":
            following = self.text[self.position + 1 : self.position + 2]
            word.value += "" if following == "\n" else following or "\\"
            self.position += 2
        elif char in "$`":
            expanded = self._expansion()
            word.splits = word.splits or any(map(str.isspace, expanded)) or "*" in expanded
            word.value += expanded
        else:
            word.value += char
            self.position += 1
            if char == ":" and _ASSIGNMENT.match(word.value):
                self._tilde(word)  # as in PATH=a:~/b (POSIX, section 2.6.1)

    def _double_quoted(self, word: _Word) -> None:
        self._closing(self.position + 1, '"')
        self.position += 1
        while self.position < len(self.text) and self.text[self.position] != '"':
            char = self.text[self.position]
            following = self.text[self.position + 1 : self.position + 2]
            if char == "\\" and (following == "\n" or following in _IN_QUOTES):
                word.value += following.replace("\n", "")
                self.position += 2
            elif char in "$`":
                word.value += self._expansion(quoted=True)
            else:
                word.value += char
                self.position += 1
        if self.position >= len(self.text):
            raise self._beyond("a quote that is never closed")
        self.position += 1

    def _closing(self, start: int, quote: str) -> int:
        end = self.text.find(quote, start)
        if end < 0:
            raise self._beyond("a quote that is never closed")
        return end

    def _expansion(self, *, quoted: bool = False) -> str:
        if self.text[self.position] == "`":
            raise self._beyond("a command in backticks")
        matched = _REFERENCE.match(self.text, self.position)
        if matched:
            self.position = matched.end()
            return "" if matched[3] else self._value(matched[1] or matched[2])
        following = self.text[self.position + 1 : self.position + 2]
        if following in set("({$?#@*!-") or (following in {"'", '"'} and not quoted):
            raise self._beyond(f"`${following}`")
        self.position += 1
        return "$"

    def _tilde(self, word: _Word) -> None:
        """Expand `~` at the start of a value or behind a colon; another user's is beyond us."""
        if self.text[self.position : self.position + 1] != "~":
            return
        following = self.text[self.position + 1 : self.position + 2]
        if following not in {"", "/", ":", " ", "\t", "\n", ";"} or "HOME" not in self.environ:
            raise self._beyond("`~`")
        word.value += self._value("HOME")
        self.position += 1

    def _value(self, name: str) -> str:
        if name in self.leading:  # assignments of one command are made from left to right
            return self.leading[name]
        for known, value, _ in reversed(self.found):
            if known == name:
                return value
        return self.environ.get(name, "")

    def _run(self, words: list[_Word], line: int) -> None:
        """Keep what the command assigns; a command behind assignments keeps them to itself."""
        if words[0].raw == "export":
            self._export(words[1:], line)
            return
        leading = list(takewhile(lambda word: _ASSIGNMENT.match(word.raw), words))
        if len(leading) < len(words):
            self._refuse_if_it_matters(words[len(leading)], line)
            return
        for word in leading:
            self._assign(word, line)

    def _export(self, words: list[_Word], line: int) -> None:
        for word in words:
            if _ASSIGNMENT.match(word.raw):
                self._assign(word, line)
            elif not _NAME.fullmatch(word.raw):
                raise self._beyond("`export` of what is no name", line)

    def _assign(self, word: _Word, line: int) -> None:
        if word.splits:
            raise self._beyond("an unquoted `$` whose value has blanks", line)
        name, _, value = word.value.partition("=")
        self.found.append((name, value, line))

    def _refuse_if_it_matters(self, command: _Word, line: int) -> None:
        if _OF_BASH_ALONE.match(command.raw):
            raise self._beyond("an assignment that bash knows and other shells do not", line)
        if command.value in _CHANGES_VARIABLES:
            raise self._beyond(f"the command `{command.value}`", line)

    def _beyond(self, what: str, line: int = 0) -> SourceError:
        return SourceError(
            f"{self.shown}:{line or self.line} has {what}: only a shell can tell what comes of it",
            hint="quote the value with ' on both sides, or use a `command` source",
        )


def shell_entries(
    text: str, environ: Mapping[str, str], shown: str
) -> tuple[tuple[str, str, int], ...]:
    """Return name, value and line number of each assignment, in order.

    A line such as `KEY = value` assigns nothing: to a shell it is a command called KEY.

    Raises:
        SourceError: the file needs a real shell, or has a quote that is never closed.
    """
    reader = _Reader(text, environ, shown)
    reader.read()
    return tuple(reader.found)
