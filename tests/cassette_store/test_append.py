"""A cassette of several runs: each whole, told apart, and the older ones untouched."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from redaction.samples import deepseek_body, exchange, made_up, secret
from vcr.cassette import Cassette
from vcr.record_mode import RecordMode

from harness.cassette_format.cassette import Cassette as Read
from harness.cassette_format.cassette import Run
from harness.cassette_format.line import HEADER
from harness.cassette_store.reader import read_cassette
from harness.cassette_store.writer import CassetteWriter
from harness.errors import CassetteError, LeakError
from harness.model.outcome import Outcome
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry


def record(path: Path, run: str, key: str, *, append: bool = True, facts: bool = True) -> Redactor:
    redactor = Redactor(SecretRegistry())
    document = {"id": run, "sources": [{"secret_id": "s1", "note": f"has {key}"}]}
    writer = CassetteWriter.open(
        path, run, redactor=redactor, run=document if facts else None, append=append
    )
    for number in (1, 2):
        headers = (("Content-Length", "7"), ("Content-Type", "application/json"))
        body = deepseek_body(key[-4:])
        made = exchange(key, sequence=number, response_body=body, response_headers=headers)
        writer.append(redactor.redact(made), Outcome.DENIED)
    writer.close()
    return redactor


def test_runs_follow_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    contents = []
    for number, run in enumerate(("one", "two", "three"), 1):
        record(path, run, made_up(number))
        contents.append(path.read_bytes())
    assert contents[1].startswith(contents[0])
    assert contents[2].startswith(contents[1])
    cassette = read_cassette(path)
    assert [(run.number, run.id) for run in cassette.runs] == [(1, "one"), (2, "two"), (3, "three")]
    assert cassette.run == cassette.runs[2].facts
    assert cassette.records == cassette.runs[2].records
    assert list(tmp_path.iterdir()) == [path]


def test_the_secrets_of_each_run_have_ids_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    record(path, "one", made_up(1))
    record(path, "two", made_up(2))
    first, second = read_cassette(path).runs
    for run, prefix in ((first, ""), (second, "r2.")):
        one = run.records[0].exchange
        assert one.secret_ids == {"key": f"{prefix}s1"}
        assert one.headers[0][1] == f"Bearer RDX~{prefix}s1.sk.L35.Chex~"
        assert one.response is not None
        assert f"****RDX~{prefix}s1.t4~ is invalid" in one.response.body
        assert isinstance(run.facts, dict)
        assert run.facts["sources"] == [
            {"secret_id": f"{prefix}s1", "note": f"has RDX~{prefix}s1.sk.L35.Chex~"}
        ]
    for key in (made_up(1), made_up(2)):
        assert key[3:] not in path.read_text()


def test_vcrpy_loads_all_runs_and_lengths_fit(tmp_path: Path) -> None:
    logging.getLogger("vcr").setLevel(logging.CRITICAL)
    path = tmp_path / "a.yaml"
    record(path, "one", made_up(1))
    record(path, "two", made_up(2))
    responses = Cassette.load(path=str(path), record_mode=RecordMode.NONE).responses
    assert len(responses) == 4
    for response in responses:
        length = len(response["body"]["string"])
        assert response["headers"]["Content-Length"] == [str(length)]
    assert responses[2]["headers"] != responses[0]["headers"]


def test_a_run_without_facts_begins_a_run_too(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    record(path, "one", made_up(1), facts=False)
    record(path, "two", made_up(2), facts=False)
    runs = read_cassette(path).runs
    assert [(run.facts, run.id, len(run.records)) for run in runs] == [(None, "", 2), ({}, "", 2)]


def test_without_append_it_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    record(path, "one", made_up(1))
    record(path, "two", made_up(2), append=False)
    assert [run.id for run in read_cassette(path).runs] == ["two"]


def test_one_run_is_chosen_by_number_or_id(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    record(path, "one", made_up(1))
    record(path, "two", made_up(2))
    cassette = read_cassette(path)
    for wanted in ("1", "one"):
        chosen = cassette.of_run(wanted)
        assert (chosen.run, chosen.records) == (cassette.runs[0].facts, cassette.runs[0].records)
        assert len(chosen.runs) == 1
    with pytest.raises(CassetteError, match=r"a\.yaml has no run 'x'") as error:
        cassette.of_run("x")
    assert error.value.hint == "it has:\n    1  one  2 exchanges\n    2  two  2 exchanges"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("interactions: []\n", ":1:1: expected `version: 1`"),
        (HEADER + "- {}\n", ":3:1: harness is missing"),
        (HEADER + "- {", ":3:1: the last line is cut off"),
    ],
)
def test_what_cannot_be_added_to_is_found_before_the_first_exchange(
    tmp_path: Path, content: str, message: str
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(content)
    with pytest.raises(CassetteError, match=message):
        CassetteWriter.open(path, "r1", redactor=Redactor(SecretRegistry()), append=True)
    assert path.read_text() == content
    assert list(tmp_path.iterdir()) == [path]


def test_a_secret_in_an_earlier_run_is_no_fault_of_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    record(path, "one", made_up(1))
    older = path.read_bytes().replace(b"api.deepseek.com", b"plainword-7.example")
    path.write_bytes(older)
    redactor = Redactor(SecretRegistry())
    writer = CassetteWriter.open(path, "two", redactor=redactor, append=True)
    writer.append(redactor.redact(exchange(made_up(2))), Outcome.DENIED)
    redactor.registry.add(secret("plainword-7"))
    with pytest.raises(LeakError) as error:
        writer.close()
    assert "a.yaml (an earlier run) line 3: secret 2 (env DEEPSEEK_API_KEY), raw" in (
        error.value.places
    )
    assert path.read_bytes() == older
    assert len(read_cassette(writer.part).records) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.yaml", "a.yaml.two.part"]


def test_a_last_line_without_its_end_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    record(path, "one", made_up(1))
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    record(path, "two", made_up(2))
    assert [len(run.records) for run in read_cassette(path).runs] == [2, 2]


def test_a_cassette_of_many_runs_lists_the_last_ones() -> None:
    earlier = tuple(Run(number, {"id": "\x1b[31m"}, ()) for number in range(1, 30))
    read = Read("a.yaml", None, (), earlier=earlier)
    with pytest.raises(CassetteError) as error:
        read.of_run("99")
    lines = error.value.hint.splitlines()
    assert lines[1] == "    10 earlier runs"
    assert len(lines) == 22
    assert "\x1b" not in error.value.hint


def test_nothing_else_of_the_facts_is_an_id() -> None:
    redactor = Redactor(SecretRegistry())
    facts = {"secret_id": "s7", "id": "s7", "place": "s7", "text": "RDX~s1.t4~ and RDX~none.L4~"}
    assert redactor.document_in_run(facts, 3) == {
        **facts,
        "secret_id": "r3.s7",
        "text": "RDX~r3.s1.t4~ and RDX~none.L4~",
    }
    assert redactor.document_in_run(facts, 1) == facts
