"""Scan files and what is packed in them; keep the count of what was looked into and what not."""

from __future__ import annotations

from dataclasses import dataclass

from harness.leak_scan.archives import (
    BROKEN,
    Member,
    Peeked,
    Seekable,
    kind_of,
    members,
    opaque,
    spooled,
    why,
)
from harness.leak_scan.blocks import BLOCK_BYTES, Readable, find_in_stream
from harness.leak_scan.places import Place
from harness.leak_scan.report import Leak, NotScanned, ScanReport
from harness.leak_scan.searcher import Hit, Searcher

MAX_NESTED = 5
"""Archives inside one another."""

MAX_MEMBERS = 20_000
"""Members of one file, all archives in it together."""

MAX_UNPACKED_BYTES = 256 << 20
"""Bytes that one file may unpack to, all archives in it together."""

WITHHELD = "(name withheld)"


class _TooMuchError(Exception):
    """A file holds more than may be unpacked."""


class _Allowance:
    """What is left to unpack of one file."""

    def __init__(self) -> None:
        self.members = MAX_MEMBERS
        self.unpacked = MAX_UNPACKED_BYTES


@dataclass(frozen=True, slots=True)
class _Spot:
    """A file or a member: as shown, its own name, archives around it, and what is left."""

    shown: str
    name: str
    nested: int
    allowance: _Allowance


class _Counted:
    """A member's content, counted while it is read."""

    def __init__(self, stream: Readable, allowance: _Allowance) -> None:
        self._stream = stream
        self._allowance = allowance

    def read(self, size: int = -1, /) -> bytes:
        part = self._stream.read(size)
        self._allowance.unpacked -= len(part)
        if self._allowance.unpacked < 0:
            raise _TooMuchError
        return part


class Scan:
    """One scan: give it names and files, then ask for its report."""

    def __init__(self, searcher: Searcher) -> None:
        """Search for what `searcher` knows."""
        self._searcher = searcher
        self._files = 0
        self._leaks: dict[Leak, None] = {}
        self._not_scanned: dict[NotScanned, None] = {}

    @property
    def report(self) -> ScanReport:
        """Everything so far."""
        return ScanReport(
            tuple(self._searcher.known.owners),
            self._files,
            tuple(self._leaks),
            tuple(self._not_scanned),
        )

    def name(self, name: str, before: str = "") -> str:
        """Search a name: a path, an entry of a folder, a member of an archive.

        Returns it as it may be shown, behind `before`: parts with a secret in them are withheld.
        """
        hits = self._hits_in(name)
        shown = name
        if hits:
            parts = [WITHHELD if self._hits_in(part) else part for part in name.split("/")]
            shown = "/".join(parts) if WITHHELD in parts else WITHHELD
        shown = before + shown
        for hit in hits:
            self._add(shown, None, hit)
        return shown

    def skip(self, shown: str, reason: str) -> None:
        """Note that something was not looked into."""
        self._not_scanned[NotScanned(shown, reason)] = None

    def file(self, shown: str, name: str, stream: Seekable) -> None:
        """Search a file from its beginning, and what is packed in it.

        `shown` is what `name()` returned for the `name`. The stream can be sought.
        """
        try:
            self._content(_Spot(shown, name, 0, _Allowance()), stream)
        except _TooMuchError:
            self.skip(shown, f"it unpacks to more than {MAX_UNPACKED_BYTES >> 20} MiB")

    def _content(self, spot: _Spot, stream: Readable) -> None:
        peeked = Peeked(stream)
        what = opaque(peeked.head)
        kind = kind_of(peeked.head, spot.name, stream)
        if what:
            self.skip(spot.shown, f"it is {what}")
        elif not kind:
            if isinstance(stream, Seekable):
                stream.seek(0)
            self._search(spot.shown, stream if isinstance(stream, Seekable) else peeked)
        elif spot.nested >= MAX_NESTED:
            self.skip(spot.shown, f"more than {MAX_NESTED} archives inside one another")
        else:
            self._archive(spot, kind, stream, peeked)

    def _archive(self, spot: _Spot, kind: str, stream: Readable, peeked: Peeked) -> None:
        self._files += kind in {"zip", "tar"}  # elsewhere the one thing inside counts
        source: Readable = peeked
        try:
            if isinstance(stream, Seekable):
                stream.seek(0)
                source = stream
            elif kind == "zip":
                source = spooled(peeked)
            for member in members(kind, source, spot.name):
                spot.allowance.members -= 1
                if spot.allowance.members < 0:
                    self.skip(spot.shown, f"it has more than {MAX_MEMBERS} members")
                    return
                self._member(spot, member)
            if isinstance(source, Seekable):
                source.seek(0)
                self._around(spot.shown, source)
        except BROKEN as error:
            self.skip(spot.shown, why(error))

    def _around(self, archive: str, stream: Seekable) -> None:
        """Search the bytes of an archive as they stand: headers, gaps, what is before or behind.

        A secret that was found in a member is not told again.
        """
        told = {leak.secret for leak in self._leaks if leak.file.startswith(archive)}
        start = 0
        while block := stream.read(BLOCK_BYTES):
            for hit in self._searcher.search_plainly(block):
                if hit.what not in told:
                    self._add(archive, Place("byte", start + hit.start, start + hit.start), hit)
            start += len(block)

    def _member(self, spot: _Spot, member: Member) -> None:
        shown = self.name(member.name, f"{spot.shown}!") if member.name else spot.shown
        for note in member.notes:
            for hit in self._hits_in(note) if note else ():
                self._add(shown, None, hit)
        if member.reason:
            self.skip(shown, member.reason)
        if member.stream is not None:
            inner = _Spot(shown, member.name or member.looks_like, spot.nested + 1, spot.allowance)
            try:
                self._content(inner, _Counted(member.stream, spot.allowance))
            except BROKEN as error:
                self.skip(shown, why(error))

    def _search(self, shown: str, stream: Readable) -> None:
        self._files += 1
        found = find_in_stream(stream, self._searcher)
        for place, hit in found.hits:
            self._add(shown, place, hit)
        for reason in found.not_scanned:
            self.skip(shown, reason)

    def _hits_in(self, text: str) -> tuple[Hit, ...]:
        return self._searcher.search(text.encode("utf-8", "surrogateescape")).hits

    def _add(self, shown: str, place: Place | None, hit: Hit) -> None:
        number = hit.owner.number if hit.owner else 0
        self._leaks[Leak(shown, place, hit.what, number, hit.spelling, hit.form)] = None
