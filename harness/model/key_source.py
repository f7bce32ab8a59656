"""Where a key may come from: plain descriptions, resolved by the `keys` adapters."""

from __future__ import annotations

from dataclasses import dataclass

from harness.model.secret import Secret


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

    def __str__(self) -> str:
        """Render as `dotenv FILE NAME`, with all that tells it from another: trust goes by it."""
        above = ", or above" if self.search_up else ""
        return f"dotenv {self.path} {self.name}{_inside(self.cwd)}{above}"


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
class LiteralSource:
    """A value written in the scenario, wrong on purpose; kept as a secret all the same."""

    value: Secret

    def __str__(self) -> str:
        """Render as `literal`, without the value."""
        return "literal"


KeySource = EnvSource | DotenvSource | FileSource | CommandSource | PromptSource | LiteralSource


def _inside(folder: str | None) -> str:
    return "" if folder is None else f" in {folder}"
