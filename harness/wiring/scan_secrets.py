"""The secrets that a scan looks for, read from sources that a person names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import SourceError, UsageError
from harness.judge.search_space import all_sources
from harness.keys.dotenv_file import open_dotenv
from harness.keys.environment import read_environment
from harness.keys.resolve import resolve_keys
from harness.keys.system_reader import Ask, SystemKeyReader
from harness.model.key_source import (
    CanarySource,
    CommandSource,
    DotenvDialect,
    DotenvSource,
    EnvSource,
    KeySource,
    LiteralSource,
    PromptSource,
    UnitSource,
)
from harness.model.secret import Provenance, Secret
from harness.wiring.options import RunOptions, load_scenario
from harness.wiring.scenarios import find_scenario

MAX_FILE_BYTES = 1 << 20
_NEEDS_TRUST = (CommandSource, PromptSource, UnitSource)
_KEY_NAME = re.compile(
    r"KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|PRIVATE|SIGNATURE|SALT|COOKIE|SESSION|DSN",
    re.IGNORECASE,
)
_KEY_VALUE = re.compile(
    r"(?=\S*[0-9])(?=\S*[A-Za-z])[A-Za-z0-9_+/.=~-]{20,}|\w+://[^\s/@]*:[^\s/@]+@.*", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class SecretSources:
    """Where the secrets are: names and files, never values.

    `dotenv` holds `FILE` or `FILE:NAME`; `trust` lets commands run and prompts be asked.
    """

    env: Sequence[str] = ()
    dotenv: Sequence[str] = ()
    secrets_files: Sequence[str] = ()
    scenarios: Sequence[str] = ()
    trust: bool = False

    @property
    def any(self) -> bool:
        """Whether a source was named."""
        return bool(self.env or self.dotenv or self.secrets_files or self.scenarios)


@dataclass(frozen=True, slots=True)
class NamedSecrets:
    """What the sources gave.

    `insisted` are those that were named one by one; `absent` says which sources of scenarios
    have no value here, `refused` which were not read for want of trust. `asked` is whether a
    source was named at all.
    """

    secrets: tuple[Secret, ...] = ()
    insisted: tuple[Secret, ...] = ()
    absent: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    asked: bool = False


def read_secrets(
    sources: SecretSources, environ: Mapping[str, str], directory: Path, ask: Ask | None
) -> NamedSecrets:
    """Read all of them.

    Raises:
        UsageError: a source that was named by itself has no value, or a file cannot be read.
    """
    insisted: list[Secret] = []
    others: list[Secret] = []
    try:
        insisted += [read_environment(EnvSource(name), environ) for name in sources.env]
        for text in sources.dotenv:
            found, is_one = _dotenv(text, environ, directory)
            (insisted if is_one else others).extend(found)
    except SourceError as error:
        raise UsageError(error.message, hint=error.hint) from None
    for text in sources.secrets_files:
        insisted += _lines(text, directory)
    wanted = tuple(_scenario_sources(sources.scenarios))
    refused = () if sources.trust else tuple(one for one in wanted if isinstance(one, _NEEDS_TRUST))
    resolved = resolve_keys(
        (source for source in wanted if source not in refused),
        SystemKeyReader(environ, directory, ask),
    )
    return NamedSecrets(
        (*insisted, *others, *resolved.secrets.values()),
        tuple(insisted),
        tuple(error.message for error in resolved.missing.values()),
        tuple(f"{source}: needs --trust" for source in dict.fromkeys(refused)),
        sources.any,
    )


def _scenario_sources(names: Sequence[str]) -> Iterator[KeySource]:
    """Yield the sources of secrets; a literal is wrong on purpose, a canary is made for a run."""
    for name in names:
        scenario = load_scenario(find_scenario(name), RunOptions())
        for source in all_sources(scenario):
            if not isinstance(source, LiteralSource | CanarySource):
                yield source


def _dotenv(
    text: str, environ: Mapping[str, str], directory: Path
) -> tuple[tuple[Secret, ...], bool]:
    """Return the secrets of `FILE` that look like keys, or the one of `FILE:NAME`."""
    file, colon, name = text.rpartition(":")
    if colon and not (directory / text).is_file():
        opened = open_dotenv(DotenvSource(file, name), directory, environ)
        return (opened.entry(name, DotenvDialect.PYTHON_DOTENV).secret,), True
    opened = open_dotenv(DotenvSource(text, ""), directory, environ)
    found = tuple(
        secret
        for name, secret in opened.secrets()
        if secret.reveal() and (_KEY_NAME.search(name) or _KEY_VALUE.fullmatch(secret.reveal()))
    )
    if not found:
        raise UsageError(
            f"no value in {text} looks like a key", hint=f"name one: --dotenv {text}:NAME"
        )
    return found, False


def _lines(text: str, directory: Path) -> tuple[Secret, ...]:
    try:
        with (directory / text).open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise UsageError(f"cannot read {text}: {reason}", hint="one secret a line") from None
    if len(content) > MAX_FILE_BYTES:
        raise UsageError(f"{text} is larger than 1 MiB", hint="one secret a line")
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    secrets = tuple(
        Secret(line.rstrip("\r"), Provenance("secrets-file", f"{text}:{number}"))
        for number, line in enumerate(lines, 1)
        if line.strip()
    )
    if not secrets:
        raise UsageError(f"{text} holds no secret", hint="one secret a line")
    return secrets
