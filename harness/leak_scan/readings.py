"""Every way in which some bytes can be read: escapes undone, encodings decoded, unpacked.

A reading is the bytes that somebody would see, and by which steps, the outermost first. The
steps are repeated on what they give, in any order, up to the limits of `budget`.

Out of reach: case or order changed after something else was encoded, encryption, brotli and raw
deflate elsewhere than at the start of a run, brotli without its library, ASCII85, images, HPACK.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harness.leak_scan.budget import MAX_DEPTH, MAX_PASSES, Budget
from harness.leak_scan.compressed import unpacked, unpacked_at_start
from harness.leak_scan.encoded_runs import (
    BASE64,
    HEX,
    NUMBERS,
    base64_runs,
    decoded_base64,
    decoded_hex,
    decoded_numbers,
    decoded_run,
)
from harness.leak_scan.escapes import ALONE, STEPS, undo_all
from harness.leak_scan.joined_lines import joined_lines, without_spaces

JOINED = "joined lines"
UTF16 = "UTF-16"

_WIDE = re.compile(rb"(?:.\x00){6,}.?", re.DOTALL)
_TEXT = re.compile(rb"(?:[\t\n\r\x20-\x7e]|[\xc2-\xf4][\x80-\xbf]{1,3}){8,}")
_BETWEEN = b"\xff"
_MOSTLY = 0.7
_DEFLATED = 16
"""Characters: the shortest run of base64 that is tried as raw deflate."""


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """Bytes, the steps that lead to them, and whether they may be text (not decoded noise)."""

    octets: bytes
    steps: tuple[str, ...]
    is_text: bool = True


def readings(octets: bytes, budget: Budget) -> Iterator[Reading]:
    """Yield the bytes as they stand and every other reading of them."""
    yield from _Reader(budget).layer(octets, ())


def _is_noise(octets: bytes) -> bool:
    """Tell bytes that are mostly no text, of which only the texts are worth undoing."""
    if octets.isascii() and b"\0" not in octets:
        return False
    return sum(map(len, _TEXT.findall(octets))) < len(octets) * _MOSTLY


class _Reader:
    """Reads one text; remembers which runs were decoded already."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._seen: dict[str, set[bytes]] = {BASE64: set(), HEX: set(), NUMBERS: set()}

    def layer(self, octets: bytes, steps: tuple[str, ...]) -> Iterator[Reading]:
        """Yield a text, what its escapes hide, and what is encoded in either."""
        if len(steps) > MAX_DEPTH * 2:
            self._budget.give_up("it is encoded too many times over")
            return
        if _is_noise(octets):
            yield from self._buffer(octets, steps)
            return
        if not self._budget.spend(len(octets)):
            return
        yield Reading(octets, steps)
        yield from self._inside(octets, steps)
        for kind, step in ALONE:
            yield from self._alone(octets, kind, step, steps)
        undone, kinds = octets, dict[str, None]()
        for _ in range(MAX_PASSES):
            before = undone
            for kind, step in STEPS:
                deeper = step(undone)
                if deeper != undone and self._budget.spend(len(deeper)):
                    undone = deeper
                    kinds[kind] = None
                    yield Reading(undone, (*steps, *kinds))
                    yield from self._inside(undone, (*steps, *kinds))
            if undone == before:
                return
        if undo_all(undone) != undone:
            self._budget.give_up(f"it is escaped more than {MAX_PASSES} times")

    def _alone(
        self, octets: bytes, kind: str, step: Callable[[bytes], bytes], steps: tuple[str, ...]
    ) -> Iterator[Reading]:
        """Yield a text with one kind of escape undone, however often."""
        for _ in range(MAX_PASSES):
            undone = step(octets)
            if undone == octets or not self._budget.spend(len(undone)):
                return
            octets = undone
            yield Reading(octets, (*steps, kind))

    def _inside(self, octets: bytes, steps: tuple[str, ...]) -> Iterator[Reading]:
        """Yield what is encoded in a text, its lines joined as well."""
        yield from self._runs(octets, steps)
        yield from self._streams(octets, steps)
        yield from self._wide(octets, steps)
        for text in joined_lines(octets):
            yield from self.layer(text, (*steps, JOINED))
            if self._budget.spend(len(text)):
                yield Reading(without_spaces(text), (*steps, JOINED), is_text=False)

    def _runs(self, octets: bytes, steps: tuple[str, ...]) -> Iterator[Reading]:
        runs = base64_runs(octets, self._seen[BASE64])
        for buffer in decoded_base64(runs):
            yield from self._buffer(buffer, (*steps, BASE64))
        for run in runs:
            if len(run) >= _DEFLATED and not run.islower() and not run.isupper():
                for kind, data in unpacked_at_start(decoded_run(run)):
                    yield from self.layer(data, (*steps, BASE64, kind))
        for buffer in decoded_hex(octets, self._seen[HEX]):
            yield from self._buffer(buffer, (*steps, HEX))
        for buffer in decoded_numbers(octets, self._seen[NUMBERS]):
            yield from self._buffer(buffer, (*steps, NUMBERS))

    def _buffer(self, octets: bytes, steps: tuple[str, ...]) -> Iterator[Reading]:
        """Yield decoded bytes, most of them noise, and the texts among them."""
        if not self._budget.spend(len(octets)):
            return
        yield Reading(octets, steps, is_text=False)
        yield from self._streams(octets, steps)
        yield from self._wide(octets, steps)
        texts = _TEXT.findall(octets)
        if texts:
            yield from self.layer(_BETWEEN.join(texts), steps)

    def _streams(self, octets: bytes, steps: tuple[str, ...]) -> Iterator[Reading]:
        for kind, data in unpacked(octets, self._budget):
            yield from self.layer(data, (*steps, kind))

    def _wide(self, octets: bytes, steps: tuple[str, ...]) -> Iterator[Reading]:
        if b"\0" in octets:
            texts = _WIDE.findall(octets)
            if texts:
                narrow = _BETWEEN.join(text[::2] for text in texts).strip(b"\0")
                if narrow:
                    yield from self.layer(narrow, (*steps, UTF16))
