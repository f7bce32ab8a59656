"""Writes keys into a `.env` file so that a loader gives back exactly the same values."""

from __future__ import annotations

from collections.abc import Mapping

from harness.model.secret import Secret


def dotenv_text(values: Mapping[str, Secret]) -> str:
    """Return the file's text; it holds the values, so it goes to a file of mode 0600 only.

    Single quotes: nothing in them is expanded, by a shell or by python-dotenv; a line break or
    a double quote stays.
    """
    return "".join(f"{name}={_quoted(value.reveal())}\n" for name, value in values.items())


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
