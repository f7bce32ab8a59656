"""What may be said of the keys that were read: shape, place, rivals, equal values."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harness.keys.resolve import ResolvedKeys
from harness.model.key_facts import KeyFacts
from harness.model.key_source import KeySource
from harness.model.secret import Secret
from harness.redaction.shape import shape_of


def key_facts(
    sources: tuple[KeySource, ...],
    resolved: ResolvedKeys,
    secret_ids: Mapping[KeySource, str],
    rivals: Callable[[KeySource, Secret], tuple[str, ...]],
    notes: Callable[[KeySource, Secret], tuple[str, ...]] = lambda _source, _secret: (),
) -> dict[KeySource, KeyFacts]:
    """Return the facts of each source.

    `rivals` tells what a source shadows or loses to, `notes` what else is worth knowing of it.
    """
    facts: dict[KeySource, KeyFacts] = {}
    first_with: dict[str, str] = {}
    for source in sources:
        if source in resolved.missing:
            error = resolved.missing[source]
            facts[source] = KeyFacts(str(source), error=error.message, hint=error.hint)
            continue
        secret = resolved.secrets[source]
        secret_id = secret_ids[source]
        first = first_with.setdefault(secret_id, str(source))
        facts[source] = KeyFacts(
            source=str(source),
            place=secret.provenance.place,
            secret_id=secret_id,
            shape=shape_of(secret),
            same_as="" if first == str(source) else first,
            shadows=rivals(source, secret),
            notes=notes(source, secret),
        )
    return facts
