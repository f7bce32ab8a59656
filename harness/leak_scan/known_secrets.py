"""Look for many secrets in one pass over the bytes, whole and in pieces.

The text is cut into blocks of four bytes. Whatever is eight bytes long or more and stands in it
holds one whole block, so one look at each block tells which secrets are worth a closer look.
The cost does not grow with the number of secrets.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from harness.leak_scan.masked_echo import EchoIndex, masks
from harness.leak_scan.public_values import why_not_looked_for
from harness.leak_scan.spellings import PIECE, WINDOW, spellings_of, windows_of
from harness.model.secret import Secret

_BLOCK = 4
_BLOCK_TYPE: Literal["I", "L"] = "I" if array("I").itemsize == _BLOCK else "L"


@dataclass(frozen=True, slots=True)
class Owner:
    """A secret that is looked for: its number from 1, where it came from, how many forms it has.

    `unsearchable` says why it is not looked for, and is "" when it is.
    """

    number: int
    name: str
    forms: int
    unsearchable: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A secret in a text: whose, as which spelling, and at which byte."""

    owner: Owner
    spelling: str
    start: int


class KnownSecrets:
    """The secrets to look for; more can be learned at any time."""

    @classmethod
    def of(cls, secrets: Iterable[Secret]) -> KnownSecrets:
        """Know these."""
        known = cls()
        known.learn(secrets)
        return known

    def __init__(self) -> None:
        """Know none."""
        self.owners: list[Owner] = []
        self._values: set[str] = set()
        self._spellings: dict[bytes, tuple[Owner, str]] = {}
        self._windows: dict[bytes, Owner] = {}
        self._blocks: dict[int, list[bytes]] = {}
        self._window_blocks: dict[int, bytes] = {}
        self._echoes: EchoIndex[Owner] = EchoIndex()

    def __repr__(self) -> str:
        """Count the secrets only."""
        return f"<KnownSecrets {len(self.owners)}>"

    def learn(self, secrets: Iterable[Secret]) -> None:
        """Add those that are not known yet; equal values count once."""
        for secret in secrets:
            value = secret.reveal()
            if value not in self._values:
                self._values.add(value)
                self._add(value, str(secret.provenance))

    @property
    def searchable(self) -> tuple[Owner, ...]:
        """Those that are looked for."""
        return tuple(owner for owner in self.owners if not owner.unsearchable)

    def sightings(self, octets: bytes) -> Iterator[Sighting]:
        """Yield each spelling of each secret that the bytes hold, and pieces of other secrets."""
        if len(octets) < WINDOW or not self._spellings:
            return
        lower = octets.lower()
        blocks = array(_BLOCK_TYPE, lower[: len(lower) // _BLOCK * _BLOCK])
        found = set[Owner]()
        for spelling in self._candidates(blocks):
            start = lower.find(spelling)
            if start >= 0:
                owner, form = self._spellings[spelling]
                found.add(owner)
                yield Sighting(owner, form, start)
        for owner, start in self._pieces(lower, blocks):
            if owner not in found:
                found.add(owner)
                yield Sighting(owner, PIECE, start)

    def echoes(self, octets: bytes) -> Iterator[Sighting]:
        """Yield the ends of secrets that stand beside a mask, such as `****9b86`."""
        for mask in masks(octets):
            for owner, form in self._echoes.beside(octets, mask):
                yield Sighting(owner, form, mask.start())

    def _add(self, value: str, name: str) -> None:
        spellings, windows = spellings_of(value), windows_of(value)
        ends = self._echoes.ends_of(value)
        forms = len({one.form for one in spellings}) + bool(windows) + len(ends)
        reason = why_not_looked_for(value)
        owner = Owner(len(self.owners) + 1, name, forms, reason)
        self.owners.append(owner)
        self._echoes.add(owner, ends)
        for spelling in spellings:
            self._spellings.setdefault(spelling.octets, (owner, spelling.form))
            for block in _telling_blocks(spelling.octets):
                self._blocks.setdefault(block, []).append(spelling.octets)
        for window in windows:
            self._windows.setdefault(window, owner)
            for start in range(WINDOW - _BLOCK + 1):
                four = window[start : start + _BLOCK]
                self._window_blocks[array(_BLOCK_TYPE, four)[0]] = four

    def _candidates(self, blocks: array[int]) -> Iterable[bytes]:
        seen = self._blocks.keys() & set(blocks)
        return dict.fromkeys(spelling for block in sorted(seen) for spelling in self._blocks[block])

    def _pieces(self, lower: bytes, blocks: array[int]) -> Iterator[tuple[Owner, int]]:
        for number in sorted(self._window_blocks.keys() & set(blocks)):
            block = self._window_blocks[number]
            place = lower.find(block)
            while place >= 0:
                for start in range(max(0, place - WINDOW + _BLOCK), place + 1):
                    owner = self._windows.get(lower[start : start + WINDOW])
                    if owner is not None:
                        yield owner, start
                place = lower.find(block, place + 1)


def _telling_blocks(spelling: bytes) -> Iterator[int]:
    """Yield four blocks, one of which is cut out of a text wherever the spelling stands.

    They are those of the stretch with the most digits and odd bytes: few texts hold them.
    """
    stretch = 2 * _BLOCK - 1
    rarity = [char < 0x3A or char > 0x7A for char in spelling]  # noqa: PLR2004 - past 9, past z
    start = max(range(len(spelling) - stretch + 1), key=lambda at: sum(rarity[at : at + stretch]))
    for at in range(start, start + _BLOCK):
        yield array(_BLOCK_TYPE, spelling[at : at + _BLOCK])[0]
