"""Every secret that is known so far, its id, and the index by which texts are searched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from harness.model.secret import Provenance, Secret
from harness.redaction.common_values import is_common
from harness.redaction.edges import trim
from harness.redaction.key_class import public_prefix
from harness.redaction.lower_case import lowered
from harness.redaction.needles import Needle, cores_of, needles_of, pieces_of
from harness.redaction.placeholder import Placeholder
from harness.redaction.shape import placeholder_for
from harness.redaction.spelling_index import SpellingIndex

TAIL = 4
"""Characters that providers echo of a key."""

LONGEST_TAIL = 16
"""Characters: a longer echo is found as a piece of the key."""

SHORTEST_HEAD = 3
"""Characters before a mask by which a key is known."""


class Reach(StrEnum):
    """Where a value is replaced: in every text, or only where its place gives it away."""

    EVERYWHERE = "everywhere"
    PLACE = "place"


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """A value with its id. `credential` tells a secret from a value merely not shown."""

    id: str
    secret: Secret
    kind: str
    reach: Reach
    credential: bool

    def __repr__(self) -> str:
        """Name the id only."""
        return f"<Entry {self.id}>"


@dataclass(frozen=True, slots=True, repr=False)
class Ending:
    """A value of which a tail may be echoed: without its edges, and whether it is common."""

    core: str
    secret_id: str
    common: bool

    def __repr__(self) -> str:
        """Name the id only."""
        return f"<Ending of {self.secret_id}>"


class SecretRegistry:
    """Numbers secrets in the order in which they are met: `s1`, `s2`, and so on.

    Equal values share an id. `letter` is `x` for what is found in a cassette that was read, so
    that new ids never meet those that the file holds already; where a file with ids of its own
    is gone on with, `after` is the highest of them.
    """

    def __init__(self, letter: str = "s", *, after: int = 0) -> None:
        """Start empty."""
        self._letter = letter
        self._after = after
        self._by_value: dict[str, Entry] = {}
        self._needles: dict[str, list[Needle]] = {}
        self.index = SpellingIndex()
        self._tails: dict[str, list[Ending]] = {}
        self._mixed_tails: list[str] = []
        self._endings: dict[str, list[Ending]] = {}
        self._heads: dict[str, list[Ending]] = {}
        self._labels: dict[tuple[str, str, str, str], Placeholder] = {}
        self.version = 0
        self.changes = 0

    def __repr__(self) -> str:
        """Count the secrets only."""
        return f"<SecretRegistry of {len(self._by_value)}>"

    def __iter__(self) -> Iterator[Secret]:
        """Yield every credential, in order of id: what the gate must not find."""
        return (entry.secret for entry in self._by_value.values() if entry.credential)

    def __len__(self) -> int:
        """Count every value that has an id."""
        return len(self._by_value)

    def add(self, secret: Secret, kind: str = "") -> str:
        """Take a credential and return its id; its value is looked for in every text."""
        value = secret.reveal()
        known = self._by_value.get(value)
        if known is not None and known.credential:
            return known.id
        reach = Reach.PLACE if is_common(value) else Reach.EVERYWHERE
        entry = Entry(known.id if known else self._next_id(), secret, kind, reach, credential=True)
        self._by_value[value] = entry
        self._index(entry)
        self.version += 1
        self.changes += 1
        return entry.id

    def note(self, value: str, place: str, kind: str = "") -> str:
        """Give an id to a value that is hidden at its place only, found at `place`."""
        known = self._by_value.get(value)
        if known is None:
            secret = Secret(value, Provenance("value of", place))
            known = Entry(self._next_id(), secret, kind, Reach.PLACE, credential=False)
            self._by_value[value] = known
            self.changes += 1
        return known.id

    def entry(self, value: str) -> Entry | None:
        """Return what is known of exactly this value."""
        return self._by_value.get(value)

    def placeholder(self, entry: Entry) -> Placeholder:
        """Return what stands for the whole value of an entry."""
        return self.label(entry.secret.reveal(), entry.id, kind=entry.kind)

    def label(
        self, value: str, secret_id: str, *, kind: str = "", encoding: str = ""
    ) -> Placeholder:
        """Return the placeholder of a value, made once: to look at a value takes long."""
        asked = (value, secret_id, kind, encoding)
        made = self._labels.get(asked)
        if made is None:
            made = placeholder_for(value, secret_id, kind=kind, encoding=encoding)
            self._labels[asked] = made
        return made

    @property
    def needles(self) -> Mapping[str, list[Needle]]:
        """Every spelling to look for, lower case, with the secrets that it may stand for."""
        return self._needles

    @property
    def tails(self) -> Mapping[str, list[Ending]]:
        """The last characters of credentials, lower case, with whose they are."""
        return self._tails

    @property
    def mixed_tails(self) -> Sequence[str]:
        """The tails of letters and digits, which no word is by chance."""
        return self._mixed_tails

    @property
    def endings(self) -> Mapping[str, list[Ending]]:
        """Every ending of credentials up to `LONGEST_TAIL` characters, lower case."""
        return self._endings

    @property
    def heads(self) -> Mapping[str, list[Ending]]:
        """The first `SHORTEST_HEAD` characters behind the public prefix, lower case."""
        return self._heads

    def credentials(self) -> Iterator[Entry]:
        """Yield the entries that are secrets."""
        return (entry for entry in self._by_value.values() if entry.credential)

    def entries(self) -> Iterator[Entry]:
        """Yield every entry, values that are merely not shown included."""
        yield from self._by_value.values()

    def _next_id(self) -> str:
        return f"{self._letter}{self._after + len(self._by_value) + 1}"

    def _index(self, entry: Entry) -> None:
        value = entry.secret.reveal()
        for needle in needles_of(entry.id, value):
            text = lowered(needle.text)
            spellings = self._needles.setdefault(text, [])
            if not spellings:
                self.index.add_spelling(text)
            spellings.insert(0 if needle.whole and not needle.encoding else len(spellings), needle)
        for piece in pieces_of(value):
            self.index.add_piece(piece, entry.id)
        for core in dict.fromkeys((value, *cores_of(value), trim(value))):
            if core:
                ending = Ending(core, entry.id, is_common(core))
                self._index_ends(lowered(core), ending)

    def _index_ends(self, core: str, ending: Ending) -> None:
        tail = core[-TAIL:]
        if tail not in self._tails and _is_mixed(tail):
            self._mixed_tails.append(tail)
        self._tails.setdefault(tail, []).append(ending)
        for length in range(1, min(len(core), LONGEST_TAIL) + 1):
            self._endings.setdefault(core[-length:], []).append(ending)
        rest = core[len(public_prefix(ending.core)) :]
        if len(rest) >= SHORTEST_HEAD and not ending.common:
            self._heads.setdefault(rest[:SHORTEST_HEAD], []).append(ending)


def _is_mixed(tail: str) -> bool:
    letters, digits = any(map(str.isalpha, tail)), any(map(str.isdigit, tail))
    return len(tail) == TAIL and letters and digits and tail.isalnum()
