"""Send one variant of a scenario once, and keep nothing of it on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from harness.cassette_format.cassette import Cassette, Record
from harness.cassette_format.line import encode_line
from harness.errors import LeakError, UsageError
from harness.leak_scan.gate import find_leaks
from harness.matrix.cells import cell_of, is_excluded, single_deviations, variant_of
from harness.matrix.compose import plan_of
from harness.model.exchange import RedactedExchange
from harness.model.key_facts import KeyFacts
from harness.model.outcome import Outcome
from harness.model.scenario import Scenario
from harness.model.variant import Cell
from harness.runner.desk import Desk
from harness.runner.limits import LimitReachedError
from harness.wiring.exchange_address import find_record
from harness.wiring.live import open_network, variant_runner
from harness.wiring.options import RunOptions
from harness.wiring.prepare import PreparedSending, agree, prepare_sending, validate
from harness.wiring.scenarios import find_scenario
from harness.wiring.surroundings import Surroundings

_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Sent:
    """The exchange that decides what became of the variant, and the facts of its keys."""

    record: Record
    sources: Sequence[KeyFacts]


async def send_once(
    name: str, variant: str, options: RunOptions, surroundings: Surroundings
) -> Sent:
    """Send a variant of the scenario called `name`, as `run` would: agreed to, within limits.

    Raises:
        UsageError: the scenario or the variant is not in order, then nothing was sent; or a
            limit of the scenario ended it.
        TrustError: nobody agreed to where its keys go.
        LeakError: a secret would have been shown.
    """
    found = find_scenario(name)
    scenario = validate(found, options, surroundings)
    cell = _cell(scenario, name, variant)
    agree(found, scenario, options, surroundings)
    prepared = prepare_sending(found, scenario, options, surroundings)
    records = await _send(prepared, cell, surroundings)
    cassette = Cassette(name, None, tuple(records))
    record = find_record(cassette, variant_of(scenario, cell).id)
    _check(record, prepared)
    return Sent(record, tuple(prepared.facts.values()))


async def _send(
    prepared: PreparedSending, cell: Cell, surroundings: Surroundings
) -> Sequence[Record]:
    scenario = prepared.scenario
    records: list[Record] = []

    def record(exchange: RedactedExchange, outcome: Outcome) -> None:
        records.append(Record(exchange, outcome))

    variant = variant_of(scenario, cell).id
    desk = Desk(prepared.redactor.redact, scenario.outcome, record, surroundings.listener)
    try:
        async with (
            asyncio.timeout(scenario.search.deadline_seconds),
            open_network(prepared.lab) as transport,
        ):
            runner = variant_runner(transport, prepared, surroundings, desk)
            await runner.run(plan_of(scenario, cell), variant, 1)
    except TimeoutError:
        raise UsageError(
            f"{variant} did not end before the deadline", hint="raise search.deadline"
        ) from None
    except LimitReachedError as error:
        raise UsageError(
            f"{variant} did not end within the {error.ended}", hint=f"raise search.{error.ended}"
        ) from None
    finally:
        desk.close()
    return records


def _cell(scenario: Scenario, name: str, variant: str) -> Cell:
    cell = cell_of(scenario, variant)
    if cell is None:
        known = [variant_of(scenario, one).id for one in islice(single_deviations(scenario), 1000)]
        near = get_close_matches(variant, known, n=1)
        listed = "\n    ".join(f"#{one}" for one in known[:_MOST_NAMED])
        hint = f"did you mean {near[0]}?" if near else listed
        raise UsageError(f"{name} has no variant {variant}", hint=hint)
    if is_excluded(scenario, cell):
        raise UsageError(
            f"{variant} is never sent: {name} excludes it", hint="see `exclude` in the scenario"
        )
    return cell


def _check(record: Record, prepared: PreparedSending) -> None:
    """Look for secrets in all that may be shown, as is done before anything is written."""
    shown = encode_line(record.exchange, record.outcome).encode("ascii")
    leaks = find_leaks(shown, prepared.redactor.registry)
    if leaks:
        raise LeakError(tuple(f"the exchange {leak}" for leak in leaks))
