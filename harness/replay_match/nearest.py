"""Which recorded request a request without an answer came nearest to, and how it differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import islice, zip_longest

from harness.redaction.placeholder import Placeholder
from harness.replay_match.bindings import KeyBindings
from harness.replay_match.cautious import cautious, cautious_path
from harness.replay_match.difference import Difference, Miss
from harness.replay_match.facts import Fact, RequestFacts
from harness.replay_match.index import Index, Recorded, Route, identity
from harness.replay_match.live import Asked, Held
from harness.replay_match.origin import Origin
from harness.replay_match.shape import fits, in_words, unlike

_MOST_COMPARED = 500
_MOST_OF_A_FORM = 3
_LONGEST_SHOWN = 200
_WEIGHTS = {"origin": 30, "path": 100, "method": 40, "query": 10, "header": 20, "body": 20}
_LIGHT = 0.4
"""What counts a part of which only the secret differs, against one that is there or not."""


def nearest(index: Index, asked: Asked, keys: KeyBindings) -> Miss:
    """Return the nearest exchange with what differs, part by part; ties go to the first recorded.

    At most `_MOST_COMPARED` requests are compared, those of the same path before others.
    """
    best: tuple[float, Miss] | None = None
    for route, recorded in islice(_candidates(index, asked), _MOST_COMPARED):
        compared = _Comparison(index, asked, keys)
        differences = tuple(compared.of(route, recorded.facts))
        if best is None or compared.weight < best[0]:
            best = (
                compared.weight,
                Miss(asked.facts, _reason(differences), recorded.exchange.key, differences),
            )
    if best is None:
        return Miss(asked.facts, "the cassette holds no exchange", None, ())
    return best[1]


def _reason(differences: tuple[Difference, ...]) -> str:
    parts = [difference.part for difference in differences]
    shown = ", ".join(parts[:4]) + (", …" if len(parts) > 4 else "")  # noqa: PLR2004 - a line
    return f"no recorded request fits; the nearest differs in {shown}"


def _candidates(index: Index, asked: Asked) -> Iterator[tuple[Route, Recorded]]:
    """Yield the first requests of each form, those to the same path before others."""
    path = asked.facts.path.texts
    for _, route in sorted(index.routes.items(), key=lambda item: item[0][2] != path):
        for group in route.groups.values():
            for row in group.rows.values():
                for ids in row.ids[:_MOST_OF_A_FORM]:
                    yield route, group.pools[ids].first


class _Comparison:
    """Compares one identity with a live request and adds up what differs."""

    def __init__(self, index: Index, asked: Asked, keys: KeyBindings) -> None:
        self._index = index
        self._asked = asked
        self._keys = keys
        self.weight = 0.0

    def of(self, route: Route, recorded: RequestFacts) -> Iterator[Difference]:
        """Yield what differs, origin and path first."""
        asked = self._asked
        facts = asked.whole if route.asks_bodies else asked.facts
        yield from self._origin(route.origin)
        if route.method != facts.method:
            yield self._told("method", route.method, cautious(facts.method))
        if recorded.path.texts != facts.path.texts:
            here, there = recorded.target.path, facts.target.path
            ratio = SequenceMatcher(None, here[:_LONGEST_SHOWN], there[:_LONGEST_SHOWN]).ratio()
            shown = cautious_path(there, self._index.segments)
            yield self._told("path", here, shown, 2 - ratio)
        else:
            yield from self._pair(recorded.path, facts.path)
        kept, sent = (_by_place(identity(one, route.places)) for one in (recorded, facts))
        for place in dict.fromkeys((*kept, *sent)):
            for left, right in zip_longest(kept.get(place, []), sent.get(place, [])):
                yield from self._pair(left, right)

    def _origin(self, recorded: Origin | None) -> Iterator[Difference]:
        named = self._asked.facts.target.origin
        hosts = self._asked.hosts & self._index.origins.keys()
        if named is not None and named != recorded:
            shown = str(named) if named in self._index.origins else "one that was not recorded"
            yield self._told("origin", str(recorded), shown)
        elif named is None and hosts and recorded not in hosts:
            yield self._told("origin", str(recorded), str(min(hosts)))

    def _pair(self, left: Fact | None, right: Fact | None) -> Iterator[Difference]:
        if left is None or right is None:
            one = left or right
            assert one is not None  # `zip_longest` has one of them at least
            recorded = self._recorded(left, ()) if left else "absent"
            kind, space, name = one.place.partition(" ")
            part = one.place if left else kind + space + cautious(name)
            yield self._told(part, recorded, self._sent(right) if right else "absent")
            return
        held = tuple(map(self._asked.hold, right.held))
        alike = left.form == right.form
        if not alike or not all(map(self._same, left.held, held)):
            share = _LIGHT * _unlike(left, held) if alike else 1.0
            yield self._told(left.place, self._recorded(left, held), self._sent(right), share)

    def _same(self, recorded: Placeholder, live: Held) -> bool:
        known = self._keys.known(live)
        if known is not None:
            return known == recorded.id
        free = live.digest is None or not self._keys.is_taken(recorded.id)
        return free and fits(recorded, live.shape)

    def _recorded(self, fact: Fact, live: tuple[Held, ...]) -> str:
        """Say what was recorded, and of a key that fits by form why it is not this one."""
        words = []
        for index, one in enumerate(fact.held):
            there = live[index] if index < len(live) else None
            other = (
                there is not None
                and self._keys.known(there) is None
                and self._keys.is_taken(one.id)
                and fits(one, there.shape)
            )
            note = "; another key stands for it in this session" if other else ""
            words.append(f"{one.id}: {in_words(one)}{note}")
        return _joined(fact, words)

    def _sent(self, fact: Fact) -> str:
        words = []
        for one in fact.held:
            held = self._asked.hold(one)
            known = self._keys.known(held)
            if known is None or held.digest is not None:
                form = in_words(held.shape)
                words.append(f"{known}: {form}" if known else form)
            else:
                words.append(known if known in self._index.keys else "no key of the cassette")
        shown = Fact(fact.place, tuple(cautious(text) if text else "" for text in fact.texts), ())
        return _joined(shown, words)

    def _told(self, part: str, recorded: str, sent: str, share: float = 1.0) -> Difference:
        self.weight += _WEIGHTS[part.partition(" ")[0]] * share
        return Difference(part, _short(recorded), _short(sent))


def _unlike(recorded: Fact, live: tuple[Held, ...]) -> float:
    """Return how far the secrets are apart by form; never 0, for some secret is another one."""
    shares = [unlike(one, there.shape) for one, there in zip(recorded.held, live, strict=True)]
    return (1 + max(shares)) / 2


def _by_place(facts: tuple[Fact, ...]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.place].append(fact)
    return found


def _joined(fact: Fact, words: list[str]) -> str:
    """Put the words in the places of the secrets."""
    texts = list(fact.texts)
    pieces = [texts[0]]
    for word, text in zip(words, texts[1:], strict=True):
        pieces += [f"<{word}>", text]
    return "".join(pieces) or "empty"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
