"""Cassettes of any length: read, closed and checked as a stream."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

import pytest
from redaction.samples import exchange, made_up, secret

from harness.cassette_store.disk import RealDisk
from harness.cassette_store.gate_of_file import leaks_in_file
from harness.cassette_store.reader import read_cassette
from harness.cassette_store.single_file import write_cassette
from harness.cassette_store.writer import CassetteWriter
from harness.errors import CassetteError, LeakError
from harness.leak_scan.blocks import BLOCK_BYTES
from harness.model.outcome import Outcome
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

KEY = made_up(1)


def test_the_gate_counts_lines_over_all_pieces() -> None:
    filler = b"x" * 700_000 + b"\n"
    file = io.BytesIO(filler * 3 + KEY.encode() + b"\n" + filler + b"plainword-7")
    found = list(leaks_in_file(file, [secret(KEY), secret("plainword-7", "PLAIN")]))
    numbers = {number for number, _ in found}
    assert numbers == {4, 6}
    assert all(KEY[3:] not in words for _, words in found)
    assert (6, "line 6: secret 2 (env PLAIN), raw") in found


class Watched(RealDisk):
    """Remembers the most bytes that were written, or read, at once."""

    def __init__(self) -> None:
        self.most = 0

    def write(self, descriptor: int, data: bytes) -> None:
        self.most = max(self.most, len(data))
        super().write(descriptor, data)

    def read(self, path: Path) -> BinaryIO:
        disk = self

        class Reader(io.BufferedReader):
            def readline(self, size: int | None = -1, /) -> bytes:
                data = super().readline(size)
                disk.most = max(disk.most, len(data))
                return data

            def readlines(self, hint: int = -1, /) -> list[bytes]:
                lines = super().readlines(hint)
                disk.most = max(disk.most, sum(map(len, lines)))
                return lines

            def read(self, size: int | None = -1, /) -> bytes:
                # The gate reads blocks, which are larger than this file: by their size it is seen.
                assert size is not None
                assert 0 < size <= BLOCK_BYTES, "the whole file in one piece"
                return super().read(size)

        return Reader(io.FileIO(path))


def test_closing_takes_a_piece_at_a_time(tmp_path: Path) -> None:
    disk, path = Watched(), tmp_path / "a.yaml"
    for run in ("r1", "r2"):
        redactor = Redactor(SecretRegistry())
        writer = CassetteWriter.open(path, run, redactor=redactor, append=True, disk=disk)
        made = redactor.redact(exchange(KEY, response_body=b"word " * 3_000))
        for _ in range(24):
            writer.append(made, Outcome.DENIED)
        writer.close()
    assert path.stat().st_size > 700_000
    assert disk.most < 300_000
    assert len(read_cassette(path).runs) == 2


def test_a_strangers_secret_is_replaced_in_earlier_lines_too(tmp_path: Path) -> None:
    redactor = Redactor(SecretRegistry())
    path = tmp_path / "a.yaml"
    writer = CassetteWriter.open(path, "r1", redactor=redactor)
    for number, body in enumerate((b"say hunter2xyz", b"no", b"MARK"), 1):
        made = redactor.redact(exchange(KEY, sequence=number, response_body=body))
        writer.append(made, Outcome.DENIED)
    writer.close()
    text = path.read_text().replace("MARK", '{\\"password\\":\\"hunter2xyz\\"}')
    path.write_text(text)
    first = read_cassette(path).records[0].exchange.response
    assert first is not None
    assert first.body == "say RDX~x1.L8-11.Cb62~"


def test_a_single_file_is_checked_and_replaces_nothing_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    assert write_cassette(path, ["- {}\n"]) == path
    assert path.read_text() == "version: 1\ninteractions:\n- {}\n"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CassetteError, match="is there already"):
        write_cassette(path, ["- {}\n"])
    with pytest.raises(LeakError, match="an OpenAI-like key") as error:
        write_cassette(path, [f"- {KEY}\n"], force=True)
    assert KEY[3:] not in str(error.value)
    assert path.read_text() == "version: 1\ninteractions:\n- {}\n"
    with pytest.raises(CassetteError, match=r"\.part is for parts"):
        write_cassette(tmp_path / "a.part", [])
