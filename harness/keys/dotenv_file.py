"""A key in a `.env` file, read as python-dotenv, a shell or docker reads it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from harness.errors import SourceError
from harness.keys.docker_env_file import docker_entries
from harness.keys.shell_dotenv import shell_entries
from harness.model.key_source import DotenvDialect, DotenvSource
from harness.model.secret import Provenance, Secret

Entries = tuple[tuple[str, str | None, int], ...]
"""Name, value (None where there is none) and line number, in the order of the file."""

READERS = {
    DotenvDialect.PYTHON_DOTENV: "python-dotenv",
    DotenvDialect.SHELL: "a shell",
    DotenvDialect.DOCKER: "docker --env-file",
}


@dataclass(frozen=True, slots=True)
class DotenvEntry:
    """The line of a name in a file (the last one wins) and earlier lines that it hides."""

    secret: Secret
    line: int
    hidden_lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DotenvText:
    """A `.env` file as it stands; `shown` is how to call it, `changed_at` when it was written.

    `environ` is what `$NAME` in it and a name alone would take their values from.
    """

    text: str
    shown: str
    changed_at: float
    environ: Mapping[str, str]

    def entry(self, name: str, dialect: DotenvDialect) -> DotenvEntry:
        """Return what the name means to a reader of that dialect.

        Raises:
            SourceError: no such name, a line that gives it no value, or a file that the reader
                would refuse.
        """
        lines = self._entries(name, dialect)
        own = [(value, line) for known, value, line in lines if known == name]
        if not own:
            raise _no_such_name(name, self.shown, dialect, [known for known, _, _ in lines])
        value, line = own[-1]
        if value is None:
            raise SourceError(
                f"{self.shown}:{line} names {name} but gives it no value",
                hint=f"write {name}=<the key>",
            )
        reader = (
            "" if dialect is DotenvDialect.PYTHON_DOTENV else f", as {READERS[dialect]} reads it"
        )
        place = Provenance("dotenv", f"{self.shown}:{line} {name}{reader}")
        return DotenvEntry(Secret(value, place), line, tuple(number for _, number in own[:-1]))

    def secrets(self) -> tuple[tuple[str, Secret], ...]:
        """Return each name with its value, as python-dotenv reads the file; the last one wins."""
        lines = self._entries("", DotenvDialect.PYTHON_DOTENV)
        found = {}
        for name in dict.fromkeys(name for name, _, _ in lines):
            with suppress(SourceError):  # a name alone has no value
                found[name] = self.entry(name, DotenvDialect.PYTHON_DOTENV).secret
        return tuple(found.items())

    def _entries(self, name: str, dialect: DotenvDialect) -> Entries:
        match dialect:
            case DotenvDialect.DOCKER:
                return docker_entries(self.text, self.environ, self.shown)
            case DotenvDialect.SHELL:
                return shell_entries(self.text, self.environ, self.shown)
            case DotenvDialect.PYTHON_DOTENV:
                return _python_dotenv_entries(self.text, name)


def read_dotenv(
    source: DotenvSource, directory: Path, environ: Mapping[str, str] | None = None
) -> Secret:
    """Return the value of the name; `directory` is where a relative path starts.

    Raises:
        SourceError: no file, no such name, or a line that gives the name no value.
    """
    return find_entry(source, directory, environ).secret


def find_entry(
    source: DotenvSource, directory: Path, environ: Mapping[str, str] | None = None
) -> DotenvEntry:
    """Return the entry with its line number.

    Raises:
        SourceError: no file, no such name, or a line that gives the name no value.
    """
    return open_dotenv(source, directory, environ).entry(source.name, source.dialect)


def open_dotenv(
    source: DotenvSource, directory: Path, environ: Mapping[str, str] | None = None
) -> DotenvText:
    """Find the file and read it.

    Raises:
        SourceError: there is no such file, or it cannot be read.
    """
    path, shown = _locate(source, directory)
    text = _text(path, shown)
    return DotenvText(text, shown, path.stat().st_mtime, environ or {})


def _python_dotenv_entries(text: str, name: str) -> Entries:
    """Return the entries; only the last of `name` has its references to variables filled in."""
    # A heavy-enough library that `flip401 --help` does without.
    from dotenv import dotenv_values  # noqa: PLC0415
    from dotenv.parser import parse_stream  # noqa: PLC0415

    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as any text file that Python opens
    final = dotenv_values(stream=io.StringIO(text)).get(name)
    return tuple(
        (binding.key, final if binding.key == name else None, binding.original.line)
        for binding in parse_stream(io.StringIO(text))
        if binding.key is not None
    )


def _locate(source: DotenvSource, directory: Path) -> tuple[Path, str]:
    start = directory / (source.cwd or "")
    folders = [start, *start.resolve().parents] if source.search_up else [start]
    for folder in folders:
        candidate = folder / source.path
        if candidate.is_file():
            shown = source.path if folder == start and not source.cwd else str(candidate)
            return candidate, shown
    where = f" in {source.cwd}" if source.cwd else ""
    upward = " or in any folder above" if source.search_up else ""
    raise SourceError(
        f"no file {source.path}{where}{upward}",
        hint="paths start in the working directory; `cwd:` names another, `find: up` looks above",
    )


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise SourceError(f"cannot read {shown}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{shown} is not UTF-8 text (byte {error.start + 1})",
            hint="save it as UTF-8 without a byte order mark",
        ) from None


def _no_such_name(name: str, shown: str, dialect: DotenvDialect, names: list[str]) -> SourceError:
    near = get_close_matches(name, names, n=1, cutoff=0.8)
    hint = f"did you mean {near[0]}?" if near else f"add a line {name}=<the key>"
    reader = "" if dialect is DotenvDialect.PYTHON_DOTENV else f" for {READERS[dialect]}"
    return SourceError(f"{shown} has no {name}{reader}", hint=hint)
