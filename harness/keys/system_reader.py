"""Reads every kind of key source from this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.errors import SourceError
from harness.keys.command import read_command
from harness.keys.dotenv_file import read_dotenv
from harness.keys.environment import read_environment
from harness.keys.key_file import read_file
from harness.model.key_source import (
    CommandSource,
    DotenvSource,
    EnvSource,
    FileSource,
    KeySource,
    LiteralSource,
    PromptSource,
)
from harness.model.secret import Provenance, Secret

Ask = Callable[[str], str]
"""Asks at the terminal without echo; takes the prompt's text."""


@dataclass(frozen=True, slots=True)
class SystemKeyReader:
    """Reads sources from the environment, files and commands; `ask` is None off a terminal."""

    environ: Mapping[str, str]
    directory: Path
    ask: Ask | None = None

    def read(self, source: KeySource) -> Secret:
        """Return the secret.

        Raises:
            SourceError: the source has no value.
        """
        match source:
            case EnvSource():
                return read_environment(source, self.environ)
            case DotenvSource():
                return read_dotenv(source, self.directory)
            case FileSource():
                return read_file(source, self.directory)
            case CommandSource():
                return read_command(source, self.directory)
            case PromptSource(label):
                return self._prompt(label)
            case LiteralSource(value):
                return value

    def _prompt(self, label: str) -> Secret:
        if self.ask is None:
            raise SourceError(
                f"cannot ask for {label}: this is not a terminal",
                hint="run it at a terminal, or use another source",
            )
        return Secret(self.ask(f"{label}: "), Provenance("prompt", label))
