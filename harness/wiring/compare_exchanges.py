"""Compare two exchanges that a person names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.cassette_format.cassette import Cassette
from harness.difference.compare import compare
from harness.difference.keys_part import KnownKeys
from harness.difference.result import DiffResult, Side
from harness.errors import CassetteError
from harness.model.key_facts import KeyFacts
from harness.model.variant import BASELINE_ID
from harness.wiring.exchange_address import Found, find_exchange, find_pair, parse_address
from harness.wiring.options import RunOptions
from harness.wiring.run_facts import read_run_facts
from harness.wiring.send_once import send_once
from harness.wiring.surroundings import Surroundings


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
        compare(
            a,
            b,
            one_cassette=one_cassette,
            known=known,
            relations=relations_of(one.cassette) if one_cassette else {},
        ),
        one_cassette=one_cassette,
    )


async def compare_with_live(
    left: str, right: str, options: RunOptions, surroundings: Surroundings
) -> DiffResult:
    """Send a variant, named `SCENARIO#VARIANT`, and return how it differs from a recorded exchange.

    Raises:
        UsageError: one of them is not there or not in order; then nothing was sent. Or a limit
            of the scenario ended it.
        TrustError: nobody agreed to where its keys go.
        LeakError: a secret would have been shown.
    """
    one = find_exchange(left)
    address = parse_address(right)
    sent = await send_once(address.file, address.id or BASELINE_ID, options, surroundings)
    known = KnownKeys(keys_of(one.cassette), _by_id(sent.sources))
    a, b = one.record.exchange, sent.record.exchange
    return DiffResult(
        side_of(one),
        Side(address.file, b, sent.record.outcome, is_live=True),
        compare(a, b, one_cassette=False, known=known),
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
    return _by_id(facts.sources)


def relations_of(cassette: Cassette) -> Mapping[tuple[str, str], str]:
    """Return what the cassette says of its secrets, by the ids of both."""
    every = (relation for record in cassette.records for relation in record.exchange.relations)
    return {(relation.id, relation.of): str(relation) for relation in every}


def _by_id(sources: Sequence[KeyFacts]) -> Mapping[str, KeyFacts]:
    """Return facts by secret id, of equal keys those of the first source."""
    return {source.secret_id: source for source in reversed(sources) if source.secret_id}
