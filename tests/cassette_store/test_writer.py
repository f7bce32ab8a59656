from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redaction.samples import deepseek_body, exchange, made_up, secret

from harness.cassette_store.reader import read_cassette
from harness.cassette_store.writer import CassetteWriter
from harness.errors import CassetteError, LeakError
from harness.model.exchange import RedactedExchange
from harness.model.outcome import Outcome
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

KEY = made_up(1)
TESTS = Path(__file__).parent.parent


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(SecretRegistry())


def opened(path: Path, redactor: Redactor, run: object = None) -> CassetteWriter:
    return CassetteWriter.open(path, "r1", redactor=redactor, run=run)


def made(redactor: Redactor, **changes: object) -> RedactedExchange:
    return redactor.redact(exchange(KEY, **changes))


def test_a_cassette_is_published_at_the_end(tmp_path: Path, redactor: Redactor) -> None:
    path = tmp_path / "a.yaml"
    writer = opened(path, redactor, {"scenario": "a", "note": f"with {KEY}"})
    writer.append(made(redactor), Outcome.DENIED)
    writer.append(made(redactor, sequence=2, status=200), Outcome.PASS)
    assert [file.name for file in tmp_path.iterdir()] == ["a.yaml.r1.part"]
    assert writer.close() == path
    assert [file.name for file in tmp_path.iterdir()] == ["a.yaml"]
    cassette = read_cassette(path)
    assert cassette.run == {"scenario": "a", "note": "with RDX~s1.sk.L35.Chex~"}
    assert [record.outcome for record in cassette.records] == [Outcome.DENIED, Outcome.PASS]
    assert cassette.cut == ""


def test_nothing_is_on_disk_before_the_first_exchange(tmp_path: Path, redactor: Redactor) -> None:
    writer = opened(tmp_path / "a.yaml", redactor)
    assert list(tmp_path.iterdir()) == []
    assert writer.close() is None
    assert writer.abandon() is None
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_an_exchange_leaves_the_older_cassette(
    tmp_path: Path, redactor: Redactor
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("older")
    opened(path, redactor).close()
    assert path.read_text() == "older"


def test_part_and_cassette_are_the_owners_alone(tmp_path: Path, redactor: Redactor) -> None:
    old_mask = os.umask(0)
    try:
        writer = opened(tmp_path / "a.yaml", redactor)
        writer.append(made(redactor), Outcome.DENIED)
        assert writer.part.stat().st_mode & 0o777 == 0o600
        path = writer.close()
    finally:
        os.umask(old_mask)
    assert path is not None
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_part_can_be_read_after_every_exchange(tmp_path: Path, redactor: Redactor) -> None:
    writer = opened(tmp_path / "a.yaml", redactor)
    for number in range(1, 4):
        writer.append(made(redactor, sequence=number), Outcome.DENIED)
        assert len(read_cassette(writer.part).records) == number
    assert writer.abandon() == writer.part
    assert len(read_cassette(writer.part).records) == 3
    assert not (tmp_path / "a.yaml").exists()


def test_facts_of_the_run_can_be_set_until_the_first_exchange(
    tmp_path: Path, redactor: Redactor
) -> None:
    writer = opened(tmp_path / "a.yaml", redactor)
    writer.describe({"a": 1})
    writer.append(made(redactor), Outcome.DENIED)
    with pytest.raises(RuntimeError, match="first item"):
        writer.describe({"a": 2})
    path = writer.close()
    assert path is not None
    assert read_cassette(path).run == {"a": 1}


@pytest.mark.parametrize("before", [None, {"a": 1}])
def test_facts_known_at_the_end_take_the_place_of_the_earlier_ones(
    tmp_path: Path, redactor: Redactor, before: object
) -> None:
    writer = opened(tmp_path / "a.yaml", redactor, before)
    for number in (1, 2):
        writer.append(made(redactor, sequence=number), Outcome.DENIED)
    path = writer.close({"verdict": "flip", "note": KEY})
    assert path is not None
    assert read_cassette(path).run == {"verdict": "flip", "note": "RDX~s1.sk.L35.Chex~"}
    assert path.read_text().count('"run":') == 1


def test_an_older_cassette_stays_until_it_is_replaced(tmp_path: Path, redactor: Redactor) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("older")
    writer = opened(path, redactor)
    writer.append(made(redactor), Outcome.DENIED)
    assert path.read_text() == "older"
    writer.close()
    assert len(read_cassette(path).records) == 1


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path, redactor: Redactor) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "a.yaml"
    link.symlink_to(tmp_path / "real" / "b.yaml")
    writer = opened(link, redactor)
    writer.append(made(redactor), Outcome.DENIED)
    assert writer.close() == tmp_path / "real" / "b.yaml"
    assert link.is_symlink()
    assert len(read_cassette(link).records) == 1


