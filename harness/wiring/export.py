"""Take one variant out of a cassette, in a form that plain vcrpy replays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.cassette_format.cassette import Cassette, Record
from harness.cassette_format.line import ReplayedAs, decode_line, encode_line
from harness.cassette_format.replay_url import replay_url
from harness.cassette_store.reader import read_cassette
from harness.cassette_store.single_file import write_cassette
from harness.errors import CassetteError, Place
from harness.model.exchange import ExchangeKey, RedactedExchange
from harness.reports.visible_text import visible
from harness.transport.redirects import redirect_target

_UNSAFE = re.compile(r"[^A-Za-z0-9.+_-]+")
_LONGEST_NAME = 100
_MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a client: all hops of one step. `follows` says whether to follow redirects."""

    method: str
    url: str
    follows: bool
    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Exported:
    """The cassette of one variant, and the calls that it answers, in their order."""

    path: Path
    name: str
    calls: tuple[Call, ...]


def export_variant(
    path: Path, variant: str, *, run: str | None = None, to: Path | None = None, force: bool = False
) -> Exported:
    """Write the cassette of one variant: its last repeat, with all steps and hops.

    `variant` may be the id of an exchange too: then it is the repeat of that exchange. `to` is
    beside the cassette by default.

    Raises:
        CassetteError: there is no such variant, it has no answer that could be replayed, or the
            place cannot be written.
        LeakError: there is a key in it; nothing is written.
    """
    cassette = read_cassette(path)
    cassette = cassette if run is None else cassette.of_run(run)
    records = _records(cassette, variant)
    chains = tuple(map(_written, _chains(records)))
    calls = tuple(call for chain in chains for call in _calls(chain))
    if not calls:
        failure = records[-1].exchange.failure
        why = f": {visible(failure.message)}" if failure else ""
        raise CassetteError(f"{visible(variant)} has no answer to replay{why}")
    name = slug_of(records[0].exchange.key.variant)
    target = to or path.with_name(f"{path.name.removesuffix('.yaml')}.{name}.yaml")
    lines = [hop.line for chain in chains for hop in chain]
    return Exported(write_cassette(target, lines, force=force), name, calls)


def slug_of(variant: str) -> str:
    """Return the id of a variant as it can stand in a file name; it may come from anywhere."""
    name = _UNSAFE.sub("_", variant.replace("=", "-").replace(",", "."))
    return name.lstrip(".")[:_LONGEST_NAME] or "variant"


def _records(cassette: Cassette, wanted: str) -> list[Record]:
    """Return the exchanges of the repeat that is wanted, the last one that was answered."""
    try:
        key: ExchangeKey | None = ExchangeKey.parse(wanted)
    except ValueError:
        key = None
    variant = key.variant if key else wanted
    found = [one for one in cassette.records if one.exchange.key.variant == variant]
    if not found:
        raise CassetteError(
            f"{cassette.file} has no variant {visible(wanted)!r}", hint=_listed(cassette)
        )
    answered = [one.exchange.key.repeat for one in found if one.exchange.response is not None]
    repeat = key.repeat if key else max(answered, default=found[-1].exchange.key.repeat)
    chosen = [one for one in found if one.exchange.key.repeat == repeat]
    if not chosen:
        raise CassetteError(f"{variant} was not run {repeat} times in {cassette.file}")
    return sorted(chosen, key=lambda one: one.exchange.sequence)


def _listed(cassette: Cassette) -> str:
    # By the start of each, not by its end: that is another in every run.
    started = sorted(cassette.records, key=lambda one: one.exchange.sequence)
    names = dict.fromkeys(visible(one.exchange.key.variant) for one in started)
    shown = list(names)[:_MOST_LISTED]
    more = [f"and {len(names) - len(shown)} more"] if len(names) > len(shown) else []
    return "\n    ".join(("it has:", *shown, *more))


def _chains(records: Sequence[Record]) -> Iterator[list[Record]]:
    """Yield the hops of one request after the other: of one step and attempt."""
    chain: list[Record] = []
    for record in records:
        if chain and _chain_of(record.exchange) != _chain_of(chain[0].exchange):
            yield chain
            chain = []
        chain.append(record)
    if chain:
        yield chain


def _chain_of(exchange: RedactedExchange) -> tuple[str, int]:
    return exchange.key.step.value, exchange.key.attempt


@dataclass(frozen=True, slots=True)
class _Hop:
    """An exchange, the line that is written for it, and the body that vcrpy will find there."""

    exchange: RedactedExchange
    line: str
    body: str


def _written(chain: Sequence[Record]) -> tuple[_Hop, ...]:
    following = [one.exchange.url for one in chain[1:]]
    hops = []
    for record, beyond in zip(chain, [*following, ""], strict=True):
        exchange = record.exchange
        replayed = ReplayedAs(
            exchange.method.upper(), replay_url(exchange.url), beyond and replay_url(beyond)
        )
        line = encode_line(exchange, record.outcome, replayed=replayed)
        answer = decode_line(line, Place("the exported cassette")).exchange.response
        hops.append(_Hop(exchange, line, answer.body if answer else ""))
    return tuple(hops)


def _calls(chain: Sequence[_Hop]) -> Iterator[Call]:
    """Yield one call for the whole chain, or one for each hop where a client would go further.

    It would where the run stopped at a redirect, and where a hop had no answer.
    """
    answered = all(hop.exchange.response is not None for hop in chain)
    if len(chain) > 1 and answered and _target(chain[-1].exchange) is None:
        yield _call(chain[0], chain[-1], follows=True)
        return
    for hop in chain:
        if hop.exchange.response is not None:
            yield _call(hop, hop, follows=False)


def _call(first: _Hop, last: _Hop, *, follows: bool) -> Call:
    assert last.exchange.response is not None
    return Call(
        method=first.exchange.method.upper(),
        url=replay_url(first.exchange.url),
        follows=follows,
        status=last.exchange.response.status,
        body=last.body,
    )


def _target(exchange: RedactedExchange) -> str | None:
    answer = exchange.response
    assert answer is not None
    return redirect_target(
        exchange.url, answer.status, answer.headers, from_proxy=answer.from_proxy
    )
