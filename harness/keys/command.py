"""A key that a command prints, such as `pass show deepseek`."""

from __future__ import annotations

import subprocess
from pathlib import Path

from harness.errors import SourceError
from harness.model.key_source import CommandSource
from harness.model.secret import Provenance, Secret

TIMEOUT_SECONDS = 60.0


def read_command(
    source: CommandSource, directory: Path, *, timeout_seconds: float = TIMEOUT_SECONDS
) -> Secret:
    """Run the command without a shell and return what it prints, less its final line feeds.

    That is what a shell's `$(…)` gives; a carriage return stays, and is flagged. What the
    command writes to stderr is not shown: it may hold a secret.

    Raises:
        SourceError: the command cannot be started, fails, or takes too long.
    """
    name = source.argv[0]
    try:
        done = subprocess.run(  # noqa: S603 - the scenario's command, trusted before the run
            source.argv,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_seconds,
            check=False,
        )
    except FileNotFoundError:
        raise SourceError(
            f"command not found: {name}", hint="is it installed and on PATH?"
        ) from None
    except OSError as error:
        raise SourceError(f"cannot run {name}: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise SourceError(f"command {name} gave no key within {timeout_seconds:g} s") from None
    if done.returncode:
        raise SourceError(
            f"command {name} failed with exit code {done.returncode}",
            hint="run it by hand to see why; its messages are not shown here",
        )
    text = done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")
    return Secret(text, Provenance("command", " ".join(source.argv)))
