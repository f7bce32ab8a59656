"""The corpus: the places, kinds and encodings of the threat model, multiplied from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from .case import Case, answer
from .encodings import LOSSY, REVERSIBLE, SPLIT, Encode
from .kinds import ANY, ONE_LINE, made
from .places_of_answers import ANSWER_BODIES, ANSWER_HEADERS, BORN
from .places_of_failures import FAILURES
from .places_of_requests import BODIES, HEADERS, NAMED_HEADERS, NAMED_TARGETS, TARGETS

SEED = 20261122
ENCODINGS: dict[str, Encode] = {"raw": lambda text: text, **REVERSIBLE, **LOSSY, **SPLIT}
_IN_A_LINE = [name for name in ENCODINGS if name not in {"lines", "base64 folded", "quopri"}]
_NAMED = ["raw", "raw", "percent", "base64", "JSON units"]
_ONCE = ["raw"]
_RANDOM = ["b62 of 20", "b62 of 48", "base64", "AWS secret", "hex of 64", "signs", "letters"]
_FORMED = ["sk", "sk-proj", "sk-ant", "AIza", "ghp", "glpat", "xoxb", "sk_live", "jwt", "Telegram"]

Build = Callable[[str], Case]


@dataclass(frozen=True)
class _Plan:
    """How often a family of places is used, with which kinds and encodings, known or not."""

    family: dict[str, Build]
    times: int
    kinds: Sequence[str]
    encodings: Sequence[str]
    known: bool
    echoed: bool = False


PLANS = (
    _Plan(TARGETS, 2, list(ONE_LINE), _IN_A_LINE, known=True),
    _Plan(NAMED_TARGETS, 2, list(ONE_LINE), _NAMED, known=False),
    _Plan(HEADERS, 2, list(ONE_LINE), _IN_A_LINE, known=True),
    _Plan(NAMED_HEADERS, 2, list(ONE_LINE), _NAMED, known=False),
    _Plan(NAMED_HEADERS, 1, _RANDOM, _ONCE, known=False, echoed=True),
    _Plan(BODIES, 2, list(ANY), list(ENCODINGS), known=True),
    _Plan(ANSWER_HEADERS, 2, list(ONE_LINE), _IN_A_LINE, known=True),
    _Plan(ANSWER_BODIES, 2, list(ANY), list(ENCODINGS), known=True),
    _Plan(
        BORN,
        2,
        ["b62 of 20", "b62 of 48", "base64", "AWS secret", *_FORMED],
        _ONCE,
        known=False,
        echoed=True,
    ),
    _Plan(FAILURES, 2, list(ONE_LINE), ["raw", "percent", "base64"], known=True),
)


def corpus(seed: int = SEED) -> tuple[Case, ...]:
    """Return every case, always the same for a seed."""
    return tuple(_cases(random.Random(seed), seed))


def in_runs(cases: Sequence[Case], count: int) -> list[list[Case]]:
    """Deal the cases to `count` runs; those that share a secret are in one run."""
    runs: list[list[Case]] = [[] for _ in range(count)]
    run_of: dict[str, int] = {}
    for case in cases:
        number = run_of.setdefault(case.secrets[0], len(run_of) % count)
        runs[number].append(case)
    return runs


def _cases(rng: random.Random, seed: int) -> Iterator[Case]:
    for plan in PLANS:
        kinds, encodings = _Deck(rng, plan.kinds), _Deck(rng, plan.encodings)
        for place, build in plan.family.items():
            for _ in range(plan.times):
                kind, encoding = kinds.next(), encodings.next()
                secret = made(kind, rng.randrange(10**9))
                case = build(ENCODINGS[encoding](secret))
                named = replace(case, place=place, kind=kind, encoding=encoding)
                with_secret = _with_secret(named, secret, known=plan.known)
                around = [with_secret]
                if plan.echoed:
                    elsewhere = Case(f"{place}, seen elsewhere", kind, "raw", (secret,))
                    shown = replace(elsewhere, answer=answer(f"no session {secret} here"))
                    around.insert(rng.randrange(2), shown)
                yield from around


def _with_secret(case: Case, secret: str, *, known: bool) -> Case:
    secrets = (secret, *case.secrets)
    return replace(case, secrets=secrets, key=secret if known else None)


class _Deck:
    """Deals every card before one comes again."""

    def __init__(self, rng: random.Random, cards: Sequence[str]) -> None:
        self._rng = rng
        self._cards = list(cards)
        self._left: list[str] = []

    def next(self) -> str:
        if not self._left:
            self._left = self._rng.sample(self._cards, len(self._cards))
        return self._left.pop()
