"""The disk fails at each call in turn: old or new content, never a mix, and one clear error."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from redaction.samples import exchange, made_up, secret

from harness.cassette_store.disk import RealDisk
from harness.cassette_store.failing_disk import FailingDisk
from harness.cassette_store.reader import read_cassette
from harness.cassette_store.repair import repair
from harness.cassette_store.single_file import write_cassette
from harness.cassette_store.writer import CassetteWriter
from harness.errors import CassetteError
from harness.model.outcome import Outcome
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

KEY = made_up(1)
LATE = "late-secret-77"
OTHER = made_up(2)
EXCHANGES = 3
STARTED = {"older": 1.0, "newer": 2.0, "one": 1.0}
MODES = ("new", "replaces", "appends")
ERRORS = {"full": errno.ENOSPC, "broken": errno.EIO, "too many files": errno.EMFILE}


def error_of(act: Callable[[], object]) -> CassetteError | None:
    try:
        act()
    except CassetteError as error:
        return error
    return None


def record(path: Path, disk: FailingDisk | RealDisk, run: str, *, append: bool) -> int:
    """Record a run that learns secrets late: one before it is swept, one while it is.

    Return the number of exchanges that were written; one more when they were published.
    """
    redactor = Redactor(SecretRegistry())
    facts = {"id": run, "append": append, "started_at_utc": STARTED[run]}
    writers: list[CassetteWriter] = []
    written: list[int] = []

    def act() -> None:
        writer = CassetteWriter.open(
            path, run, redactor=redactor, run=facts, append=append, disk=disk
        )
        writers.append(writer)
        for number in range(1, EXCHANGES + 1):
            body = f"said {LATE}".encode() if number == 1 else b"no"
            made = redactor.redact(exchange(KEY, sequence=number, response_body=body))
            writer.append(made, Outcome.DENIED)
            written.append(number)
        redactor.registry.add(secret(LATE))
        writer.close(facts | {"note": f"Bearer {OTHER}"})

    error = error_of(act)
    if error is None:
        return EXCHANGES + 1
    assert str(error).startswith("cannot write ")
    assert error.hint
    for writer in writers:
        writer.abandon()
    return len(written)


def failing_at_each(
    kind: str, act: Callable[[FailingDisk], bool], *, lasting: bool = False
) -> set[str]:
    """Fail call after call, until `act` needs no more calls; return the names of what failed."""
    failed = set()
    for number in range(1, 200):
        disk = FailingDisk(RealDisk(), number, ERRORS[kind], lasting=lasting)
        ended = act(disk)
        if len(disk.calls) < number:
            assert ended
            return failed
        failed.add(disk.calls[number - 1])
    raise AssertionError("it never came to its end")


@pytest.mark.parametrize(
    ("mode", "lasting", "kind"),
    [
        *((mode, lasting, "full") for mode in MODES for lasting in (False, True)),
        ("replaces", False, "broken"),
        ("appends", True, "too many files"),
    ],
)
def test_recording(tmp_path: Path, mode: str, kind: str, *, lasting: bool) -> None:
    folders = iter(range(1000))

    def act(disk: FailingDisk) -> bool:
        folder = tmp_path / str(next(folders))
        folder.mkdir()
        path = folder / "a.yaml"
        if mode != "new":
            record(path, RealDisk(), "older", append=False)
        before = path.read_bytes() if path.exists() else None
        finished = record(path, disk, "newer", append=mode == "appends")
        now = path.read_bytes() if path.exists() else None
        published = finished > EXCHANGES
        check_files(folder, path if published else None)
        part = folder / "a.yaml.newer.part"
        if published:
            assert now != before
        else:
            assert now == before
            assert part.exists() == (finished > 0)
        if part.exists():
            repair(part)
        if finished:
            check_runs(path, mode, finished, before or b"")
        return published

    failed = failing_at_each(kind, act, lasting=lasting)
    assert failed == {"open", "write", "fsync", "rename", "unlink", "ftruncate"}


def check_files(folder: Path, published: Path | None) -> None:
    """What was known when a file was written is not in it; what became known is not published."""
    for file in folder.iterdir():
        data = file.read_bytes()
        assert KEY[3:].encode() not in data
        assert KEY[-4:].encode() not in data
        assert OTHER[3:].encode() not in data
        if file == published:
            assert LATE.encode() not in data


def check_runs(path: Path, mode: str, finished: int, before: bytes) -> None:
    runs = {run.id: run for run in read_cassette(path).runs}
    sequences = [record.exchange.sequence for record in runs["newer"].records]
    assert sequences[:finished] == list(range(1, min(finished, EXCHANGES) + 1))
    assert ("older" in runs) == (mode == "appends")
    if mode == "appends":
        assert path.read_bytes().startswith(before)


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_repairing(tmp_path: Path, mode: str, *, lasting: bool) -> None:
    folders = iter(range(1000))

    def act(disk: FailingDisk) -> bool:
        folder = tmp_path / str(next(folders))
        folder.mkdir()
        path = folder / "a.yaml"
        if mode != "new":
            record(path, RealDisk(), "older", append=False)
        before = path.read_bytes() if path.exists() else None
        failing = FailingDisk(RealDisk(), 12, lasting=True)
        record(path, failing, "newer", append=mode == "appends")
        part = folder / "a.yaml.newer.part"
        content = part.read_bytes()
        error = error_of(lambda: repair(part, force=True, disk=disk))
        if error is not None:
            assert str(error).startswith("cannot ")
            assert (path.read_bytes() if path.exists() else None) == before
            assert part.read_bytes() == content
            check_files(folder, None)
            return False
        assert read_cassette(path).runs[-1].id == "newer"
        return True

    failed = failing_at_each("full", act, lasting=lasting)
    assert {"open", "write", "fsync", "rename", "unlink"} <= failed


def test_writing_a_single_file(tmp_path: Path) -> None:
    record(tmp_path / "from.yaml", RealDisk(), "one", append=False)
    lines = (tmp_path / "from.yaml").read_text().splitlines(keepends=True)[2:]
    path = tmp_path / "to" / "a.yaml"

    def act(disk: FailingDisk) -> bool:
        path.parent.mkdir(exist_ok=True)
        path.write_text("older")
        error = error_of(lambda: write_cassette(path, lines, force=True, disk=disk))
        if error is not None:
            assert "no space left" in str(error)
            assert path.read_text() == "older"
            return False
        assert [file.name for file in path.parent.iterdir()] == ["a.yaml"]
        return len(read_cassette(path).records) == EXCHANGES

    assert failing_at_each("full", act) == {"open", "write", "fsync", "rename"}


def test_a_line_that_cannot_be_cut_back_ends_the_recording(tmp_path: Path) -> None:
    redactor = Redactor(SecretRegistry())
    probe, first = 2, 3
    disk = FailingDisk(RealDisk(), probe + first + 1, lasting=True)
    writer = CassetteWriter.open(tmp_path / "a.yaml", "r1", redactor=redactor, disk=disk)
    made = redactor.redact(exchange(KEY))
    writer.append(made, Outcome.DENIED)
    with pytest.raises(CassetteError, match="no space left"):
        writer.append(made, Outcome.DENIED)
    assert disk.calls[-2:] == ["write", "ftruncate"]
    disk.fail_at = 0
    for go_on in (lambda: writer.append(made, Outcome.DENIED), writer.close):
        with pytest.raises(CassetteError, match="its last line could not be finished") as error:
            go_on()
        assert "flip401 repair" in error.value.hint
    assert writer.abandon() == writer.part
    cassette = read_cassette(writer.part)
    assert (len(cassette.records), cassette.cut) == (1, f"{writer.part}:4:1")
    done = repair(writer.part)
    assert (done.exchanges, done.cut) == (1, cassette.cut)
