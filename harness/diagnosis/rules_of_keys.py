"""Causes in the key's value: its shape against the passing one's, its source, what it hides."""

from __future__ import annotations

from harness.diagnosis.answers import says_key_ended
from harness.diagnosis.context import FlipContext
from harness.diagnosis.key_words import is_empty, provider_of, shape_cause
from harness.diagnosis.rule import Match
from harness.model.key_facts import KeyFacts
from harness.model.outcome import Outcome

STALE = "stale: "
"""How the note of a key begins whose place has changed since it was taken from there."""


def key_shape(context: FlipContext) -> Match | None:
    """Recognise a failing key that is empty or odd where the passing one is not."""
    pair = _pair(context)
    if pair is None:
        return None
    passing, failing = pair
    if is_empty(failing) and not is_empty(passing):
        return _empty(passing, failing)
    code = shape_cause(failing.shape, passing.shape)
    return Match(code) if code else None


def key_value(context: FlipContext) -> Match | None:
    """Recognise two clean keys of which the server takes one only."""
    pair = _pair(context)
    if pair is None or len(context.changes) > 1 or context.failing.outcome is not Outcome.DENIED:
        return None
    passing, failing = pair
    if failing.shape is None or passing.shape is None or failing.same_as == passing.source:
        return None
    code = _code_of_purpose(passing, failing)
    if code is None and any(note.startswith(STALE) for note in failing.notes):
        code = "K15"
    if code is None and says_key_ended(context.failing.answer):
        code = "A01"
    return Match(code or ("K07" if _hides(passing, failing) else "K21"))


def _code_of_purpose(passing: KeyFacts, failing: KeyFacts) -> str | None:
    """Tell a key of another provider, and one that the scenario has made wrong on purpose."""
    kind = failing.source.partition(" ")[0]
    if kind == "canary":
        return "K31"
    assert failing.shape is not None
    assert passing.shape is not None
    prefix = failing.shape.prefix
    if prefix != passing.shape.prefix and provider_of(prefix):
        return "K22"
    return "K31" if kind == "literal" else None


def _pair(context: FlipContext) -> tuple[KeyFacts, KeyFacts] | None:
    pair = context.changed_key()
    return None if pair is None or pair[1].error else pair


def _empty(passing: KeyFacts, failing: KeyFacts) -> Match:
    if _hides(passing, failing):
        return Match("K02")
    return Match("H02", also=("K02",) if failing.source.startswith("env ") else ())


def _hides(passing: KeyFacts, failing: KeyFacts) -> bool:
    """Tell whether the failing key is set where it wins over another of the same name."""
    kind, _, name = failing.source.partition(" ")
    if kind != "env":
        return False
    good_kind, _, rest = passing.source.partition(" ")
    return bool(failing.shadows) or (good_kind == "dotenv" and rest.split()[-1:] == [name])
