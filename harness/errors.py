"""The errors a person can cause or meet, and what each means for the exit code.

    UsageError                 exit 2: something the user wrote or asked for is wrong
    ├── ScenarioError          every fault found in a scenario file, each with its place
    ├── CassetteError          a cassette cannot be read, or its place cannot be written
    └── TrustError             the scenario wants keys or commands that nobody agreed to
    SourceError                a key source gave nothing; makes its variants `not-sent`
    LeakError                  exit 4: a secret was found in what would have been written

A refused connection or a 401 is a result, not an exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a file; line and column count from 1, 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Render as `file:line:col`, the form editors and compilers share."""
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: what, where, the offending line, and how to mend it."""

    place: Place
    message: str
    hint: str = ""
    source_line: str = ""
    width: int = 1

    def render(self) -> str:
        """Return the fault as lines of text: place and message, source and caret, hint."""
        lines = [f"{self.place}: {self.message}"]
        if self.source_line:
            caret = " " * max(self.place.column - 1, 0) + "^" * max(self.width, 1)
            lines += [f"    {self.source_line}", f"    {caret}"]
        if self.hint:
            lines.append(f"    {self.hint}")
        return "\n".join(lines)


class UsageError(Exception):
    """Something that the user wrote or asked for is wrong; `hint` says how to mend it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Keep the message and the hint apart so that a report can set them on two lines."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    def render(self) -> str:
        """Return the message, and the hint on a line of its own when there is one."""
        return f"{self.message}\n    {self.hint}" if self.hint else self.message


class ScenarioError(UsageError):
    """A scenario file has faults; all of them are carried, in file order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Sort the faults by place; at least one is required."""
        self.faults = tuple(sorted(faults, key=lambda fault: fault.place))
        super().__init__("; ".join(f"{fault.place}: {fault.message}" for fault in self.faults))

    def render(self) -> str:
        """Return every fault, one block each."""
        return "\n".join(fault.render() for fault in self.faults)


class CassetteError(UsageError):
    """A cassette cannot be read, or the place where one should go cannot be written."""


class TrustError(UsageError):
    """The scenario would read keys or run commands that nobody has agreed to."""


class SourceError(Exception):
    """A key source gave no value. The text names the source and the reason, never a value."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Keep the reason and how to mend it."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class LeakError(Exception):
    """A secret was found in what was about to be written; names places, never a value."""

    def __init__(self, places: Sequence[str]) -> None:
        """Take the places (file, line, which form) at which something was found."""
        self.places = tuple(places)
        super().__init__(f"a secret would have been written at {', '.join(self.places)}")
