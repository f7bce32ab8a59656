"""Decide what a pair of texts comes to: nothing, a difference, an open question, set aside."""

from __future__ import annotations

from dataclasses import dataclass, replace

from harness.difference.difference import Difference, Kind, Part, Weight, kind_of_change
from harness.difference.likeness import Likeness, Scope, liken
from harness.difference.moment import compare_moments
from harness.difference.volatile import COMPUTED_ANEW, INSIDE, MOMENT, without_changing

_OF_THE_ANSWER = frozenset({Part.ANSWER_HEADERS, Part.ANSWER_BODY, Part.STATUS, Part.FAILURE})

_LONGEST_MASKED = 64 * 1024
"""Characters of a text that is looked through for ids: a stranger may send much."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What stands at one place in A and in B, as it is shown; None where nothing does.

    `texts` are compared in place of what is shown: the value of a header line. `reason` is why
    a difference of values is set aside.
    """

    part: Part
    place: str
    left: str | None
    right: str | None
    texts: tuple[str, str] | None = None
    reason: str = ""


def judge(pair: Pair, scope: Scope) -> list[Difference]:
    """Return the difference of a pair, in a list of one or none."""
    kind = kind_of_change(pair.left, pair.right)
    found = Difference(pair.part, pair.place, kind, pair.left, pair.right)
    if pair.left is None or pair.right is None:
        return [] if pair.left == pair.right else [found]
    left, right = pair.texts or (pair.left, pair.right)
    likened = liken(left, right, scope)
    match likened.likeness:
        case Likeness.SAME:
            return []
        case _ if pair.reason:
            return [set_aside(found, pair.reason)]
        case Likeness.FRESH:
            return [set_aside(found, COMPUTED_ANEW)]
        case Likeness.OPEN:
            return [replace(found, words=likened.words, weight=Weight.UNDECIDED)]
        case _:
            return [_of_values(replace(found, words=likened.words), left, right, scope)]


def set_aside(found: Difference, why: str) -> Difference:
    """Return the difference as one that does not count."""
    return replace(found, words=why, weight=Weight.SET_ASIDE)


def respelt(part: Part, place: str, left: str, right: str, words: str) -> Difference:
    """Return the difference of one thing that is written in two ways."""
    return Difference(part, place, Kind.SPELLING, left, right, words)


def _of_values(found: Difference, left: str, right: str, scope: Scope) -> Difference:
    """Set a difference of values aside when it is one of times, or of ids inside an answer."""
    moments = compare_moments(left, right, scope.sent_at)
    if moments is not None:
        return set_aside(found, MOMENT) if moments.is_same else replace(found, words=moments.words)
    if found.part in _OF_THE_ANSWER and _same_but_for_ids(left, right, scope):
        return set_aside(found, INSIDE)
    return found


def _same_but_for_ids(left: str, right: str, scope: Scope) -> bool:
    if max(len(left), len(right)) > _LONGEST_MASKED:
        return False
    masked = liken(without_changing(left), without_changing(right), scope)
    return masked.likeness <= Likeness.FRESH
