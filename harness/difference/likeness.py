"""Tell whether two redacted texts are the same: letters by letters, secrets by relation.

In one cassette equal ids mean equal values. Across cassettes ids mean nothing: a form that
differs proves that the values differ, one that does not leaves it open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from harness.difference.secret_words import difference_words
from harness.redaction.placeholder import NO_ID, Placeholder, parse_placeholder, split_placeholders

ANOTHER = "another value of the same shape"
OPEN = "same shape, cannot tell whether equal"
SHAPELESS = "another value"
OPEN_SHAPELESS = "cannot tell whether equal"
"""What is said of secrets of which no form is known: one that only signs stands nowhere."""

_COMPUTED = frozenset({"sig", "nonce"})
_SPACE = re.compile(r"\s+")


class Likeness(IntEnum):
    """How two texts stand to one another; of several secrets, the last of these decides.

    `fresh`: what each exchange computes or is given anew, of one shape.
    """

    SAME = 0
    FRESH = 1
    OPEN = 2
    DIFFERENT = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """What ids mean between A and B.

    `relations` are those of a cassette by the two ids, such as `{("s2", "s1"): "s2 = s1 + LF"}`.
    `fresh_left` and `fresh_right` are the ids of what was made or issued for this exchange alone.
    `sent_at` is when each was sent, in seconds since the epoch.
    """

    one_cassette: bool
    relations: Mapping[tuple[str, str], str] = field(default_factory=dict)
    fresh_left: frozenset[str] = frozenset()
    fresh_right: frozenset[str] = frozenset()
    sent_at: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Likened:
    """What came of comparing two texts, and how they differ in words where words say more."""

    likeness: Likeness
    words: str = ""


def liken(left: str, right: str, scope: Scope) -> Likened:
    """Compare two redacted texts."""
    if "RDX~" not in left and "RDX~" not in right:
        if left == right:
            return Likened(Likeness.SAME)
        return Likened(Likeness.DIFFERENT, _literal_words(left, right))
    lefts, rights = split_placeholders(left), split_placeholders(right)
    if len(lefts) != len(rights):
        return Likened(Likeness.DIFFERENT)
    pairs = dict.fromkeys(zip(lefts[1::2], rights[1::2], strict=True))
    found = [_liken_secrets(*pair, scope) for pair in pairs]
    worst = max((one.likeness for one in found), default=Likeness.SAME)
    words = [one.words for one in found if one.words and one.likeness is worst]
    if lefts[::2] != rights[::2]:
        worst = Likeness.DIFFERENT
        words = [one.words for one in found if one.likeness is worst]
        literal = _literal_words("\0".join(lefts[::2]), "\0".join(rights[::2]))
        words.append(f"{literal} around the secret" if literal and found else literal)
    return Likened(worst, ", ".join(dict.fromkeys(filter(None, words))))


def liken_placeholders(left: Placeholder, right: Placeholder, scope: Scope) -> Likened:
    """Compare two secrets."""
    words = list(difference_words(left, right))
    comparable = scope.one_cassette and _namespace(left.id) == _namespace(right.id)
    if comparable and left.id == right.id and NO_ID not in {left.id, right.id}:
        if (left.part, left.encoding) == (right.part, right.encoding):
            return Likened(Likeness.SAME)
        return Likened(Likeness.DIFFERENT, ", ".join(words))
    related = _related(left.id, right.id, scope) if comparable else ""
    if words or related:
        return Likened(Likeness.DIFFERENT, ", ".join([*filter(None, [related]), *words]))
    if _is_fresh(left, right, scope):
        return Likened(Likeness.FRESH)
    has_shape = bool(left.length and right.length)
    if comparable and NO_ID not in {left.id, right.id}:
        return Likened(Likeness.DIFFERENT, ANOTHER if has_shape else SHAPELESS)
    return Likened(Likeness.OPEN, OPEN if has_shape else OPEN_SHAPELESS)


def _liken_secrets(left: str, right: str, scope: Scope) -> Likened:
    one, other = parse_placeholder(left), parse_placeholder(right)
    assert one is not None  # it was cut out as one
    assert other is not None
    return liken_placeholders(one, other, scope)


def _namespace(secret_id: str) -> str:
    """Return whose counter an id comes from: a run's, or that of reading the file."""
    return secret_id.rstrip("0123456789")


def _is_fresh(left: Placeholder, right: Placeholder, scope: Scope) -> bool:
    if left.kind == right.kind and left.kind in _COMPUTED:
        return True
    return left.id in scope.fresh_left and right.id in scope.fresh_right


def _related(left: str, right: str, scope: Scope) -> str:
    """Return what the cassette itself says of the two, such as `s2 = s1 + LF`."""
    relations = scope.relations
    return relations.get((right, left), "") or relations.get((left, right), "")


def _literal_words(left: str, right: str) -> str:
    """Say what is between the secrets differs in, where the eye would miss it."""
    if _SPACE.sub("", left) == _SPACE.sub("", right):
        return "other white space"
    return "another letter case" if left.casefold() == right.casefold() else ""
