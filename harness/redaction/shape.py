"""The shape of a key in words and as a placeholder: never a character beyond its prefix."""

from __future__ import annotations

from harness.model.key_facts import KeyShape
from harness.model.secret import Secret
from harness.redaction.edges import edges_of, trim
from harness.redaction.key_class import charset_of, kind_of, public_prefix
from harness.redaction.marks import marks_of, words_of
from harness.redaction.placeholder import Placeholder

_GUESSABLE_KINDS = frozenset({"pw", "user"})
_SHORTEST_KEY = 16
_LENGTH_BUCKETS = ((24, "24-"), (16, "16-23"), (12, "12-15"), (8, "8-11"), (4, "4-7"), (1, "1-3"))


def shape_of(secret: Secret) -> KeyShape:
    """Describe `secret` by form alone."""
    value = secret.reveal()
    core = trim(value)
    return KeyShape(
        length=len(value),
        prefix=public_prefix(core),
        charset=charset_of(core),
        edges=tuple(str(edge) for edge in edges_of(value)),
        non_ascii=tuple(place for place, char in enumerate(value, 1) if not char.isascii()),
        marks=words_of(marks_of(value)),
    )


def placeholder_for(
    value: str, secret_id: str, *, kind: str = "", encoding: str = ""
) -> Placeholder:
    """Return the placeholder of a whole value.

    The length of what could be guessed (a password, a short opaque value) is a range; what is
    public anyway, such as `null`, keeps its own.
    """
    core = trim(value)
    kind = kind or kind_of(core)
    marks = marks_of(value)
    guessable = kind in _GUESSABLE_KINDS or (not kind and not marks and len(value) < _SHORTEST_KEY)
    return Placeholder(
        id=secret_id,
        kind=kind,
        length=_bucket(len(value)) if guessable else str(len(value)),
        charset=charset_of(core),
        encoding=encoding,
        edges=tuple(edge.fact for edge in edges_of(value)),
        marks=marks,
    )


def _bucket(length: int) -> str:
    return next((name for least, name in _LENGTH_BUCKETS if length >= least), "0")
