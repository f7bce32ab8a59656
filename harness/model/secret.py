"""A key from birth: a value that prints where it came from and never what it is."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a secret was read: the kind of source and the place inside it.

    `kind` is a source kind (`env`, `dotenv`, …); `place` is safe to print, such as
    `DEEPSEEK_API_KEY` or `.env:3 DEEPSEEK_API_KEY`.
    """

    kind: str
    place: str

    def __str__(self) -> str:
        """Render as `kind place`."""
        return f"{self.kind} {self.place}".strip()


class Secret:
    """A secret text. Only signers, the redactor and the proxy route call `reveal`.

    Bytes that are not UTF-8 are kept as lone surrogates (`surrogateescape`), so
    `to_bytes` gives back exactly what the source held.
    """

    __slots__ = ("_value", "provenance")

    def __init__(self, value: str, provenance: Provenance) -> None:
        """Wrap `value`, read from `provenance`."""
        self._value = value
        self.provenance = provenance

    def reveal(self) -> str:
        """Return the secret text itself; every call site is a place to review."""
        return self._value

    def to_bytes(self) -> bytes:
        """Return the secret as the bytes its source held."""
        return self._value.encode("utf-8", "surrogateescape")

    def same_value_as(self, other: Secret) -> bool:
        """Tell whether both hold the same text, in constant time."""
        return hmac.compare_digest(self.to_bytes(), other.to_bytes())

    def __repr__(self) -> str:
        """Show the provenance only."""
        return f"<secret from {self.provenance}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """Format like `repr`, so that an f-string cannot print the value."""
        return format(repr(self), spec)

    def __reduce__(self) -> NoReturn:
        """Refuse pickling: a pickle is a file with the secret in it."""
        raise TypeError("a Secret cannot be pickled")
