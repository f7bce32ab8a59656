"""Writes keys into a `.env` file so that a loader gives back exactly the same values."""

from __future__ import annotations

from collections.abc import Mapping

from harness.model.secret import Secret

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\r": "\\r", "\n": "\\n"}


def dotenv_text(values: Mapping[str, Secret]) -> str:
    """Return the file's text; it holds the values, so it goes to a file of mode 0600 only.

    In single quotes line breaks and double quotes stay, and a shell expands nothing;
    python-dotenv expands `${NAME}` even there unless told not to. A carriage return, which no
    file read as text keeps, is written as an escape that loaders know and shells don't.
    """
    return "".join(f"{name}={_quoted(value.reveal())}\n" for name, value in values.items())


def _quoted(value: str) -> str:
    if "\r" in value:
        return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
