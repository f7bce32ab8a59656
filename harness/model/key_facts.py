"""What may be said of a key without showing it: its shape, its source, what it shadows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyShape:
    """Facts of form, never a character of the key beyond a public prefix.

    `length` counts characters; `prefix` is a public key class such as `sk-`, or "" when none
    is known; `edges` are words such as `leading space`, `trailing LF`, `trailing double quote`;
    `non_ascii` are positions from 1; `marks` are words such as `looks like $NAME`, `null`,
    `sample value`, `contains a scheme`, `empty`, `JSON`.
    """

    length: int
    prefix: str = ""
    charset: str = ""
    edges: tuple[str, ...] = ()
    non_ascii: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Render in words, such as `35 characters, prefix sk-, trailing LF`."""
        words = [f"{self.length} character{'' if self.length == 1 else 's'}"]
        if self.prefix:
            words.append(f"prefix {self.prefix}")
        words += self.edges
        if self.non_ascii:
            words.append(f"non-ASCII at {', '.join(map(str, self.non_ascii[:5]))}")
        words += self.marks
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """One source as it was read: where the value stood, its shape, and its rivals.

    `source` is the source as the scenario names it, `place` the exact place found
    (`.env:3 DEEPSEEK_API_KEY`), `secret_id` the id in the cassette, `same_as` the first source
    that gave the same value. `shadows` are other places where the same name has another value
    and loses. `notes` say what else is worth knowing of the place: that it is stale, or that
    other programs read it differently. `error` is set when there is no value; then the rest is
    empty.
    """

    source: str
    place: str = ""
    secret_id: str = ""
    shape: KeyShape | None = None
    same_as: str = ""
    shadows: tuple[str, ...] = ()
    error: str = ""
    hint: str = ""
    notes: tuple[str, ...] = ()
