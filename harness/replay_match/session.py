"""One session of serving a cassette: which live keys stand for which recorded ones, whose turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from harness.model.exchange import RedactedExchange, Step
from harness.replay_match.bindings import KeyBindings
from harness.replay_match.body_text import body_key
from harness.replay_match.cautious import cautious
from harness.replay_match.difference import Difference, Miss
from harness.replay_match.facts import Fact, RequestFacts, is_telling, weight_of
from harness.replay_match.index import (
    Group,
    Index,
    Line,
    Pool,
    Recorded,
    Rest,
    Rests,
    Route,
    form_of,
    held_in,
    identity,
    variants_of,
)
from harness.replay_match.live import Asked, Held, LiveRequest
from harness.replay_match.nearest import nearest

CHOOSE = "X-Flip401-Exchange"
"""The header by which a client may name the exchange, or the variant, that it wants."""


@dataclass(frozen=True, slots=True)
class Match:
    """The exchange that answers a request, and where the recorded request differs from it.

    `also` are other variants whose recorded requests are equal, the first few: what tells them
    apart, such as a proxy, does not show here.
    """

    asked: RequestFacts
    exchange: RedactedExchange
    differences: tuple[Difference, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """A pool, what fitted loosely, and the live keys that would be bound by taking it."""

    pool: Pool
    bound: Mapping[bytes, str] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()


class Session:
    """Matches live requests against an index; remembers digests of keys, never keys.

    `pepper` is random and makes the digests worthless elsewhere.
    """

    def __init__(self, index: Index, pepper: bytes) -> None:
        """Start with no key bound and every line at its first exchange."""
        self.index = index
        self._pepper = pepper
        self.keys = KeyBindings()
        self._turns: dict[int, int] = {}

    def ask(self, live: LiveRequest) -> Match | Miss:
        """Return what answers a live request, or what came nearest to it."""
        secrets = self.index.secrets_in(live.target.path)
        asked = Asked(live, self.index.keys, self.index.places, self._pepper, secrets)
        chosen = next((value for name, value in live.headers if name.lower() == _CHOOSE), None)
        if chosen is not None:
            return self._chosen(chosen.strip(), asked)
        method = asked.facts.method
        methods = (method, "GET") if method == "HEAD" else (method,)
        for method in methods:
            for route in self.index.routes_of(asked.facts, method, asked.hosts):
                found = self._in_route(route, asked)
                if found is not None:
                    self.keys.bind(found.bound)
                    return self._given_out(found, route, asked)
        return nearest(self.index, asked, self.keys)

    def _chosen(self, name: str, asked: Asked) -> Match | Miss:
        """Return the exchange that the client named, whatever else it sent."""
        one = self.index.by_id.get(name)
        if one is not None:
            return Match(asked.facts, one.exchange)
        of_variant = self.index.by_variant.get(name, [])
        if not of_variant:
            return Miss(asked.facts, "the cassette has no such exchange or variant", None, ())
        here = [
            each
            for each in of_variant
            if each.facts.path.texts == asked.facts.path.texts
            and each.facts.method == asked.facts.method
            and asked.facts.target.origin in {None, each.facts.target.origin}
        ]
        main = [each for each in of_variant if each.exchange.key.step is Step.MAIN]
        fitting = here or (main or of_variant)[-1:]
        line = Line(_serial_of_choice(fitting), fitting)
        return Match(asked.facts, self._next(line).exchange)

    def _in_route(self, route: Route, asked: Asked) -> _Found | None:
        facts = asked.whole if route.asks_bodies else asked.facts
        parts = identity(facts, route.places)
        group = route.groups.get(form_of(parts))
        if group is not None:
            held = tuple(asked.hold(one) for one in held_in(facts, parts))
            return self._in_group(group, held)
        # A client that follows a redirect to this server keeps its key, for the origin is the
        # same here; the recorded hop went elsewhere, and without one.
        bare = tuple(part for part in parts if part.place.startswith("query "))
        group = route.groups.get(form_of(bare))
        if group is None or not group.only_later_hops:
            return None
        held = tuple(asked.hold(one) for one in held_in(facts, bare))
        found = self._in_group(group, held)
        if found is not None:
            found.differences = tuple(_carried_along(part) for part in parts if part not in bare)
        return found

    def _in_group(self, group: Group, held: tuple[Held, ...]) -> _Found | None:
        chosen = self.keys.choose(group, held)
        return _Found(group.pools[chosen.ids], chosen.bound) if chosen else None

    def _given_out(self, found: _Found, route: Route, asked: Asked) -> Match:
        rests, differences = self._by_body(found.pool, asked)
        rest = asked.facts.rest(route.places)
        best = rest if rest in rests.lines else _closest(rests, rest)
        first, *others = islice(rests.lines[best].values(), 1 + _MOST_OTHERS)
        carried = {f"spelling of {one.part}" for one in found.differences}
        spelled = (one for one in _differing(best, rest) if one.part not in carried)
        told = (*found.differences, *differences, *spelled)
        return Match(asked.facts, self._next(first).exchange, told, variants_of(others))

    def _by_body(self, pool: Pool, asked: Asked) -> tuple[Rests, tuple[Difference, ...]]:
        """Return what has the same body; where nothing has, all of the pool."""
        content_type = asked.facts.content_type
        raw = asked.raw_body
        keys = [] if raw is None else [raw]
        if raw is None or pool.has_secret_bodies:
            keys.append(asked.whole.body)
        for text in keys:
            rests = pool.by_body.get(body_key(text, content_type))
            if rests is not None:
                return rests, ()
        return pool.any_body, (Difference("body", "another", "one that was not recorded here"),)

    def _next(self, line: Line) -> Recorded:
        turn = self._turns.get(line.serial, 0)
        self._turns[line.serial] = turn + 1
        return line.exchanges[min(turn, len(line.exchanges) - 1)]


_CHOOSE = CHOOSE.lower()
_BLANK = re.compile("\0[^\0]*\0")
_LONGEST_SHOWN = 80
_MOST_OTHERS = 3


def _serial_of_choice(exchanges: list[Recorded]) -> int:
    """Return a serial for the line of a chosen variant, below those of the index."""
    return -1 - exchanges[0].exchange.sequence


def _closest(rests: Rests, rest: Rest) -> Rest:
    """Return the recorded rest with the smallest difference, the first recorded of equals."""
    return min(
        rests.lines,
        key=lambda one: sum(weight_of(place) for place, _ in set(one) ^ set(rest)),
    )


def _differing(recorded: Rest, sent: Rest) -> Iterator[Difference]:
    """Yield what is worth a word."""
    here, there = set(recorded) - set(sent), set(sent) - set(recorded)
    for place in sorted({place for place, _ in here | there if is_telling(place)}):
        known = any(one == place for one, _ in recorded)
        kind, space, name = place.rpartition(" ")
        part = place if known else kind + space + cautious(name)
        yield Difference(part, _shown(here, place), _shown(there, place, cautious))


def _shown(
    rest: set[tuple[str, str]], place: str, show: Callable[[str], str] = lambda text: text
) -> str:
    texts = sorted(_BLANK.sub("…", text) for one, text in rest if one == place)
    return ", ".join(show(text)[:_LONGEST_SHOWN] for text in texts) or "absent"


def _carried_along(part: Fact) -> Difference:
    return Difference(part.place, "absent on this hop", "sent")
