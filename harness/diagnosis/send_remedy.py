"""What to do about a request that the client did not send, by the reason it gave."""

from __future__ import annotations

from harness.diagnosis.context import FlipContext
from harness.diagnosis.facts import levels_of, url_of, where
from harness.diagnosis.key_words import shape_cause
from harness.model.key_facts import KeyFacts

_REMEDIES = {
    "bad-url": "correct the URL {url}",
    "bad-tls": "correct the file that it names",
    "not-signed": "correct `sign`, or the key that it names",
    "no-route": "correct the proxy variables, or write the `proxy` down",
    "too-long": "use a shorter one, or a proxy that speaks http",
}


def is_of_a_key(kind: str) -> bool:
    """Tell whether a key's value may be why nothing was sent."""
    return kind not in _REMEDIES


def send_remedy(context: FlipContext, kind: str) -> str:
    """Return the remedy; a source is named only where its value may be to blame."""
    if kind in _REMEDIES:
        return _REMEDIES[kind].format(url=url_of(context.failing))
    suspect = _suspect(context)
    if suspect is None:
        bad = levels_of(context.changes, failing=True)
        return f"take out of the headers of {bad} what no header may hold"
    return f"clean the value that {where(suspect)} gives: a header must not hold control characters"


def _suspect(context: FlipContext) -> KeyFacts | None:
    """Return the key that changed, else one that only this side has, else one that is odd."""
    changed = context.changed_key()
    if changed is not None:
        return changed[1]
    keys, known = context.failing.keys, context.passing.keys
    new = [facts for name, facts in keys.items() if name not in known]
    odd = [facts for facts in keys.values() if shape_cause(facts.shape, None)]
    return next(iter((*new, *odd)), None)
