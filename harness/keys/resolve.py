"""Read every source of a scenario once, serially, prompts first, before the first request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from harness.errors import SourceError
from harness.model.key_source import KeySource, PromptSource
from harness.model.secret import Secret
from harness.ports import KeyReader


@dataclass(frozen=True, slots=True)
class ResolvedKeys:
    """What the sources gave: a secret each, or the reason why there is none."""

    secrets: Mapping[KeySource, Secret] = field(default_factory=dict)
    missing: Mapping[KeySource, SourceError] = field(default_factory=dict)


def resolve_keys(sources: Iterable[KeySource], reader: KeyReader) -> ResolvedKeys:
    """Read each distinct source once."""
    distinct = dict.fromkeys(sources)
    ordered = sorted(distinct, key=lambda source: not isinstance(source, PromptSource))
    secrets: dict[KeySource, Secret] = {}
    missing: dict[KeySource, SourceError] = {}
    for source in ordered:
        try:
            secrets[source] = reader.read(source)
        except SourceError as error:
            missing[source] = error
    return ResolvedKeys(secrets, missing)
