"""Compare two exchanges that a person names."""

from __future__ import annotations

from collections.abc import Mapping

from harness.cassette_format.cassette import Cassette
from harness.difference.compare import compare
from harness.difference.keys_part import KnownKeys
from harness.difference.result import DiffResult, Side
from harness.errors import CassetteError
from harness.model.key_facts import KeyFacts
from harness.wiring.exchange_address import Found, find_pair
from harness.wiring.run_facts import read_run_facts


def compare_recorded(left: str, right: str) -> DiffResult:
    """Return what differs between two exchanges, each named `CASSETTE#ID`.

    Raises:
        UsageError: one of them is not there, or is not named clearly.
        CassetteError: a file is no cassette.
    """
    one, other = find_pair(left, right)
    one_cassette = one.cassette is other.cassette
    known = KnownKeys(keys_of(one.cassette), keys_of(other.cassette))
    a, b = one.record.exchange, other.record.exchange
    return DiffResult(
        side_of(one),
        side_of(other),
        compare(a, b, one_cassette=one_cassette, known=known),
        one_cassette=one_cassette,
    )


def side_of(found: Found) -> Side:
    """Return a recorded side."""
    return Side(found.shown, found.record.exchange, found.record.outcome)


def keys_of(cassette: Cassette) -> Mapping[str, KeyFacts]:
    """Return what the run left of its keys, by secret id; nothing where it left no such facts."""
    try:
        facts = read_run_facts(cassette.run, cassette.file)
    except CassetteError:
        return {}
    return {source.secret_id: source for source in reversed(facts.sources) if source.secret_id}
