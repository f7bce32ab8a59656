"""Write a cassette: every line redacted and checked first, published whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from harness.cassette_format.line import HEADER, decode_line, encode_line
from harness.cassette_store.place import create, part_of, probe, target_of, unwritable
from harness.errors import LeakError, Place
from harness.leak_scan.gate import find_leaks
from harness.leak_scan.known_secrets import KnownSecrets
from harness.model.exchange import RedactedExchange
from harness.model.outcome import Outcome
from harness.model.request import Json
from harness.redaction.redactor import Redactor


class CassetteWriter:
    """Appends exchanges to `X.yaml.<run>.part`, and makes `X.yaml` of it at the end.

    The part holds whole lines at any moment and vcrpy can load it. An older `X.yaml` stays
    as it is until it is replaced in one step.
    """

    @classmethod
    def open(
        cls, path: Path, run_id: str, *, redactor: Redactor, run: Json = None
    ) -> CassetteWriter:
        """Make sure that the place can be written; nothing stays on disk before an exchange.

        `run` are facts of the run for the first item; they are redacted here. Missing folders
        are made.

        Raises:
            CassetteError: the place cannot be written.
        """
        target = target_of(path)
        part = part_of(target, run_id)
        probe(part)
        return cls(target, part, redactor, run)

    def __init__(self, target: Path, part: Path, redactor: Redactor, run: Json) -> None:
        """Use `open`."""
        self.target = target
        self.part = part
        self._redactor = redactor
        self._run = run
        self._known = KnownSecrets()
        self._descriptor: int | None = None
        self._size = 0

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
        if self._descriptor is None:
            line = HEADER + encode_line(exchange, outcome, self._redactor.document(self._run))
        else:
            line = encode_line(exchange, outcome)
        data = line.encode("ascii")
        self._check(data, self.part.name)
        try:
            self._write(data)
        except OSError as error:
            self._cut_back()
            raise unwritable(self.part, error) from error

    def close(self, run: Json = None) -> Path | None:
        """Redact once more with all that is known by now, check, and publish.

        `run` are the facts of the run as they are at its end, in place of the earlier ones.
        Returns the cassette, or None when there was no exchange: an older one stays.

        Raises:
            LeakError: a secret was found; nothing is published and the part is removed.
            CassetteError: the disk does not take it; the part stays.
        """
        if self._descriptor is None:
            return None
        os.close(self._descriptor)
        self._descriptor = None
        try:
            data = "".join((HEADER, *self._swept(run))).encode("ascii")
            self._check(data, self.target.name)
            self._publish(data)
        except OSError as error:
            raise unwritable(self.target, error) from error
        return self.target

    def abandon(self) -> Path | None:
        """Stop and keep the part: what finished can be read. None when there is nothing."""
        if self._descriptor is None:
            return None
        os.close(self._descriptor)
        self._descriptor = None
        return self.part

    def _check(self, data: bytes, name: str) -> None:
        self._known.learn(self._redactor.registry)
        leaks = find_leaks(data, self._known)
        if leaks:
            self.abandon()
            with suppress(FileNotFoundError):
                self.part.unlink()
            raise LeakError(tuple(f"{name} {leak}" for leak in leaks))

    def _write(self, data: bytes) -> None:
        if self._descriptor is None:
            self._descriptor = create(self.part)
        write_all(self._descriptor, data)
        self._size += len(data)

    def _cut_back(self) -> None:
        """Drop a line that was written in part; a part without a whole line goes."""
        if self._descriptor is None:
            return
        os.ftruncate(self._descriptor, self._size)
        if not self._size:
            os.close(self._descriptor)
            self._descriptor = None
            self.part.unlink()

    def _swept(self, facts: Json) -> Iterator[str]:
        """Yield every line of the part redacted again, `facts` in the first where given."""
        first = HEADER.count("\n") + 1
        with self.part.open(encoding="ascii", newline="") as lines:
            for number, text in enumerate(lines, 1):
                if number < first:
                    continue
                line = decode_line(text, Place(str(self.part), number, 1))
                run = facts if number == first and facts is not None else line.run
                exchange = self._redactor.readmit(line.exchange)
                yield encode_line(exchange, line.outcome, self._redactor.document(run))

    def _publish(self, data: bytes) -> None:
        """Put the bytes beside the target, and in its place when all of them are on disk."""
        fresh = self.part.with_suffix(".new")
        descriptor = create(fresh)
        try:
            write_all(descriptor, data)
            os.fsync(descriptor)
        except OSError:
            fresh.unlink()
            raise
        finally:
            os.close(descriptor)
        fresh.replace(self.target)
        self.part.unlink()
        with suppress(OSError):  # it is published; some file systems cannot sync a folder
            folder = os.open(self.target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte: the system may take fewer at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
