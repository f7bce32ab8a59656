"""A text with places for keys in it: `Bearer ${key}` parsed, not yet filled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class KeyFilter(StrEnum):
    """How a key is written into the text; `VERBATIM` when nothing is said."""

    VERBATIM = ""
    URLENCODE = "urlencode"
    BASE64 = "base64"


@dataclass(frozen=True, slots=True)
class KeyReference:
    """The place of one key: `name` is `key`, or `keys.<name>` for a named one."""

    name: str
    filter: KeyFilter = KeyFilter.VERBATIM


@dataclass(frozen=True, slots=True)
class Template:
    """Literal text and key references, in order."""

    parts: tuple[str | KeyReference, ...]

    @classmethod
    def of(cls, text: str) -> Template:
        """Return a template of literal text only."""
        return cls((text,) if text else ())

    @property
    def references(self) -> tuple[KeyReference, ...]:
        """The key references, in order, repeats kept."""
        return tuple(part for part in self.parts if isinstance(part, KeyReference))

    def __str__(self) -> str:
        """Render as the scenario would write it (`$` doubled where it must be)."""
        return "".join(
            part.replace("$", "$$")
            if isinstance(part, str)
            else f"${{{part.name}{'|' if part.filter else ''}{part.filter}}}"
            for part in self.parts
        )