def test_a_missing_folder_is_made(tmp_path: Path, redactor: Redactor) -> None:
    opened(tmp_path / "new" / "deep" / "a.yaml", redactor)
    assert (tmp_path / "new" / "deep").is_dir()


def test_what_is_learned_later_is_swept_from_earlier_lines(
    tmp_path: Path, redactor: Redactor
) -> None:
    word = "plainword-7"
    writer = opened(tmp_path / "a.yaml", redactor, {"note": f"say {word}"})
    writer.append(made(redactor, response_body=f"got {word}".encode()), Outcome.DENIED)
    assert word in writer.part.read_text()
    redactor.registry.add(secret(word))
    path = writer.close()
    assert path is not None
    assert word not in path.read_text()
    record = read_cassette(path).records[0]
    assert record.exchange.response is not None
    assert record.exchange.response.body == "got RDX~s2.L8-11.Cb64u~"


def test_without_news_the_cassette_is_the_part(tmp_path: Path, redactor: Redactor) -> None:
    writer = opened(tmp_path / "a.yaml", redactor, {"scenario": "a"})
    for number, tail in enumerate((KEY[-4:], "null", "9z9z"), 1):
        body = deepseek_body(tail)
        writer.append(made(redactor, sequence=number, response_body=body), Outcome.DENIED)
    part = writer.part.read_bytes()
    path = writer.close()
    assert path is not None
    assert path.read_bytes() == part


def test_a_leak_is_not_written_and_the_part_goes(tmp_path: Path, redactor: Redactor) -> None:
    writer = opened(tmp_path / "a.yaml", redactor)
    writer.append(made(redactor), Outcome.DENIED)
    leaking = made(redactor, variant=f"key={KEY}")
    with pytest.raises(LeakError) as error:
        writer.append(leaking, Outcome.DENIED)
    assert KEY[3:] not in str(error.value)
    assert "a.yaml.r1.part line 1: secret 1 (env DEEPSEEK_API_KEY), raw" in error.value.places
    assert list(tmp_path.iterdir()) == []


