"""The text of a cassette of somebody's tests: redacted, one exchange a line, and searched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from harness.cassette_format.line import HEADER, encode_line
from harness.cassette_format.vcrpy_item import recorded_exchanges
from harness.cassette_format.vcrpy_tree import tree_of
from harness.errors import LeakError
from harness.judge.classify import classify
from harness.leak_scan.gate import find_leaks
from harness.model.exchange import RecordedExchange, RedactedExchange
from harness.model.outcome import OutcomeRules
from harness.redaction.placeholder import NO_ID, Placeholder, find_placeholders
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.vcr_plugin.known_secrets import KnownSecrets

EMPTY = "version: 1\ninteractions: []\n"
"""A cassette without an exchange, which every vcrpy loads."""


@dataclass(frozen=True, slots=True, repr=False)
class Interaction:
    """What vcrpy hands over: two documents, and the names of secrets that were recorded before."""

    request: Mapping[str, Any]
    response: Any
    secret_ids: Mapping[str, str] = field(default_factory=dict)


def cassette_text(interactions: Iterable[Interaction], known: KnownSecrets, name: str) -> str:
    """Return the whole file.

    Placeholders that stand there already stay, and new secrets get ids behind theirs.

    Raises:
        LeakError: a secret would be in it, redacted as it is; nothing is returned.
        CassetteError: vcrpy handed over what is no exchange.
    """
    given = tuple(interactions)
    tree = tree_of(({"request": one.request, "response": one.response} for one in given), name)
    recorded = tuple(
        replace(exchange, secret_ids=dict(one.secret_ids))
        for exchange, one in zip(recorded_exchanges(tree), given, strict=True)
    )
    registry = SecretRegistry(after=_highest_id(recorded))
    names = known.add_to(registry)
    redactor = Redactor(registry)
    learned = [redactor.readmit(one) for one in recorded]
    lines: list[str] = []
    for one, shown in zip(recorded, learned, strict=True):
        secret_ids = {**one.secret_ids, **_ids_by_name(shown, names)}
        exchange = redactor.readmit(replace(one, secret_ids=secret_ids))
        lines.append(encode_line(exchange, classify(exchange, OutcomeRules())))
    text = HEADER + "".join(lines) if lines else EMPTY
    if leaks := find_leaks(text.encode("ascii"), registry):
        raise LeakError(tuple(f"{name} {leak}" for leak in leaks))
    return text


def placeholders_of(exchange: RecordedExchange | RedactedExchange) -> tuple[Placeholder, ...]:
    """Return every placeholder in an exchange."""
    response = exchange.response
    texts = [exchange.method, exchange.url, exchange.body]
    texts += [part for pair in exchange.headers for part in pair]
    if response is not None:
        texts += [response.body, response.reason]
        texts += [part for pair in response.headers for part in pair]
    return tuple(placeholder for text in texts for placeholder in find_placeholders(text))


def _highest_id(recorded: Iterable[RecordedExchange]) -> int:
    ids = (one.id for exchange in recorded for one in placeholders_of(exchange))
    return max((int(one[1:]) for one in ids if one != NO_ID), default=0)


def _ids_by_name(exchange: RedactedExchange, names: Mapping[str, frozenset[str]]) -> dict[str, str]:
    ids = {placeholder.id for placeholder in placeholders_of(exchange)}
    return {name: one for one in ids & set(names) for name in names[one]}
