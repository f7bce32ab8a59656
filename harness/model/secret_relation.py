"""How one secret of a run is made of another, said without a character of either."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecretRelation:
    """Two secrets by their ids, and what the first is to the second.

    `form` is a phrase of the closed grammar of `harness.redaction.relations`, such as
    `= {} + LF`, where `{}` stands for the second.
    """

    id: str
    of: str
    form: str

    def __str__(self) -> str:
        """Render with the ids, such as `s2 = s1 + LF`."""
        return self.between(self.id, self.of)

    def between(self, name: str, other: str) -> str:
        """Render with names in place of the ids, such as `dotenv = shell + LF`."""
        return f"{name} {self.form.replace('{}', other)}"
