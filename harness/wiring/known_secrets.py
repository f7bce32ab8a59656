"""Read the keys of a recorded run once more, so that what is shared can be searched for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.errors import SourceError, UsageError
from harness.judge.search_space import all_sources
from harness.keys.system_reader import SystemKeyReader
from harness.model.key_source import (
    CanarySource,
    CommandSource,
    DotenvSource,
    EnvSource,
    FileSource,
    KeySource,
    LiteralSource,
    NetrcSource,
    PromptSource,
)
from harness.model.scenario import Scenario
from harness.model.secret import Provenance, Secret


@dataclass(frozen=True, slots=True, repr=False)
class KnownSecrets:
    """The secrets to look for, and the sources that could not be read again, with the reason."""

    secrets: tuple[Secret, ...]
    missed: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Count only."""
        return f"<KnownSecrets {len(self.secrets)}>"


def known_secrets(
    scenario: Scenario | None,
    names: Iterable[str],
    *,
    trust: bool,
    environ: Mapping[str, str],
    directory: Path,
) -> KnownSecrets:
    """Read the run's sources as they are now, and the variables `names`.

    Whoever wrote the cassette chose the sources: only variables and files are read, and a
    command is run only with `trust`. `scenario` is None where there is no run, or a lab's.

    Raises:
        UsageError: a variable of `names` is not set.
    """
    named = [_variable(name, environ) for name in names]
    read: list[Secret] = []
    missed: list[str] = []
    reader = SystemKeyReader(environ, directory)
    for source in all_sources(scenario) if scenario else ():
        reason = _not_to_read(source, directory, trust=trust)
        if isinstance(source, CanarySource | LiteralSource):
            continue  # made up, or written in the scenario and redacted there
        if reason:
            missed.append(f"{source}: {reason}")
            continue
        try:
            read.append(reader.read(source))
        except SourceError as error:
            missed.append(error.message)
    return KnownSecrets((*named, *read), tuple(missed))


def _variable(name: str, environ: Mapping[str, str]) -> Secret:
    value = environ.get(name)
    if not value:
        raise UsageError(
            f"--env {name}: the variable is not set", hint="name a variable that holds a secret"
        )
    return Secret(value, Provenance("env", name))


def _not_to_read(source: KeySource, directory: Path, *, trust: bool) -> str:
    match source:
        case EnvSource() | NetrcSource():
            return ""
        case DotenvSource(path=path, cwd=cwd) | FileSource(path=path, cwd=cwd):
            return _no_file(directory / (cwd or "") / Path(path).expanduser())
        case PromptSource():
            return "not asked for again"
        case CommandSource():
            return "" if trust else "a command, which only --trust runs"
        case _:
            return "" if trust else "another program's, which only --trust asks"


def _no_file(path: Path) -> str:
    """Say why a path is not opened: a device or a pipe could keep us waiting for ever."""
    try:
        is_file = path.is_file()
    except (OSError, ValueError, RuntimeError):
        is_file = False
    return "" if is_file or not path.exists() else "not a file"
