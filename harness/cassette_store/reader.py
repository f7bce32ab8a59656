"""Read a cassette: line by line, nothing trusted, everything redacted again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from harness.cassette_format.cassette import Cassette, Line, Record, Run
from harness.cassette_format.line import HEADER, LONGEST_LINE, check_variant, decode_line
from harness.cassette_store.bundle import open_cassette
from harness.cassette_store.foreign import is_foreign, read_foreign
from harness.errors import CassetteError, Place
from harness.model.request import Json
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

_HEADER_LINES = HEADER.encode().splitlines(keepends=True)
_MOST_PASSES = 4
_OTHERS = "flip401 writes one exchange a line: get a whole copy, or record again"


def read_cassette(path: Path) -> Cassette:
    """Read a cassette, or a part file, whose last line may be cut off, or the one in a bundle.

    Ours are read line by line, of any size; those of plain vcrpy whole, up to 16 MiB, as
    variants `recorded-1`, `recorded-2`, and so on of no run.

    What it holds is redacted again: a stranger's file with raw secrets comes out clean, with
    ids `x1`, `x2`, and so on for what was found; what the last line gives away is replaced in
    the first one too. Lines are read one by one, and only what they hold is kept.

    Raises:
        CassetteError: it cannot be read, or is no cassette; the message names file, line and
            column.
    """
    redactor = Redactor(SecretRegistry("x"))
    for _ in range(_MOST_PASSES):
        known = redactor.registry.version
        with _no_collection():
            cassette = _read(path, redactor)
        if redactor.registry.version == known:
            break
    return cassette


def _read(path: Path, redactor: Redactor) -> Cassette:
    runs: list[tuple[Json, list[Record]]] = []
    cut = ""
    try:
        with open_cassette(path) as file:
            if is_foreign(file, path):
                return read_foreign(file, path)
            for item in parsed_lines(file, path):
                if isinstance(item, str):
                    cut = item
                    break
                if item.run is not None or not runs:
                    runs.append((redactor.document(item.run), []))
                runs[-1][1].append(Record(redactor.readmit(item.exchange), item.outcome))
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise CassetteError(f"cannot read the cassette {path}: {reason}") from error
    if not runs:
        place = cut or Place(str(path), 1, 1)
        raise CassetteError(f"{place}: there is no whole exchange in it", hint=_OTHERS)
    *earlier, (facts, records) = runs
    numbered = enumerate(earlier, 1)
    return Cassette(
        str(path),
        facts,
        tuple(records),
        cut,
        tuple(Run(number, facts, tuple(records)) for number, (facts, records) in numbered),
    )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from walking over all that was read, again and again.

    What was read is no garbage: it joins the objects that the collector looks at last.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        if enabled:
            gc.enable()


def parsed_lines(file: BinaryIO, path: Path) -> Iterator[Line | str]:
    """Yield every line of a cassette; at the end, for a part that is cut off, where it is.

    Raises:
        CassetteError: it is no cassette of ours; the message names file, line and column.
    """
    _check_header(file, path)
    number, name = len(_HEADER_LINES), str(path)
    while data := file.readline(LONGEST_LINE + 1):
        number += 1
        place = Place(name, number, 1)
        whole = data.endswith(b"\n")
        if len(data) > LONGEST_LINE:
            message = f"{place}: the line is longer than {LONGEST_LINE} bytes"
            raise CassetteError(message, hint=_OTHERS)
        try:
            yield check_variant(decode_line(_ascii(data, place), place), place)
        except CassetteError as error:
            if whole or path.suffix != ".part":
                raise _explained(error, place, whole=whole) from None
            yield str(place)


def _check_header(file: BinaryIO, path: Path) -> None:
    for number, expected in enumerate(_HEADER_LINES, 1):
        if file.readline(LONGEST_LINE) != expected:
            place = Place(str(path), number, 1)
            wanted = expected.decode().strip()
            raise CassetteError(f"{place}: expected `{wanted}`", hint=_OTHERS)


def _explained(error: CassetteError, place: Place, *, whole: bool) -> CassetteError:
    if whole:
        return error
    return CassetteError(
        f"{place}: the last line is cut off",
        hint="the file was not copied or written to its end; record again or get a whole copy",
    )


def _ascii(data: bytes, place: Place) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        where = Place(place.file, place.line, error.start + 1)
        raise CassetteError(f"{where}: a byte that is not ASCII", hint=_OTHERS) from None
