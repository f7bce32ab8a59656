from __future__ import annotations

from pathlib import Path

import pytest
from redaction.samples import deepseek_body, exchange, made_up

from harness.cassette_format.line import HEADER, LONGEST_LINE
from harness.cassette_store.reader import read_cassette
from harness.cassette_store.writer import CassetteWriter
from harness.errors import CassetteError
from harness.model.outcome import Outcome
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

KEY = made_up(1)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a cassette of three exchanges."""
    redactor = Redactor(SecretRegistry())
    path = tmp_path_factory.mktemp("whole") / "a.yaml"
    writer = CassetteWriter.open(path, "r1", redactor=redactor, run={"scenario": "a"})
    for number in range(1, 4):
        given = exchange(KEY, sequence=number, response_body=deepseek_body(KEY[-4:]))
        writer.append(redactor.redact(given), Outcome.DENIED)
    writer.close()
    return path.read_bytes()


def test_a_cassette_is_read_in_file_order(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(whole)
    cassette = read_cassette(path)
    assert cassette.file == str(path)
    assert cassette.run == {"scenario": "a"}
    assert [record.exchange.sequence for record in cassette.records] == [1, 2, 3]
    assert {record.outcome for record in cassette.records} == {Outcome.DENIED}


def test_a_part_cut_anywhere_in_its_last_line_is_never_silently_wrong(
    tmp_path: Path, whole: bytes
) -> None:
    path = tmp_path / "a.yaml.r1.part"
    start = whole.rstrip(b"\n").rfind(b"\n") + 1
    for end in range(start, len(whole) + 1):
        path.write_bytes(whole[:end])
        cassette = read_cassette(path)
        complete = end >= len(whole) - 1
        assert len(cassette.records) == (3 if complete else 2)
        assert cassette.cut == ("" if complete or end == start else f"{path}:5:1")


def test_a_cassette_cut_anywhere_in_its_last_line_is_refused(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "a.yaml"
    start = whole.rstrip(b"\n").rfind(b"\n") + 1
    for end in range(start + 1, len(whole) - 1):
        path.write_bytes(whole[:end])
        with pytest.raises(CassetteError, match=r"a\.yaml:5:1: the last line is cut off"):
            read_cassette(path)


def test_a_part_cut_in_its_first_line_says_so(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "a.yaml.r1.part"
    for end in (len(HEADER), len(HEADER) + 1, len(HEADER) + 50):
        path.write_bytes(whole[:end])
        with pytest.raises(CassetteError, match="no whole exchange"):
            read_cassette(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r":1:1: a cassette is a mapping, not an empty file"),
        (b"interactions:\n- request:\n", r":2:11: `request` is a mapping, not nothing"),
        (b"version: 1\n", r":1:1: `interactions` is missing"),
        (
            HEADER.encode() + b"- request: {uri: a}\n  response: null\n",
            r":3:12: `method` is missing",
        ),
        (HEADER.encode() + b'- {"harness":1, "a": \xc3\xa9}\n', r":3:22: a byte that is not ASCII"),
        (HEADER.encode() + b"- {" + b" " * LONGEST_LINE + b"}\n", r":3:1: the line is longer than"),
        (HEADER.encode() + b'- {"harness": 1 1}\n', r":3:17: not a line of a cassette"),
        (HEADER.encode() + b'- {"harness":1}\n', r":3:1: harness is not a mapping"),
        (HEADER.encode() + b"- {}\n", r":3:3: `request` is missing"),
    ],
)
def test_what_is_no_cassette_of_ours_is_refused_with_its_place(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "b.yaml"
    path.write_bytes(content)
    with pytest.raises(CassetteError, match=rf"b\.yaml{message}"):
        read_cassette(path)


def test_a_broken_line_in_the_middle_of_a_part_is_refused(tmp_path: Path, whole: bytes) -> None:
    lines = whole.splitlines(keepends=True)
    path = tmp_path / "a.yaml.r1.part"
    path.write_bytes(b"".join([*lines[:3], lines[3][:40] + b"\n", lines[4]]))
    with pytest.raises(CassetteError, match=":4:22: not a line of a cassette"):
        read_cassette(path)


def test_a_file_that_is_not_there_or_a_folder_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match=r"cannot read the cassette .*: no such file"):
        read_cassette(tmp_path / "none.yaml")
    with pytest.raises(CassetteError, match=r"cannot read the cassette .*: is a directory"):
        read_cassette(tmp_path)


def test_a_strangers_raw_secrets_come_out_redacted(tmp_path: Path, whole: bytes) -> None:
    stranger = made_up(5)
    path = tmp_path / "a.yaml"
    label = b"RDX~s1.sk.L35.Chex~"
    path.write_bytes(
        whole.replace(label, stranger.encode()).replace(b"RDX~s1.t4~", stranger[-4:].encode())
    )
    cassette = read_cassette(path)
    shown = repr([record.exchange for record in cassette.records])
    assert stranger[3:] not in shown
    assert stranger[-4:] not in shown
    assert "Bearer RDX~x1.sk.L35.Chex~" in shown
    assert "****RDX~x1.t4~ is invalid" in shown


def test_reading_our_own_cassette_changes_nothing(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(whole)
    redactor = Redactor(SecretRegistry())
    given = exchange(KEY, sequence=1, response_body=deepseek_body(KEY[-4:]))
    assert read_cassette(path).records[0].exchange == redactor.redact(given)
