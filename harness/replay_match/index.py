"""Recorded exchanges by what identifies their requests: found in a step, however many there are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from harness.model.exchange import ExchangeKey, RedactedExchange
from harness.model.variant import BASELINE_ID
from harness.redaction.placeholder import NO_ID, Placeholder, split_placeholders
from harness.replay_match.body_text import body_key
from harness.replay_match.facts import Fact, Form, RequestFacts, recorded_facts
from harness.replay_match.origin import Origin, Target, split_prefixed, split_url
from harness.replay_match.own_keys import OwnKeys

Ids = tuple[str, ...]
PathForm = tuple[str, ...]
Rest = tuple[tuple[str, str], ...]

_MOST_PATTERNS = 100
_MOST_IN_A_PATH = 4


@dataclass(frozen=True, slots=True, repr=False)
class Recorded:
    """A recorded exchange with the facts of its request."""

    exchange: RedactedExchange
    facts: RequestFacts

    def __repr__(self) -> str:
        """Name the exchange only."""
        return f"<Recorded {self.exchange.key}>"


@dataclass(slots=True)
class Line:
    """Exchanges whose requests are equal, in the order in which they are given out."""

    serial: int
    exchanges: list[Recorded] = field(default_factory=list)


@dataclass(slots=True)
class Rests:
    """Lines by what only decides between equals, and by variant, in the order of preference."""

    lines: dict[Rest, dict[str, Line]] = field(default_factory=dict)

    def rank(self) -> None:
        """Put the baseline first, then what was answered; the rest stays in recorded order."""
        for rest, variants in self.lines.items():
            self.lines[rest] = dict(sorted(variants.items(), key=_preference))


@dataclass(slots=True)
class Pool:
    """All exchanges of one identity: by body, and regardless of it."""

    first: Recorded
    by_body: dict[str, Rests] = field(default_factory=dict)
    any_body: Rests = field(default_factory=Rests)
    has_secret_bodies: bool = False


@dataclass(slots=True)
class ShapeRow:
    """Identities whose secrets have equal forms, in recorded order."""

    serial: int
    shapes: tuple[Placeholder, ...]
    ids: list[Ids] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """Exchanges of one route whose requests differ in which secrets they hold, at most."""

    pools: dict[Ids, Pool] = field(default_factory=dict)
    rows: dict[tuple[Placeholder, ...], ShapeRow] = field(default_factory=dict)
    only_later_hops: bool = True


@dataclass(slots=True)
class Route:
    """Origin, method and path, with the places at which requests there carry keys."""

    origin: Origin | None
    method: str
    places: frozenset[str]
    groups: dict[Form, Group] = field(default_factory=dict)

    @property
    def asks_bodies(self) -> bool:
        """Whether a key stands in the body of a request here."""
        return any(place.startswith("body ") for place in self.places)


class Index:
    """Every exchange of a cassette that can be given out.

    `in_turn` gives all exchanges with equal requests out one after the other, as they were
    recorded, whatever their variants: for recordings that know no variants.
    """

    def __init__(self, exchanges: Sequence[RedactedExchange], *, in_turn: bool) -> None:
        """Build it, in one pass over the routes and one over the exchanges."""
        self.keys = OwnKeys(exchanges)
        self._in_turn = in_turn
        self._serials = count()
        self.origins: dict[Origin, None] = {}
        self.routes: dict[tuple[Origin | None, str, PathForm], Route] = {}
        self.by_path: dict[tuple[str, PathForm], list[Route]] = defaultdict(list)
        self.by_id: dict[str, Recorded] = {}
        self.by_variant: dict[str, list[Recorded]] = defaultdict(list)
        recorded = [Recorded(exchange, recorded_facts(exchange)) for exchange in exchanges]
        self.places = self._take_routes(recorded)
        self.segments = frozenset(
            segment for one in recorded for segment in one.facts.target.path.split("/")
        )
        self._paths = _patterns(recorded)
        all_rests = {id(rests): rests for one in recorded for rests in self._take(one)}
        for rests in all_rests.values():
            rests.rank()

    def target_of(self, target: str) -> Target:
        """Read a live request target: absolute, under the prefix of an origin, or a plain path."""
        absolute = split_url(target)
        if absolute.origin is not None:
            return absolute
        prefixed = split_prefixed(target)
        if prefixed is not None and prefixed.origin in self.origins:
            return prefixed
        return absolute

    def secrets_in(self, path: str) -> tuple[str, ...]:
        """Return what stands in a live path where recorded ones hold secrets, as it is written."""
        found: list[str] = []
        for pattern in self._paths:
            match = pattern.fullmatch(path)
            found += match.groups() if match else ()
        return tuple(one for one in found if len(split_placeholders(one)) == 1)

    def routes_of(self, facts: RequestFacts, method: str, hosts: frozenset[Origin]) -> list[Route]:
        """Return the routes that a live request may mean, the likeliest first.

        Where its target names no origin, every origin that has the path is meant: first those
        among `hosts`, which its headers name, then in recorded order.
        """
        if facts.target.origin is not None:
            found = self.routes.get((facts.target.origin, method, facts.path.texts))
            return [found] if found else []
        routes = self.by_path.get((method, facts.path.texts), [])
        return sorted(routes, key=lambda route: route.origin not in hosts)

    def _take_routes(self, recorded: Sequence[Recorded]) -> frozenset[str]:
        """Make the routes, each with its places of keys, and return all places."""
        places: dict[tuple[Origin | None, str, PathForm], set[str]] = defaultdict(set)
        for one in recorded:
            places[_route_key(one.facts)] |= one.facts.own_places()
        for key, found in places.items():
            origin, method, path = key
            if origin is not None:
                self.origins.setdefault(origin)
            route = Route(origin, method, frozenset(found))
            self.routes[key] = route
            self.by_path[method, path].append(route)
        return frozenset().union(*places.values())

    def _take(self, one: Recorded) -> tuple[Rests, Rests]:
        """File one exchange and return where it went."""
        key = one.exchange.key
        self.by_id.setdefault(str(key), one)
        self.by_variant[key.variant].append(one)
        route = self.routes[_route_key(one.facts)]
        facts = identity(one.facts, route.places)
        group = route.groups.setdefault(form_of(facts), Group())
        group.only_later_hops &= key.hop > 0
        held = held_in(one.facts, facts)
        ids = tuple(placeholder.id for placeholder in held)
        if ids not in group.pools:
            group.pools[ids] = Pool(one)
            shapes = tuple(replace(placeholder, id=NO_ID) for placeholder in held)
            row = group.rows.setdefault(shapes, ShapeRow(next(self._serials), shapes))
            row.ids.append(ids)
        pool = group.pools[ids]
        body = body_key(one.facts.body, one.facts.content_type)
        pool.has_secret_bodies |= "\0" in body
        rest = one.facts.rest(route.places)
        places = (pool.by_body.setdefault(body, Rests()), pool.any_body)
        for rests in places:
            self._line(rests, rest, key).exchanges.append(one)
        return places

    def _line(self, rests: Rests, rest: Rest, key: ExchangeKey) -> Line:
        variants = rests.lines.setdefault(rest, {})
        name = "" if self._in_turn else key.variant
        if name not in variants:
            variants[name] = Line(next(self._serials))
        return variants[name]


def identity(facts: RequestFacts, places: frozenset[str]) -> tuple[Fact, ...]:
    """Return the parts that must fit: the query and the credentials."""
    return (*facts.query, *facts.credentials(places))


def form_of(facts: tuple[Fact, ...]) -> Form:
    """Return the forms of the parts."""
    return tuple(fact.form for fact in facts)


def held_in(facts: RequestFacts, parts: tuple[Fact, ...]) -> tuple[Placeholder, ...]:
    """Return the secrets of the path and of the parts, in order."""
    return tuple(one for fact in (facts.path, *parts) for one in fact.held)


def variants_of(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return the variants of the first exchange of each line."""
    return tuple(line.exchanges[0].exchange.key.variant for line in lines)


def _preference(item: tuple[str, Line]) -> tuple[bool, bool]:
    exchange = item[1].exchanges[0].exchange
    return exchange.key.variant != BASELINE_ID, exchange.response is None


def _patterns(recorded: Sequence[Recorded]) -> tuple[re.Pattern[str], ...]:
    """Return a pattern for each form of a path with secrets, which stay inside a segment."""
    forms = {one.facts.path.texts: None for one in recorded}
    texts = [form for form in forms if 1 < len(form) <= _MOST_IN_A_PATH]
    return tuple(
        re.compile("([^/]+)".join(map(re.escape, form))) for form in texts[:_MOST_PATTERNS]
    )


def _route_key(facts: RequestFacts) -> tuple[Origin | None, str, PathForm]:
    return facts.target.origin, facts.method, facts.path.texts
