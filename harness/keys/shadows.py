"""Which other places hold the same name with another value: who wins, who is shadowed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness.errors import SourceError
from harness.keys.dotenv_file import find_entry
from harness.model.key_source import DotenvSource, EnvSource, KeySource
from harness.model.secret import Provenance, Secret

DEFAULT_DOTENV = ".env"


def shadows_of(
    source: KeySource, secret: Secret, environ: Mapping[str, str], directory: Path
) -> tuple[str, ...]:
    """Return the rivals of `source` in words; values are compared here and never shown.

    A variable of the environment wins over a `.env` line in every loader that does not
    override, python-dotenv's default among them.
    """
    match source:
        case EnvSource(name):
            return _rival_file(name, secret, directory)
        case DotenvSource():
            return (
                *_rival_variable(source, secret, environ),
                *_hidden_lines(source, environ, directory),
            )
        case _:
            return ()


def _rival_file(name: str, secret: Secret, directory: Path) -> tuple[str, ...]:
    try:
        entry = find_entry(DotenvSource(DEFAULT_DOTENV, name), directory)
    except SourceError:
        return ()
    if entry.secret.same_value_as(secret):
        return ()
    return (f"{DEFAULT_DOTENV}:{entry.line} has another value, which the environment hides",)


def _rival_variable(
    source: DotenvSource, secret: Secret, environ: Mapping[str, str]
) -> tuple[str, ...]:
    if source.name not in environ:
        return ()
    if Secret(environ[source.name], Provenance("env", source.name)).same_value_as(secret):
        return ()
    return (f"the environment has another {source.name}, which hides this line from most loaders",)


def _hidden_lines(
    source: DotenvSource, environ: Mapping[str, str], directory: Path
) -> tuple[str, ...]:
    entry = find_entry(source, directory, environ)
    if not entry.hidden_lines:
        return ()
    lines = ", ".join(map(str, entry.hidden_lines))
    return (f"line {lines} names it too and loses to line {entry.line}",)
