"""A key in a `.env` file, read as python-dotenv reads it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from harness.errors import SourceError
from harness.model.key_source import DotenvSource
from harness.model.secret import Provenance, Secret


@dataclass(frozen=True, slots=True)
class DotenvEntry:
    """The line of a name in a file (the last one wins) and earlier lines that it hides."""

    secret: Secret
    line: int
    hidden_lines: tuple[int, ...]


def read_dotenv(source: DotenvSource, directory: Path) -> Secret:
    """Return the value of the name; `directory` is where a relative path starts.

    Raises:
        SourceError: no file, no such name, or a line that gives the name no value.
    """
    return find_entry(source, directory).secret


def find_entry(source: DotenvSource, directory: Path) -> DotenvEntry:
    """Return the entry with its line number.

    Raises:
        SourceError: no file, no such name, or a line that gives the name no value.
    """
    # A heavy-enough library that `flip401 --help` does without.
    from dotenv import dotenv_values  # noqa: PLC0415
    from dotenv.parser import parse_stream  # noqa: PLC0415

    path, shown = _locate(source, directory)
    text = _text(path, shown)
    bindings = [b for b in parse_stream(io.StringIO(text)) if b.key is not None]
    lines = [binding.original.line for binding in bindings if binding.key == source.name]
    if not lines:
        raise _no_such_name(source, shown, [str(binding.key) for binding in bindings])
    value = dotenv_values(stream=io.StringIO(text)).get(source.name)
    if value is None:
        raise SourceError(
            f"{shown}:{lines[-1]} names {source.name} but gives it no value",
            hint=f"write {source.name}=<the key>",
        )
    place = Provenance("dotenv", f"{shown}:{lines[-1]} {source.name}")
    return DotenvEntry(Secret(value, place), lines[-1], tuple(lines[:-1]))


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
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError(f"cannot read {shown}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{shown} is not UTF-8 text (byte {error.start + 1})",
            hint="save it as UTF-8 without a byte order mark",
        ) from None


def _no_such_name(source: DotenvSource, shown: str, names: list[str]) -> SourceError:
    near = get_close_matches(source.name, names, n=1, cutoff=0.8)
    hint = f"did you mean {near[0]}?" if near else f"add a line {source.name}=<the key>"
    return SourceError(f"{shown} has no {source.name}", hint=hint)
