"""Reads every kind of key source from this machine."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.errors import SourceError
from harness.keys.canary import RandomHex, make_canary
from harness.keys.command import read_command
from harness.keys.dotenv_file import read_dotenv
from harness.keys.environment import read_environment
from harness.keys.key_file import read_file
from harness.keys.keyring_store import read_keyring
from harness.keys.netrc_file import find_netrc_entry
from harness.keys.process_environment import find_in_process
from harness.keys.systemd_unit import Show, find_in_unit, systemctl_show
from harness.model.key_source import (
    CanarySource,
    CommandSource,
    DotenvSource,
    EnvSource,
    FileSource,
    KeyringSource,
    KeySource,
    LiteralSource,
    NetrcSource,
    ProcessSource,
    PromptSource,
    UnitSource,
)
from harness.model.secret import Provenance, Secret

Ask = Callable[[str], str]
"""Asks at the terminal without echo; takes the prompt's text."""


@dataclass(frozen=True, slots=True)
class SystemKeyReader:
    """Reads sources from the environment, files and commands; `ask` is None off a terminal.

    `random_hex` makes canaries, `show` asks systemd of a unit.
    """

    environ: Mapping[str, str]
    directory: Path
    ask: Ask | None = None
    random_hex: RandomHex = secrets.token_hex
    show: Show = systemctl_show

    def read(self, source: KeySource) -> Secret:  # noqa: C901, PLR0911 - one case a kind
        """Return the secret.

        Raises:
            SourceError: the source has no value.
        """
        match source:
            case EnvSource():
                return read_environment(source, self.environ)
            case DotenvSource():
                return read_dotenv(source, self.directory, self.environ)
            case FileSource():
                return read_file(source, self.directory)
            case CommandSource():
                return read_command(source, self.directory)
            case PromptSource(label):
                return self._prompt(label)
            case KeyringSource():
                return read_keyring(source)
            case NetrcSource():
                return find_netrc_entry(source, self.environ).secret
            case ProcessSource():
                return find_in_process(source).secret
            case UnitSource():
                return find_in_unit(source, self.show).secret
            case CanarySource():
                return make_canary(source, self.random_hex)
            case LiteralSource(value):
                return value

    def _prompt(self, label: str) -> Secret:
        if self.ask is None:
            raise SourceError(
                f"cannot ask for {label}: this is not a terminal",
                hint="run it at a terminal, or use another source",
            )
        return Secret(self.ask(f"{label}: "), Provenance("prompt", label))
