"""Which live keys stand for which recorded ones, for as long as a session lasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from harness.redaction.placeholder import Placeholder
from harness.replay_match.index import Group, Ids, ShapeRow
from harness.replay_match.live import Held
from harness.replay_match.shape import FRESH, fits


@dataclass(frozen=True, slots=True)
class Chosen:
    """An identity of a group, and the digests to bind when it is taken."""

    ids: Ids
    bound: Mapping[bytes, str] = field(default_factory=dict)


class KeyBindings:
    """The first live value that fits a recorded secret stands for it, and no other value does."""

    def __init__(self) -> None:
        """Start with no key bound."""
        self._bound: dict[bytes, str] = {}
        self._taken: set[str] = set()
        self._starts: dict[int, int] = {}

    def known(self, held: Held) -> str | None:
        """Return the recorded id of a live secret: the one that it names, or is bound to."""
        return held.id if held.digest is None else self._bound.get(held.digest)

    def is_taken(self, secret_id: str) -> bool:
        """Tell whether some live value stands for this id."""
        return secret_id in self._taken

    def bind(self, bound: Mapping[bytes, str]) -> None:
        """Remember digests, each with the id that it stands for from now on."""
        self._bound.update(bound)
        self._taken.update(bound.values())

    def choose(self, group: Group, held: tuple[Held, ...]) -> Chosen | None:
        """Return the identity of the group that these secrets may be, the first recorded first."""
        ids = tuple(map(self.known, held))
        if None not in ids:
            known = tuple(one or "" for one in ids)
            return Chosen(known) if known in group.pools else None
        rows = [row for row in group.rows.values() if _all_fit(row.shapes, held)]
        for fresh in (False, True):
            for row in rows:
                for candidate in self._free(row, ids):
                    bound = self._bindings(row.shapes, candidate, held, fresh=fresh)
                    if bound is not None:
                        return Chosen(candidate, bound)
        return None

    def _free(self, row: ShapeRow, ids: tuple[str | None, ...]) -> Iterator[Ids]:
        """Yield the identities of a row; those at its start that are taken for good are skipped."""
        if any(ids) or any(shape.kind in FRESH for shape in row.shapes):
            yield from row.ids
            return
        start = self._starts.get(row.serial, 0)
        while start < len(row.ids) and self._taken.issuperset(row.ids[start]):
            start += 1
        self._starts[row.serial] = start
        for place in range(start, len(row.ids)):
            yield row.ids[place]

    def _bindings(
        self,
        shapes: tuple[Placeholder, ...],
        candidate: Ids,
        held: tuple[Held, ...],
        *,
        fresh: bool,
    ) -> dict[bytes, str] | None:
        """Return what must be bound for the live secrets to be those of `candidate`.

        None when they cannot be. With `fresh`, what a client makes anew for each request, such
        as a signature, may stand for a recorded one that another value stands for already.
        """
        bound: dict[bytes, str] = {}
        for shape, wanted, one in zip(shapes, candidate, held, strict=True):
            if one.digest is None:
                if one.id not in {None, wanted}:
                    return None
                continue
            known = self._bound.get(one.digest) or bound.get(one.digest)
            if known == wanted:
                continue
            free = not known and wanted not in self._taken and wanted not in bound.values()
            if free:
                bound[one.digest] = wanted
            elif not fresh or shape.kind not in FRESH:
                return None
        return bound


def _all_fit(shapes: tuple[Placeholder, ...], held: tuple[Held, ...]) -> bool:
    return all(
        one.id is not None or fits(shape, one.shape)
        for shape, one in zip(shapes, held, strict=True)
    )
