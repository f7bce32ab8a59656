"""Search every reading of some bytes for known secrets and for secrets by their form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile

from harness.leak_scan.budget import Budget
from harness.leak_scan.escapes import STEPS
from harness.leak_scan.known_secrets import KnownSecrets, Owner
from harness.leak_scan.patterns import credentials, provider_keys
from harness.leak_scan.readings import JOINED, Reading, readings
from harness.leak_scan.spellings import PIECE, RAW

_GENTLE = frozenset({JOINED, *(name for name, _ in STEPS)})


def _is_glued(steps: tuple[str, ...]) -> bool:
    """Tell a text made of joined lines: two words there may look like a key that nobody wrote."""
    inner = takewhile(_GENTLE.__contains__, reversed(steps))
    return JOINED in inner


class Unknown(Enum):
    """Which secrets that nobody named are searched for as well."""

    PROVIDER_KEYS = "provider keys"
    CREDENTIALS_TOO = "provider keys and credentials"


@dataclass(frozen=True, slots=True)
class Hit:
    """A secret in a text: whose (None: nobody named it), what it is, how it is written.

    `start` is its byte where it was seen as it stands, else -1.
    """

    owner: Owner | None
    what: str
    spelling: str
    steps: tuple[str, ...]
    start: int = -1

    @property
    def form(self) -> str:
        """How it is written, from the inside out: `reversed, in base64 in percent-encoding`."""
        if not self.steps:
            return self.spelling
        inside = f"in {' in '.join(reversed(self.steps))}"
        return inside if self.spelling == RAW else f"{self.spelling}, {inside}"

    @property
    def whose(self) -> tuple[int, str]:
        """Which secret it is: two of them may have been read at places of one name."""
        return self.owner.number if self.owner else 0, self.what

    @property
    def key(self) -> tuple[tuple[int, str], str, tuple[str, ...]]:
        """What makes two hits one: undoing escapes and joining lines leave plain texts alone."""
        return self.whose, self.spelling, tuple(step for step in self.steps if step not in _GENTLE)


@dataclass(frozen=True, slots=True)
class Searched:
    """The hits in a text, and why a part of it was not looked into."""

    hits: tuple[Hit, ...]
    not_scanned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Searcher:
    """What is searched for."""

    known: KnownSecrets
    unknown: Unknown = Unknown.PROVIDER_KEYS

    def search(self, octets: bytes) -> Searched:
        """Return the first hit of each kind in the bytes and in every reading of them."""
        budget = Budget(len(octets))
        found: dict[tuple[tuple[int, str], str, tuple[str, ...]], Hit] = {}
        whole = set[tuple[int, str]]()
        for reading in readings(octets, budget):
            for hit in self._hits(reading):
                found.setdefault(hit.key, hit)
                if hit.spelling != PIECE:
                    whole.add(hit.whose)
        hits = (hit for hit in found.values() if hit.spelling != PIECE or hit.whose not in whole)
        return Searched(tuple(hits), budget.not_scanned)

    def search_plainly(self, octets: bytes) -> tuple[Hit, ...]:
        """Return the hits in the bytes as they stand only: nothing is decoded."""
        return tuple({hit.key: hit for hit in self._hits(Reading(octets, ()))}.values())

    def _hits(self, reading: Reading) -> Iterator[Hit]:
        octets, steps = reading.octets, reading.steps
        seen = list(self.known.sightings(octets))
        if reading.is_text:
            seen += self.known.echoes(octets)
        for one in seen:
            yield Hit(one.owner, one.owner.name, one.spelling, steps, -1 if steps else one.start)
        if reading.is_text and not _is_glued(steps):
            for what, start, end in self._unknown(octets):
                if next(self.known.sightings(octets[start:end]), None) is None:
                    yield Hit(None, what, RAW, steps, -1 if steps else start)

    def _unknown(self, octets: bytes) -> Iterator[tuple[str, int, int]]:
        spans = list(provider_keys(octets))
        yield from spans
        if self.unknown is Unknown.CREDENTIALS_TOO:
            for name, start, end in credentials(octets):
                if not any(start <= at < end for _, at, _ in spans):
                    yield name, start, end
