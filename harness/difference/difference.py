"""The values of a comparison: where two exchanges differ, how, and how much it tells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A part of an exchange, in the order of what tells most of a 401."""

    KEY = "key"
    CREDENTIALS = "credentials"
    HEADERS = "request-headers"
    LINE = "request-line"
    URL = "url"
    BODY = "request-body"
    ROUTE = "route"
    STATUS = "status"
    FAILURE = "failure"
    ANSWER_HEADERS = "answer-headers"
    ANSWER_BODY = "answer-body"
    TIMING = "timing"


class Kind(StrEnum):
    """How two sides differ. `spelling`: the same thing, written otherwise."""

    CHANGED = "changed"
    ONLY_A = "only-in-a"
    ONLY_B = "only-in-b"
    SPELLING = "spelling"
    ORDER = "order"


class Weight(StrEnum):
    """Whether a difference counts.

    `undecided`: two secrets of one shape in two cassettes, which may be equal. `set-aside`: it
    differs between any two exchanges, or follows from what is compared elsewhere.
    """

    DIFFERS = "differs"
    UNDECIDED = "undecided"
    SET_ASIDE = "set-aside"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which A and B are not the same.

    `left` and `right` are what stands there in A and in B (None: nothing does); a header is its
    whole line. `words` say how a secret or a time differs, or why something is set aside.
    """

    part: Part
    place: str
    kind: Kind
    left: str | None
    right: str | None
    words: str = ""
    weight: Weight = Weight.DIFFERS


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between A and B, in the order of the parts."""

    all: tuple[Difference, ...] = ()

    @classmethod
    def of(cls, found: list[Difference]) -> Comparison:
        """Put the differences in order."""
        order = list(Part)
        return cls(tuple(sorted(found, key=lambda one: order.index(one.part))))

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Those that count."""
        return self._with(Weight.DIFFERS)

    @property
    def undecided(self) -> tuple[Difference, ...]:
        """Secrets of which nobody can tell whether they are equal."""
        return self._with(Weight.UNDECIDED)

    @property
    def set_aside(self) -> tuple[Difference, ...]:
        """What differs between any two exchanges."""
        return self._with(Weight.SET_ASIDE)

    def _with(self, weight: Weight) -> tuple[Difference, ...]:
        return tuple(one for one in self.all if one.weight is weight)


def kind_of_change(left: str | None, right: str | None) -> Kind:
    """Return the kind by what is there."""
    if left is None:
        return Kind.ONLY_B
    return Kind.ONLY_A if right is None else Kind.CHANGED
