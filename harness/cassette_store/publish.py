"""Make a cassette of a part file: sweep, write beside, look once more, put in place.

Everything is a stream: a line, or a piece of 256 KiB, is in memory at a time. The older cassette
stays as it is until the new one is whole, on the disk, and free of secrets.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from harness.cassette_format.line import HEADER, encode_line
from harness.cassette_store.disk import Disk
from harness.cassette_store.gate_of_file import leaks_in_file
from harness.cassette_store.lock import locked
from harness.cassette_store.place import fresh_of, unwritable
from harness.cassette_store.reader import parsed_lines
from harness.errors import CassetteError, LeakError
from harness.model.request import Json
from harness.redaction.redactor import Redactor

_MOST_PASSES = 4
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Publication:
    """A part that is to become `target`, or with `append` a further run of it.

    `facts` take the place of the run facts in the part, where they are given.
    """

    disk: Disk
    redactor: Redactor
    part: Path
    target: Path
    append: bool = False
    facts: Json = None

    def publish(self) -> int:
        """Publish and return the number of exchanges; the part is gone afterwards.

        Raises:
            PublicationLeakError: a secret was found; nothing is published and the part stays.
            CassetteError: the disk does not take it, or the older cassette cannot be added to;
                it and the part stay.
        """
        try:
            with locked(self.disk, self.target, required=self.append):
                count = self._publish()
        except OSError as error:
            raise unwritable(self.target, error) from error
        return count

    def _publish(self) -> int:
        fresh = fresh_of(self.part)
        try:
            count = self._write(fresh)
            self.disk.rename(fresh, self.target)
        except BaseException:
            with suppress(OSError):  # the first error counts, and what is left holds no secret
                self.disk.unlink(fresh)
            raise
        self.disk.sync_folder(self.target.parent)
        with suppress(OSError):  # it is published; `repair` finds that out too
            self.disk.unlink(self.part)
        return count

    def _write(self, fresh: Path) -> int:
        with suppress(FileNotFoundError):
            self.disk.unlink(fresh)  # of a process that was killed while it published this part
        descriptor = self.disk.create(fresh)
        try:
            self.disk.write(descriptor, HEADER.encode())
            runs, lines, size = self._copy_older(descriptor)
            count = self._write_swept(descriptor, runs + 1, len(HEADER) + size)
            self.disk.sync(descriptor)
        finally:
            self.disk.close(descriptor)
        self._check(fresh, first=HEADER.count("\n") + lines + 1)
        return count

    def _copy_older(self, descriptor: int) -> tuple[int, int, int]:
        """Copy the runs that are there already; return their number, lines and bytes."""
        if not self.append or not self.target.exists():
            return 0, 0, 0
        runs = lines = size = 0
        with self.disk.read(self.target) as file, self.disk.read(self.target) as same:
            for _ in range(HEADER.count("\n")):
                same.readline()
            for line in parsed_lines(file, self.target):
                assert not isinstance(line, str)  # only a part may be cut
                data = same.readline()
                data += b"" if data.endswith(b"\n") else b"\n"
                self.disk.write(descriptor, data)
                runs += line.run is not None or not runs
                lines += 1
                size += len(data)
        return runs, lines, size

    def _write_swept(self, descriptor: int, number: int, start: int) -> int:
        """Write the part's lines as run `number`, again as long as they teach us new secrets."""
        registry = self.redactor.registry
        for attempt in range(1, _MOST_PASSES + 1):
            known, count = registry.version, 0
            for data in self._swept(number):
                self.disk.write(descriptor, data)
                count += 1
            if registry.version == known or attempt == _MOST_PASSES:
                break
            self.disk.truncate(descriptor, start)
        if not count:
            raise CassetteError(f"{self.part}: there is no whole exchange in it")
        return count

    def _swept(self, number: int) -> Iterator[bytes]:
        redactor = self.redactor
        first = True
        with self.disk.read(self.part) as file:
            for line in parsed_lines(file, self.part):
                if isinstance(line, str):
                    return
                run = self.facts if first and self.facts is not None else line.run
                if first and run is None and number > 1:
                    run = {}  # marks where a run begins
                exchange = redactor.in_run(redactor.readmit(line.exchange), number)
                facts = redactor.document_in_run(run, number)
                yield encode_line(exchange, line.outcome, facts).encode("ascii")
                first = False

    def _check(self, fresh: Path, first: int) -> None:
        """Read what was written and look for every secret that is known by now."""
        with self.disk.read(fresh) as file:
            leaks = []
            for number, leak in leaks_in_file(file, self.redactor.registry):
                name = self.target.name
                is_older = 0 < number < first
                leaks.append((number, f"{name}{' (an earlier run)' * is_older} {leak}"))
                if len(leaks) >= _MOST_NAMED:
                    break
        if leaks:
            raise PublicationLeakError(
                tuple(words for _, words in leaks), in_part=any(n >= first for n, _ in leaks)
            )


class PublicationLeakError(LeakError):
    """A secret was found in what was to be published; `in_part` where it came from the part."""

    def __init__(self, places: tuple[str, ...], *, in_part: bool) -> None:
        """Take the places and whether the part is at fault."""
        super().__init__(places)
        self.in_part = in_part
