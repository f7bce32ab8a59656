"""What became of a request, and the rules by which a scenario tells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from harness.model.request import Json


class Outcome(StrEnum):
    """What became of an exchange or a variant."""

    PASS = "pass"  # noqa: S105 - the outcome, not a password
    DENIED = "denied"
    PROXY_DENIED = "proxy-denied"
    OTHER = "other"
    NOT_SENT = "not-sent"
    UNREACHABLE = "unreachable"

    @property
    def is_verdict(self) -> bool:
        """True for `pass` and `denied`: only these say whether the credential was taken."""
        return self in {Outcome.PASS, Outcome.DENIED}


class MatchKind(StrEnum):
    """How a matcher compares: the whole value, a part of it, or only that it is there."""

    EQUALS = "equals"
    CONTAINS = "contains"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Matcher:
    """One comparison. For PRESENT, `value` is True or False."""

    kind: MatchKind
    value: Json


@dataclass(frozen=True, slots=True)
class StatusRange:
    """HTTP status codes from `low` to `high`, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """An all-of: every part that is given must hold.

    `headers` maps a lower-case name, `json` an RFC 6901 pointer, `text` the decoded body.
    """

    statuses: tuple[StatusRange, ...] = ()
    headers: tuple[tuple[str, Matcher], ...] = ()
    json: tuple[tuple[str, Matcher], ...] = ()
    text: tuple[Matcher, ...] = ()


class Signal(StrEnum):
    """What a run searches by: whether the key is taken, or how a made-up key arrives."""

    OUTCOME = "outcome"
    ARRIVAL = "arrival"


@dataclass(frozen=True, slots=True)
class OutcomeRules:
    """Alternatives for `denied` (tried first) and for `pass`; nothing matched is `other`.

    With the signal `arrival` they are not looked at: a made-up key that arrives intact passes.
    """

    passing: tuple[OutcomeRule, ...] = (OutcomeRule(statuses=(StatusRange(200, 299),)),)
    denied: tuple[OutcomeRule, ...] = (OutcomeRule(statuses=(StatusRange(401, 401),)),)
    signal: Signal = Signal.OUTCOME
