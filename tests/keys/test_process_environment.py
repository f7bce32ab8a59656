"""The environment of another process, read from the real /proc."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from subprocess import PIPE

import pytest
from support.made_keys import made_key

from harness.errors import SourceError
from harness.keys.notes import notes_of
from harness.keys.process_environment import find_in_process
from harness.keys.system_reader import SystemKeyReader
from harness.model.key_source import ProcessSource

KEY = made_key("process")
SLEEPER = "flip401-sleeper-x"


@pytest.fixture
def sleeper(tmp_path) -> Iterator:
    """Start programs under a name of our own with an environment of our own."""
    link = tmp_path / SLEEPER
    link.symlink_to("/bin/cat")
    running: list[subprocess.Popen[bytes]] = []

    def start(environ: dict[str, str]) -> int:
        process = subprocess.Popen([str(link)], env=environ, stdin=PIPE, stdout=PIPE, bufsize=0)
        running.append(process)
        process.stdin.write(b"?")
        assert process.stdout.read(1) == b"?"  # it runs: its environment is in place
        return process.pid

    yield start
    for process in running:
        process.kill()
        process.communicate()


def failure(source: ProcessSource, **how) -> SourceError:
    with pytest.raises(SourceError) as caught:
        find_in_process(source, **how)
    return caught.value


def test_a_variable_of_a_process_is_read_by_its_id(sleeper, tmp_path):
    pid = sleeper({"API_KEY": f"{KEY}\n", "OTHER": "x"})
    secret = SystemKeyReader({}, tmp_path).read(ProcessSource(pid, "API_KEY"))
    assert secret.reveal() == f"{KEY}\n"
    assert str(secret.provenance) == f"process {pid} (pid {pid}) API_KEY"


def test_a_process_is_found_by_the_name_of_its_program(sleeper):
    pid = sleeper({"API_KEY": KEY})
    found = find_in_process(ProcessSource(SLEEPER, "API_KEY"))
    assert found.secret.reveal() == KEY
    assert found.pids == (pid,)


def test_processes_of_one_program_must_agree(sleeper):
    pids = sorted(sleeper({"API_KEY": KEY}) for _ in range(2))
    assert find_in_process(ProcessSource(SLEEPER, "API_KEY")).pids == tuple(pids)
    sleeper({"API_KEY": KEY[:-1]})
    error = failure(ProcessSource(SLEEPER, "API_KEY"))
    assert error.message.endswith(f"are all {SLEEPER}, and their API_KEY differs")
    assert KEY not in error.message


def test_a_process_without_the_variable_is_passed_over_when_another_has_it(sleeper):
    sleeper({"OTHER": "x"})
    pid = sleeper({"API_KEY": KEY})
    assert find_in_process(ProcessSource(SLEEPER, "API_KEY")).pids == (pid,)


def test_the_start_of_the_process_is_known(sleeper):
    pid = sleeper({"API_KEY": KEY})
    started = find_in_process(ProcessSource(pid, "API_KEY")).started_at
    assert started is not None
    assert abs(started - time.time()) < 5


def test_a_missing_variable_suggests_its_neighbour(sleeper):
    pid = sleeper({"API_KEYS": KEY})
    error = failure(ProcessSource(pid, "API_KEY"))
    assert error.message == f"process {pid} was started without API_KEY"
    assert error.hint == "did you mean API_KEYS?"
    assert failure(ProcessSource(pid, "Z")).hint == "set it where the process is started"


def test_no_such_process_is_named():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    message = f"there is no process {ended.pid}"
    assert failure(ProcessSource(ended.pid, "K")).message == message
    error = failure(ProcessSource("flip401-nobody", "K"))
    assert error.message == "no process called flip401-nobody is running"


def test_a_refusal_says_whose_process_it_is(tmp_path, monkeypatch):
    proc = made_proc(tmp_path)

    class Locked(type(proc)):
        def read_bytes(self):
            # Root may read anything, so the refusal is made by the system call itself.
            raise PermissionError(13, "Permission denied")

    error = failure(ProcessSource(7, "K"), proc=Locked(proc))
    assert error.message == "not allowed to read the environment of process 7"
    assert error.hint == "it belongs to another user: run flip401 as that user"


def test_without_proc_the_way_round_is_told(tmp_path):
    error = failure(ProcessSource(1, "K"), proc=tmp_path)
    assert "on Linux only" in error.message


def test_a_start_that_is_not_known_is_none(tmp_path):
    proc = made_proc(tmp_path)
    (proc / "7" / "environ").write_bytes(b"K=v\0broken\0")
    (proc / "8").mkdir()
    (proc / "sys").mkdir()
    found = find_in_process(ProcessSource(7, "K"), proc)
    assert (found.secret.reveal(), found.started_at) == ("v", None)
    assert failure(ProcessSource("other", "K"), proc=proc).message.startswith("no process called")


def made_proc(tmp_path):
    proc = tmp_path / "proc"
    for name in ("self", "7"):
        (proc / name).mkdir(parents=True)
    (proc / "self" / "environ").write_bytes(b"")
    return proc


def note(pid: int, tmp_path) -> tuple[str, ...]:
    source = ProcessSource(pid, "API_KEY")
    secret = find_in_process(source).secret
    return notes_of(source, secret, {}, tmp_path)


def test_a_file_changed_after_the_start_makes_the_process_stale(sleeper, tmp_path):
    pid = sleeper({"API_KEY": KEY})
    assert len(note(pid, tmp_path)) == 1
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"API_KEY={KEY}\n")
    assert len(note(pid, tmp_path)) == 1
    dotenv.write_text(f"API_KEY={KEY}-new\n")
    later = time.time() + 100
    os.utime(dotenv, (later, later))
    first, stale = note(pid, tmp_path)
    assert first.startswith("as it was when the process started, ")
    assert stale.startswith("stale: .env, changed ")
    assert stale.endswith("has another value; restart it")
    os.utime(dotenv, (1, 1))
    assert note(pid, tmp_path)[1].endswith("had it before the process started")


def test_a_process_that_is_gone_has_nothing_to_say(sleeper, tmp_path):
    secret = find_in_process(ProcessSource(sleeper({"API_KEY": KEY}), "API_KEY")).secret
    assert notes_of(ProcessSource("flip401-nobody", "K"), secret, {}, tmp_path) == ()
