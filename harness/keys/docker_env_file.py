"""Reads an env file as `docker run --env-file` does: nearly nothing means anything."""

from __future__ import annotations

from collections.abc import Mapping

from harness.errors import SourceError


def docker_entries(
    text: str, environ: Mapping[str, str], shown: str
) -> tuple[tuple[str, str, int], ...]:
    """Return name, value and line number of each entry, in order.

    By Docker's documentation and its own parser: only `#` at the start of a line is a comment;
    quotes, inline comments, `$` and trailing blanks are part of the value; a carriage return
    at the line end is not; a name alone takes its value from the environment.

    Raises:
        SourceError: docker would refuse the whole file.
    """
    found: list[tuple[str, str, int]] = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.removesuffix("\r")
        line = (line.removeprefix("\ufeff") if number == 1 else line).lstrip()
        if not line or line.startswith("#"):
            continue
        name, mark, value = line.partition("=")
        if not name or any(map(str.isspace, name)):
            raise SourceError(
                f"docker refuses {shown}: {'a blank in' if name else 'no'} name in line {number}",
                hint="docker takes NAME=value, with no `export` and no space around the `=`",
            )
        if mark:
            found.append((name, value, number))
        elif name in environ:
            found.append((name, environ[name], number))
    return tuple(found)
