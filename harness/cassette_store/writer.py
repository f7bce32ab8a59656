"""Write a cassette: every line redacted and checked first, published whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from harness.cassette_format.line import HEADER, encode_line
from harness.cassette_store.disk import Disk, RealDisk
from harness.cassette_store.place import fresh_of, part_of, probe, target_of, unwritable
from harness.cassette_store.publish import Publication, PublicationLeakError
from harness.cassette_store.reader import parsed_lines
from harness.errors import CassetteError, LeakError
from harness.leak_scan.gate import find_leaks
from harness.leak_scan.known_secrets import KnownSecrets
from harness.model.exchange import RedactedExchange
from harness.model.outcome import Outcome
from harness.model.request import Json
from harness.redaction.redactor import Redactor


class CassetteWriter:
    """Appends exchanges to `X.yaml.<run>.part`, and makes `X.yaml` of it at the end.

    The part holds whole lines and vcrpy can load it; a process that is killed while it writes may
    leave half a line, which `read_cassette` and `repair` leave out. An older `X.yaml` stays
    as it is until it is replaced in one step, or until the run is added to it.
    """

    @classmethod
    def open(
        cls,
        path: Path,
        run_id: str,
        *,
        redactor: Redactor,
        run: Json = None,
        append: bool = False,
        disk: Disk | None = None,
    ) -> CassetteWriter:
        """Make sure that the place can be written; nothing stays on disk before an exchange.

        `run` are facts of the run for the first item; they are redacted here. With `append` the
        runs that are in `X.yaml` stay in it. Missing folders are made.

        Raises:
            CassetteError: the place cannot be written, or what is there cannot be added to.
        """
        disk = disk or RealDisk()
        target = target_of(path)
        part = part_of(target, run_id)
        probe(disk, part)
        if append:
            _check_older(disk, target)
        return cls(target, part, redactor, run, append=append, disk=disk)

    def __init__(
        self, target: Path, part: Path, redactor: Redactor, run: Json, *, append: bool, disk: Disk
    ) -> None:
        """Use `open`."""
        self.target = target
        self.part = part
        self._redactor = redactor
        self._run = run
        self._known = KnownSecrets()
        self._append = append
        self._disk = disk
        self._descriptor: int | None = None
        self._size = 0
        self._is_broken = False

    def __repr__(self) -> str:
        """Name the part file."""
        return f"<CassetteWriter {self.part}>"

    def describe(self, run: Json) -> None:
        """Set the facts of the run, before the first exchange.

        Raises:
            RuntimeError: the first exchange is written already.
        """
        if self._descriptor is not None:
            raise RuntimeError("the facts of the run stand in the first item, which is written")
        self._run = run

    def append(self, exchange: RedactedExchange, outcome: Outcome) -> None:
        """Write one exchange as a line of its own, checked against all that is known now.

        Raises:
            LeakError: the line holds a secret; it is not written and the part is removed.
            CassetteError: the disk does not take it; what was written before stays.
        """
        if self._is_broken:
            raise self._broken()
        first = self._descriptor is None
        run = self._redactor.document(self._run) if first else None
        # After the run facts, which may name a secret that the exchange holds.
        line = encode_line(self._redactor.up_to_date(exchange), outcome, run)
        data = f"{HEADER if first else ''}{line}".encode("ascii")
        self._known.learn(self._redactor.registry)
        leaks = find_leaks(data, self._known)
        if leaks:
            raise LeakError((*(f"{self.part.name} {leak}" for leak in leaks), *self._removed()))
        try:
            self._write(data)
        except OSError as error:
            raise unwritable(self.part, error) from error

    def close(self, run: Json = None) -> Path | None:
        """Redact once more with all that is known by now, check, and publish.

        `run` are the facts of the run as they are at its end, in place of the earlier ones.
        Returns the cassette, or None when there was no exchange: an older one stays.

        Raises:
            LeakError: a secret was found; nothing is published. The part is removed, unless the
                secret is in an earlier run of the cassette.
            CassetteError: the disk does not take it; the part stays.
        """
        if self._is_broken:
            raise self._broken()
        if self._descriptor is None:
            return None
        publication = Publication(
            self._disk, self._redactor, self.part, self.target, append=self._append, facts=run
        )
        try:
            publication.publish()
        except PublicationLeakError as leak:
            if not leak.in_part:
                raise
            raise LeakError((*leak.places, *self._removed())) from None
        finally:
            self.abandon()
        return self.target

    def abandon(self) -> Path | None:
        """Stop and keep the part: what finished can be read. None when there is nothing."""
        if self._descriptor is None:
            return self.part if self._is_broken else None
        self._disk.close(self._descriptor)
        self._descriptor = None
        return self.part

    def _write(self, data: bytes) -> None:
        if self._descriptor is None:
            self._write_first(data)
        else:
            self._write_next(self._descriptor, data)
        self._size += len(data)

    def _write_first(self, data: bytes) -> None:
        """Write the first line beside the part, which so holds a whole one from its birth."""
        fresh = fresh_of(self.part)
        descriptor = self._disk.create(fresh)
        try:
            self._disk.write(descriptor, data)
            self._disk.rename(fresh, self.part)
        except BaseException:
            self._disk.close(descriptor)
            with suppress(OSError):
                self._disk.unlink(fresh)
            raise
        self._descriptor = descriptor

    def _write_next(self, descriptor: int, data: bytes) -> None:
        try:
            self._disk.write(descriptor, data)
        except OSError:
            try:
                self._disk.truncate(descriptor, self._size)
            except OSError:  # half a line stays: nothing may come after it
                self.abandon()
                self._is_broken = True
            raise

    def _broken(self) -> CassetteError:
        return CassetteError(
            f"cannot write the cassette {self.part}: its last line could not be finished",
            hint="`flip401 repair` publishes what is whole in it",
        )

    def _removed(self) -> tuple[str, ...]:
        """Remove the part; return what to say where that cannot be done."""
        part = self.abandon()
        if part is None:
            return ()
        try:
            self._disk.unlink(part)
        except FileNotFoundError:
            return ()
        except OSError:
            return (f"{part}, which could not be removed: delete it",)
        return ()


def _check_older(disk: Disk, target: Path) -> None:
    """Find out whether a run can be added to what is there: whether it is a cassette of ours."""
    try:
        if target.exists():
            with disk.read(target) as file:
                for _ in parsed_lines(file, target):
                    pass
    except OSError as error:
        raise unwritable(target, error) from error
