from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
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


def as_nobody(tmp_path: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a child that has no right to pass over permissions."""
    drop = "import os\nif os.getuid() == 0: os.setuid(65534)\n" if os.getuid() == 0 else ""
    return run_child(tmp_path, drop + textwrap.dedent(code))


def run_child(tmp_path: Path, code: str) -> subprocess.CompletedProcess[str]:
    head = f"import sys\nsys.path[:0] = [{str(TESTS)!r}, {str(TESTS.parent)!r}]\n{CHILD_HEAD}"
    return subprocess.run(
        [sys.executable, "-c", head + code, str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )


CHILD_HEAD = """
from pathlib import Path
from redaction.samples import exchange, made_up
from harness.cassette_store.writer import CassetteWriter
from harness.errors import CassetteError
from harness.model.outcome import Outcome
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
folder = Path(sys.argv[1])
redactor = Redactor(SecretRegistry())
def made(number, size=0):
    body = b"x " * size
    return redactor.redact(exchange(made_up(1), sequence=number, response_body=body))
def opened():
    return CassetteWriter.open(folder / "a.yaml", "r1", redactor=redactor)
"""
REFUSED = """
try:
    opened()
except CassetteError as error:
    print(error.render())
"""


def reachable(folder: Path) -> None:
    """Let another user into the folder: pytest keeps its own folders private."""
    for parent in (folder, *folder.parents):
        if (
            parent.owner() == Path.home().owner()
            and parent.is_relative_to("/tmp")
            and parent != Path("/tmp")
        ):
            parent.chmod(parent.stat().st_mode | 0o111)


def test_a_folder_without_permission_is_found_at_once(tmp_path: Path) -> None:
    reachable(tmp_path)
    tmp_path.chmod(0o555)
    said = as_nobody(tmp_path, REFUSED)
    tmp_path.chmod(0o755)
    assert "permission denied" in said.stdout, said.stderr
    assert "choose another place" in said.stdout


def test_a_read_only_cassette_is_found_at_once(tmp_path: Path) -> None:
    reachable(tmp_path)
    tmp_path.chmod(0o777)
    (tmp_path / "a.yaml").touch(0o444)
    said = as_nobody(tmp_path, REFUSED)
    assert "it is read-only" in said.stdout, said.stderr


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
    with pytest.raises(CassetteError, match="file exists"):
        writer.append(made(redactor), Outcome.DENIED)
    assert not victim.exists()


@pytest.mark.parametrize("run_id", ["", ".hidden", "a/b", "a\n", "x" * 65])
def test_a_run_id_that_cannot_be_in_a_name_is_refused(
    tmp_path: Path, redactor: Redactor, run_id: str
) -> None:
    with pytest.raises(CassetteError, match="run id"):
        CassetteWriter.open(tmp_path / "a.yaml", run_id, redactor=redactor)


def test_a_killed_process_loses_no_finished_exchange(tmp_path: Path) -> None:
    code = """
import os
writer = opened()
for number in range(1, 1000):
    writer.append(made(number), Outcome.DENIED)
    os.write(1, b"%d\\n" % number)
"""
    head = f"import sys\nsys.path[:0] = [{str(TESTS)!r}, {str(TESTS.parent)!r}]\n{CHILD_HEAD}"
    for stop_after in (1, 7, 23):
        for leftover in tmp_path.iterdir():
            leftover.unlink()
        with subprocess.Popen(
            [sys.executable, "-c", head + code, str(tmp_path)], stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            for _ in range(stop_after):
                child.stdout.readline()
            child.send_signal(signal.SIGKILL)
            finished = stop_after + len(child.stdout.read().splitlines())
        cassette = read_cassette(tmp_path / "a.yaml.r1.part")
        sequences = [record.exchange.sequence for record in cassette.records]
        assert sequences[:finished] == list(range(1, finished + 1))


def limited(tmp_path: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a child whose files may not grow beyond 8000 bytes: as on a full disk."""
    head = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))\n"
    )
    return run_child(tmp_path, head + code)


def test_a_full_disk_keeps_what_was_written_and_the_older_cassette(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("older")
    said = limited(
        tmp_path,
        """
writer = opened()
written = 0
try:
    for number in range(1, 100):
        writer.append(made(number), Outcome.DENIED)
        written = number
except CassetteError as error:
    print(written, error)
writer.abandon()
""",
    )
    count, _, message = said.stdout.partition(" ")
    assert "file too large" in message, said.stderr
    assert (tmp_path / "a.yaml").read_text() == "older"
    cassette = read_cassette(tmp_path / "a.yaml.r1.part")
    assert len(cassette.records) == int(count) > 0
    assert cassette.cut == ""


def test_a_disk_full_at_the_first_exchange_leaves_nothing(tmp_path: Path) -> None:
    said = limited(
        tmp_path,
        """
writer = opened()
try:
    writer.append(made(1, 6000), Outcome.DENIED)
except CassetteError as error:
    print(error)
print(writer.close())
""",
    )
    assert "file too large" in said.stdout, said.stderr
    assert said.stdout.endswith("None\n")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_full_at_the_end_keeps_part_and_older_cassette(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("older")
    said = run_child(
        tmp_path,
        """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
writer = opened()
for number in range(1, 6):
    writer.append(made(number), Outcome.DENIED)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    writer.close()
except CassetteError as error:
    print(error)
""",
    )
    assert "file too large" in said.stdout, said.stderr
    assert (tmp_path / "a.yaml").read_text() == "older"
    assert len(read_cassette(tmp_path / "a.yaml.r1.part").records) == 5
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