def test_a_leak_found_at_the_end_publishes_nothing(tmp_path: Path, redactor: Redactor) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("older")
    writer = opened(path, redactor)
    writer.append(made(redactor), Outcome.DENIED)
    redactor.registry.add(secret("timing-total_seconds"))
    redactor.registry.add(secret("baseline/1/main"))
    with pytest.raises(LeakError, match=r"a\.yaml line 3: secret 3"):
        writer.close()
    assert path.read_text() == "older"
    assert [file.name for file in tmp_path.iterdir()] == ["a.yaml"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("folder", "it is a folder"),
        ("file/a.yaml", "not a directory|file exists"),
        ("pipe", "it is no file"),
        ("loop", "loop|too many levels"),
    ],
)
def test_a_place_that_cannot_be_written_is_found_at_once(
    tmp_path: Path, redactor: Redactor, name: str, message: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(CassetteError, match=message) as error:
        opened(tmp_path / name, redactor)
    assert "record.cassette" in error.value.hint


@contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """Act without the right to pass over permissions, where the tests have it."""
    user = os.geteuid()
    for parent in (folder, *folder.parents):  # pytest keeps its folders private
        if user == 0 and parent.stat().st_mode & 0o077 == 0:
            parent.chmod(0o711)
    os.seteuid(65534 if user == 0 else user)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_folder_without_permission_is_found_at_once(tmp_path: Path, redactor: Redactor) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(0o555)
    with as_nobody(tmp_path), pytest.raises(CassetteError, match="permission denied") as error:
        opened(folder / "a.yaml", redactor)
    assert "choose another place" in error.value.render()


def test_a_read_only_cassette_is_found_at_once(tmp_path: Path, redactor: Redactor) -> None:
    (tmp_path / "a.yaml").touch(0o444)
    with as_nobody(tmp_path), pytest.raises(CassetteError, match="it is read-only"):
        opened(tmp_path / "a.yaml", redactor)


def test_a_part_of_this_run_that_is_there_is_not_overwritten(
    tmp_path: Path, redactor: Redactor
) -> None:
    part = tmp_path / "a.yaml.r1.part"
    part.write_text("precious")
    with pytest.raises(CassetteError, match="is there already"):
        opened(tmp_path / "a.yaml", redactor)
    assert part.read_text() == "precious"


def test_a_link_planted_as_the_part_is_not_followed(tmp_path: Path, redactor: Redactor) -> None:
    writer = opened(tmp_path / "a.yaml", redactor)
    victim = tmp_path / "victim"
    writer.part.symlink_to(victim)
    writer.append(made(redactor), Outcome.DENIED)
    assert not victim.exists()
    assert not writer.part.is_symlink()
    assert len(read_cassette(writer.part).records) == 1


def test_a_link_planted_as_a_file_on_the_way_is_not_followed(
    tmp_path: Path, redactor: Redactor
) -> None:
    writer = opened(tmp_path / "a.yaml", redactor)
    victim = tmp_path / "victim"
    fresh = tmp_path / "a.yaml.r1.new"
    fresh.symlink_to(victim)
    with pytest.raises(CassetteError, match="file exists"):
        writer.append(made(redactor), Outcome.DENIED)
    fresh.unlink()
    writer.append(made(redactor), Outcome.DENIED)
    (tmp_path / "a.yaml.lock").symlink_to(victim)
    with pytest.raises(CassetteError, match="cannot write the cassette"):
        writer.close()
    assert not victim.exists()
    assert writer.part.exists()


@pytest.mark.parametrize("run_id", ["", ".hidden", "a/b", "a\n", "x" * 65])
def test_a_run_id_that_cannot_be_in_a_name_is_refused(
    tmp_path: Path, redactor: Redactor, run_id: str
) -> None:
    with pytest.raises(CassetteError, match="run id"):
        CassetteWriter.open(tmp_path / "a.yaml", run_id, redactor=redactor)


APPENDING = f"""
import os, sys
sys.path[:0] = [{str(TESTS)!r}, {str(TESTS.parent)!r}]
from pathlib import Path
from redaction.samples import exchange, made_up
from harness.cassette_store.writer import CassetteWriter
from harness.model.outcome import Outcome
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
redactor = Redactor(SecretRegistry())
writer = CassetteWriter.open(Path(sys.argv[1]), "r1", redactor=redactor)
for number in range(1, 1000):
    writer.append(redactor.redact(exchange(made_up(1), sequence=number)), Outcome.DENIED)
    os.write(1, b"%d\\n" % number)
"""


@pytest.mark.parametrize("stop_after", [1, 7, 23])
def test_a_killed_process_loses_no_finished_exchange(tmp_path: Path, stop_after: int) -> None:
    # Coverage's own data file would be broken by the kill.
    environment = {name: value for name, value in os.environ.items() if "COV" not in name}
    with subprocess.Popen(
        [sys.executable, "-c", APPENDING, str(tmp_path / "a.yaml")],
        stdout=subprocess.PIPE,
        env=environment,
    ) as child:
        assert child.stdout is not None
        for _ in range(stop_after):
            child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        finished = stop_after + len(child.stdout.read().splitlines())
    cassette = read_cassette(tmp_path / "a.yaml.r1.part")
    sequences = [record.exchange.sequence for record in cassette.records]
    assert sequences[:finished] == list(range(1, finished + 1))


@contextmanager
def full_disk(limit: int) -> Iterator[None]:
    """Let no file grow beyond `limit` bytes; Python turns the signal into an error."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_keeps_what_was_written_and_the_older_cassette(
    tmp_path: Path, redactor: Redactor
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("older")
    writer = opened(path, redactor)
    for number in range(1, 4):
        writer.append(made(redactor, sequence=number), Outcome.DENIED)
    one = made(redactor, sequence=4)
    with (
        full_disk(writer.part.stat().st_size + 100),
        pytest.raises(CassetteError, match="file too large"),
    ):
        writer.append(one, Outcome.DENIED)
    cassette = read_cassette(writer.part)
    assert (len(cassette.records), cassette.cut) == (3, "")
    assert path.read_text() == "older"
    writer.append(one, Outcome.DENIED)
    writer.close()
    assert len(read_cassette(path).records) == 4


def test_a_disk_full_at_the_first_exchange_leaves_nothing(
    tmp_path: Path, redactor: Redactor
) -> None:
    writer = opened(tmp_path / "a.yaml", redactor)
    one = made(redactor)
    with full_disk(500), pytest.raises(CassetteError, match="file too large"):
        writer.append(one, Outcome.DENIED)
    assert list(tmp_path.iterdir()) == []
    assert writer.close() is None


def test_a_disk_full_at_the_end_keeps_part_and_older_cassette(
    tmp_path: Path, redactor: Redactor
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("older")
    writer = opened(path, redactor)
    for number in range(1, 6):
        writer.append(made(redactor, sequence=number), Outcome.DENIED)
    with full_disk(2000), pytest.raises(CassetteError, match="file too large"):
        writer.close()
    assert path.read_text() == "older"
    assert len(read_cassette(writer.part).records) == 5
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.yaml", "a.yaml.r1.part"]


def test_nothing_prints_a_key(tmp_path: Path, redactor: Redactor) -> None:
    writer = opened(tmp_path / "a.yaml", redactor, {"note": KEY})
    writer.append(made(redactor), Outcome.DENIED)
    path = writer.close()
    assert path is not None
    cassette = read_cassette(path)
    shown = f"{writer!r} {cassette!r} {cassette.records!r} {path.read_text()}"
    assert KEY[3:11] not in shown
    assert KEY[-4:] not in shown


def test_a_secret_met_between_an_exchange_and_its_line_is_not_in_it(
    tmp_path: Path, redactor: Redactor
) -> None:
    token = made_up(9, 24, prefix="tok_")
    writer = opened(tmp_path / "a.yaml", redactor)
    earlier = made(redactor, response_body=f"no session {token}".encode())
    made(redactor, sequence=2, response_headers=(("Set-Cookie", f"sid={token}; Path=/"),))
    writer.append(earlier, Outcome.DENIED)
    assert token not in writer.part.read_text()
    assert writer.close() == tmp_path / "a.yaml"


def test_a_secret_that_only_the_run_facts_name_is_not_in_the_first_line(
    tmp_path: Path, redactor: Redactor
) -> None:
    token = made_up(9, 24, prefix="tok_")
    facts = {"request": {"headers": {"Cookie": f"sid={token}"}}}
    writer = opened(tmp_path / "a.yaml", redactor, facts)
    writer.append(made(redactor, response_body=f"no session {token}".encode()), Outcome.DENIED)
    assert token not in writer.part.read_text()
