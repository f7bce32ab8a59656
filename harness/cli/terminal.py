"""What the terminal is like: width, colour, characters, and a person to ask."""

from __future__ import annotations

import getpass
import os
import shutil
import sys
from collections.abc import Callable
from typing import TextIO

import click

WIDTH_OFF_A_TERMINAL = 80
"""Off a terminal the output must not depend on where it runs."""


def width_of(stream: TextIO) -> int:
    """Return the columns of the terminal, or a fixed number where there is none."""
    if not stream.isatty():
        return WIDTH_OFF_A_TERMINAL
    return max(shutil.get_terminal_size((WIDTH_OFF_A_TERMINAL, 24)).columns, 20)


def wants_colour(stream: TextIO) -> bool:
    """Colour only at a terminal, and not where NO_COLOR says no (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_ascii_only(stream: TextIO) -> bool:
    """Tell whether the stream cannot show the few signs beyond ASCII that reports use."""
    try:
        "→✓✗…·─".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def asker() -> Callable[[str], str] | None:
    """Return a way to ask for a secret without echo; None where nobody is there."""
    return getpass.getpass if sys.stdin.isatty() and sys.stderr.isatty() else None


def confirmer() -> Callable[[str], bool] | None:
    """Return a way to ask yes or no; None where nobody is there."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    def confirm(table: str) -> bool:
        click.echo(f"This scenario is new on this machine:\n{table}", err=True)
        return click.confirm("Send keys as shown?", default=False, err=True)

    return confirm
