"""Where a key may come from: plain descriptions, resolved by the `keys` adapters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from harness.model.secret import Secret


class DotenvDialect(StrEnum):
    """Whose reading of a `.env` file counts: the same line means different values to them."""

    PYTHON_DOTENV = "python-dotenv"
    SHELL = "shell"
    DOCKER = "docker"


@dataclass(frozen=True, slots=True)
class EnvSource:
    """An environment variable of this process."""

    name: str

    def __str__(self) -> str:
        """Render as `env NAME`."""
        return f"env {self.name}"


@dataclass(frozen=True, slots=True)
class DotenvSource:
    """One name in a `.env` file, relative to `cwd` (default: the working directory).

    With `search_up` the file is looked for in the parents of that directory too.
    """

    path: str
    name: str
    cwd: str | None = None
    search_up: bool = False
    dialect: DotenvDialect = DotenvDialect.PYTHON_DOTENV

    def __str__(self) -> str:
        """Render as `dotenv FILE NAME`, with all that tells it from another: trust goes by it."""
        usual = self.dialect is DotenvDialect.PYTHON_DOTENV
        reader = "" if usual else f" ({self.dialect.value})"
        above = ", or above" if self.search_up else ""
        return f"dotenv {self.path}{reader} {self.name}{_inside(self.cwd)}{above}"


@dataclass(frozen=True, slots=True)
class FileSource:
    """A whole file, every byte kept; `strip` drops surrounding white space on demand."""

    path: str
    cwd: str | None = None
    strip: bool = False

    def __str__(self) -> str:
        """Render as `file PATH`, with its folder where one is given: trust goes by it."""
        return f"file {self.path}{_inside(self.cwd)}"


@dataclass(frozen=True, slots=True)
class CommandSource:
    """The standard output of a command, one trailing line break removed as a shell does."""

    argv: tuple[str, ...]

    def __str__(self) -> str:
        """Render as `command ARGV…`."""
        return f"command {' '.join(self.argv)}"


@dataclass(frozen=True, slots=True)
class PromptSource:
    """Asked for at the terminal, without echo, once per run."""

    label: str

    def __str__(self) -> str:
        """Render as `prompt LABEL`."""
        return f"prompt {self.label}"


@dataclass(frozen=True, slots=True)
class KeyringSource:
    """An entry of the desktop's or the system's secret store, as the `keyring` library has it."""

    service: str
    user: str

    def __str__(self) -> str:
        """Render as `keyring SERVICE USER`."""
        return f"keyring {self.service} {self.user}"


@dataclass(frozen=True, slots=True)
class NetrcSource:
    """The password that the netrc file has for a host; `login` insists on whose it is."""

    host: str
    login: str | None = None

    def __str__(self) -> str:
        """Render as `netrc HOST`, with the login when one is asked for."""
        return f"netrc {self.host}{f' {self.login}' if self.login else ''}"


@dataclass(frozen=True, slots=True)
class ProcessSource:
    """A variable in the environment that a running process was started with.

    The process is given by its id, or by the name of its program.
    """

    process: int | str
    name: str

    def __str__(self) -> str:
        """Render as `process PROCESS NAME`."""
        return f"process {self.process} {self.name}"


@dataclass(frozen=True, slots=True)
class UnitSource:
    """A variable as a systemd unit defines it, which is what its next start will have."""

    unit: str
    name: str

    def __str__(self) -> str:
        """Render as `unit UNIT NAME`."""
        return f"unit {self.unit} {self.name}"


@dataclass(frozen=True, slots=True)
class CanarySource:
    """A key that is made up anew for each run: `prefix` and `length` random characters."""

    prefix: str = "sk-"
    length: int = 32

    def __str__(self) -> str:
        """Render as `canary PREFIX… LENGTH`."""
        return f"canary {self.prefix}… {self.length}"


@dataclass(frozen=True, slots=True)
class LiteralSource:
    """A value written in the scenario, wrong on purpose; kept as a secret all the same."""

    value: Secret

    def __str__(self) -> str:
        """Render as `literal`, without the value."""
        return "literal"


KeySource = (
    EnvSource
    | DotenvSource
    | FileSource
    | CommandSource
    | PromptSource
    | KeyringSource
    | NetrcSource
    | ProcessSource
    | UnitSource
    | CanarySource
    | LiteralSource
)


def _inside(folder: str | None) -> str:
    return "" if folder is None else f" in {folder}"
