"""A left-over part becomes a cassette, and only what is whole and clean of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from redaction.samples import exchange, made_up

from harness.cassette_store.reader import read_cassette
from harness.cassette_store.repair import repair
from harness.cassette_store.writer import CassetteWriter
from harness.errors import CassetteError, LeakError
from harness.model.outcome import Outcome
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

KEY = made_up(1)


def writer_of(
    path: Path, run: str, *, exchanges: int = 2, append: bool = False, **facts: object
) -> CassetteWriter:
    redactor = Redactor(SecretRegistry())
    document = {"id": run, "append": append, "started_at_utc": 5.0, **facts}
    writer = CassetteWriter.open(path, run, redactor=redactor, run=document, append=append)
    for number in range(1, exchanges + 1):
        writer.append(redactor.redact(exchange(KEY, sequence=number)), Outcome.DENIED)
    return writer


def part_of(path: Path, run: str, **settings: object) -> Path:
    part = writer_of(path, run, **settings).abandon()
    assert part is not None
    return part


def test_a_part_becomes_the_cassette(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    part = part_of(path, "r1")
    content = part.read_bytes()
    done = repair(part)
    assert (done.target, done.exchanges, done.cut, done.redacted) == (path, 2, "", 0)
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_an_unfinished_last_line_is_left_out(tmp_path: Path) -> None:
    part = part_of(tmp_path / "a.yaml", "r1")
    content = part.read_bytes()
    part.write_bytes(content + content.splitlines(keepends=True)[-1][:70])
    done = repair(part)
    assert (done.exchanges, done.cut) == (2, f"{part}:5:1")
    assert done.target.read_bytes() == content


def test_a_part_of_an_appended_run_is_appended(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    writer_of(path, "r1").close()
    older = path.read_bytes()
    done = repair(part_of(path, "r2", exchanges=3, append=True, started_at_utc=1.0))
    assert (done.run, done.exchanges) == (2, 3)
    assert path.read_bytes().startswith(older)
    runs = read_cassette(path).runs
    assert [(run.id, len(run.records)) for run in runs] == [("r1", 2), ("r2", 3)]
    assert runs[1].records[0].exchange.secret_ids == {"key": "r2.s1"}


def test_an_older_cassette_is_replaced_and_a_newer_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    writer_of(path, "r1", started_at_utc=4.0).close()
    repair(part_of(path, "r2"))
    assert read_cassette(path).runs[0].id == "r2"
    for started, words in ((4.9, "is newer"), (5.0, "is as new"), (None, "may be newer")):
        part = part_of(path, "r3", started_at_utc=started)
        with pytest.raises(CassetteError, match=rf"cannot repair .*r3\.part: .*a\.yaml {words}"):
            repair(part)
        assert part.exists()
        part.unlink()
    assert read_cassette(path).runs[0].id == "r2"
    part = part_of(path, "r4", started_at_utc=1.0)
    repair(part, force=True)
    assert read_cassette(path).runs[0].id == "r4"


def test_it_can_go_elsewhere(tmp_path: Path) -> None:
    path, other = tmp_path / "a.yaml", tmp_path / "deep" / "b.yaml"
    part = part_of(path, "r1", append=True)
    assert repair(part, to=other).target == other
    assert len(read_cassette(other).records) == 2
    assert not part.exists()
    part = part_of(path, "r2")
    with pytest.raises(CassetteError, match=r"b\.yaml is there already") as error:
        repair(part, to=other)
    assert error.value.hint == (
        "`--to FILE` publishes it elsewhere; `--force` replaces what is there"
    )
    repair(part, to=other, force=True)
    assert read_cassette(other).runs[0].id == "r2"


def test_what_is_no_cassette_of_ours_is_replaced_by_force_only(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    part = part_of(path, "r1")
    path.write_text("theirs")
    with pytest.raises(CassetteError, match=r"a\.yaml is there and is no cassette of ours"):
        repair(part)
    assert path.read_text() == "theirs"
    repair(part, force=True)
    assert len(read_cassette(path).records) == 2


def test_a_part_that_was_published_already_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    part = part_of(path, "r1")
    content = part.read_bytes()
    repair(part)
    published = path.read_bytes()
    part.write_bytes(content)
    done = repair(part)
    assert (done.was_published, done.exchanges, done.run) == (True, 2, 1)
    assert path.read_bytes() == published
    assert list(tmp_path.iterdir()) == [path]


def test_a_run_that_goes_on_is_left_alone(tmp_path: Path) -> None:
    writer = writer_of(tmp_path / "a.yaml", "r1")
    with pytest.raises(CassetteError, match="its run is still going on"):
        repair(writer.part)
    assert writer.close() == tmp_path / "a.yaml"


def test_what_the_run_would_not_have_left_is_redacted(tmp_path: Path) -> None:
    part = part_of(tmp_path / "a.yaml", "r1")
    stranger = made_up(7)
    part.write_text(part.read_text().replace("Authentication Fails", f"Bearer {stranger}"))
    done = repair(part)
    assert done.redacted == 1
    assert stranger[3:] not in done.target.read_text()


def test_what_redaction_does_not_reach_is_refused(tmp_path: Path) -> None:
    part = part_of(tmp_path / "a.yaml", "r1")
    # The names of a token's claims are public words, and stay as they are.
    key = made_up(7)
    claims = f'"tokens":[{{"id":"s1","alg":"","typ":"","claims":{{"{key}":1}}}}],"secret_ids"'
    text = part.read_text().replace('"secret_ids"', claims)
    part.write_text(text.replace("(governor)", "RDX~s1.jwt.L9~"))
    with pytest.raises(LeakError) as error:
        repair(part)
    for line in (3, 4):
        assert f"a.yaml line {line}: an OpenAI-like key, raw" in error.value.places
    assert key[3:] not in str(error.value)
    assert list(tmp_path.iterdir()) == [part]


@pytest.mark.parametrize("name", ["a.yaml", "a.part", ".r1.part"])
def test_a_name_that_is_no_parts_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    with pytest.raises(CassetteError, match="is no part file of a run") as error:
        repair(tmp_path / name)
    assert "named like" in error.value.hint


def test_what_is_not_there_or_holds_nothing_is_one_clear_line(tmp_path: Path) -> None:
    part = tmp_path / "a.yaml.r1.part"
    with pytest.raises(CassetteError, match=r"cannot read the cassette .*: no such file"):
        repair(part)
    part.write_text("version: 1\ninteractions:\n- {")
    with pytest.raises(CassetteError, match="there is no whole exchange in it"):
        repair(part)
    assert part.exists()
    (tmp_path / "a.yaml.r2.part").mkdir()
    with pytest.raises(CassetteError, match="is a directory"):
        repair(tmp_path / "a.yaml.r2.part")
