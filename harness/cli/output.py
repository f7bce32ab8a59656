"""Print a result on stdout; a disk or a pipe that takes no more is one line."""

from __future__ import annotations

import os
import sys

import click

from harness.errors import UsageError


def print_result(text: str, *, colour: bool) -> None:
    """Print `text` as it is.

    Raises:
        UsageError: stdout takes no more.
    """
    try:
        click.echo(text, nl=False, color=colour)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # The null device takes the rest: Python would fail on it once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        reason = (error.strerror or "unwritable").lower()
        raise UsageError(f"cannot write the result to stdout: {reason}") from None
