"""Keys travel only where a person agreed, and the answer is kept."""

from __future__ import annotations

import errno
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.command_line import CommandLine, Finished
from support.local_server import bearer, local_server
from support.scenario_texts import bearer_text

COMMAND = """
  key:
    shell: {env: MADE_KEY}
    told: {command: [printenv, MADE_KEY]}
"""
ASK = "Send keys as shown? [y/N]: "


@pytest.fixture
def asking(cli: CommandLine) -> CommandLine:
    cli.env["MADE_KEY"] = cli.key()
    return cli


def test_without_trust_the_table_is_shown_and_nothing_is_sent(asking: CommandLine):
    with local_server(bearer(*asking.keys)) as server:
        asking.write("asked.yaml", bearer_text(server.url, axes=COMMAND))
        done = asking("run", "asked.yaml")
    assert done.code == 2
    assert done.err == (
        "error: this scenario is not trusted yet on this machine\n"
        f"  command printenv MADE_KEY goes to {server.url}\n"
        "    and runs the command: printenv MADE_KEY\n"
        f"  env MADE_KEY goes to {server.url}\n"
        "    look at where the keys go, then run again with --trust\n"
    )
    assert server.seen == []
    assert not list(asking.directory.rglob("cassettes"))


def test_trust_is_kept_by_the_table(asking: CommandLine):
    with local_server(bearer(*asking.keys)) as server, local_server(bearer()) as other:
        asking.write("asked.yaml", bearer_text(server.url, axes=COMMAND))
        assert asking("run", "asked.yaml", "--trust").code == 0
        (kept,) = (asking.directory / "state").rglob("trusted")
        assert len(kept.read_text().split()) == 1
        assert asking("run", "asked.yaml").code == 0
        asking.write("renamed.yaml", bearer_text(server.url, axes=COMMAND, name="renamed"))
        assert asking("run", "renamed.yaml").code == 0
        asking.write("asked.yaml", bearer_text(other.url, axes=COMMAND))
        assert asking("run", "asked.yaml").code == 2
    assert other.seen == []


def test_trust_in_the_first_is_no_trust_in_the_second(asking: CommandLine):
    with local_server(bearer(*asking.keys)) as server, local_server(bearer()) as other:
        asking.write("asked.yaml", bearer_text(server.url, axes=COMMAND))
        assert asking("run", "asked.yaml", "--trust").code == 0
        asked = len(server.seen)
        asking.write("other.yaml", bearer_text(other.url, axes=COMMAND, name="other"))
        assert asking("run", "asked.yaml", "other.yaml").code == 2
    assert (len(server.seen), other.seen) == (asked, [])


def test_without_a_home_trust_is_kept_nowhere(asking: CommandLine):
    asking.env |= {"HOME": "", "XDG_STATE_HOME": ""}
    with local_server(bearer(*asking.keys)) as server:
        asking.write("asked.yaml", bearer_text(server.url, axes=COMMAND))
        assert asking("run", "asked.yaml", "--trust").code == 0
        assert asking("run", "asked.yaml").code == 2


def test_no_key_needs_no_trust(cli: CommandLine):
    with local_server(bearer("wrong-on-purpose")) as server:
        axes = "\n  key: {made-up: {literal: wrong-on-purpose}, other: {literal: no-good}}"
        cli.write("asked.yaml", bearer_text(server.url, axes=axes))
        assert cli("run", "asked.yaml").code == 1


def test_a_copy_of_a_shipped_scenario_is_trusted_and_a_changed_one_is_not(cli: CommandLine):
    shipped = Path(__file__).parents[2] / "scenarios" / "deepseek-401.yaml"
    axes = "key is missing here, so nothing is sent\n"
    cli.write("deepseek-401.yaml", shipped.read_bytes())
    assert "not trusted" not in cli("run", "./deepseek-401.yaml").err
    cli.write("deepseek-401.yaml", shipped.read_bytes() + f"# {axes}".encode())
    assert "not trusted" in cli("run", "./deepseek-401.yaml").err


# Its Ctrl-C then reaches the process, as at a terminal that a person opened.
_TAKE_THE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


class Terminal:
    """A command at a terminal of its own."""

    def __init__(self, cli: CommandLine, *arguments: str) -> None:
        self.cli = cli
        self.master, terminal = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _TAKE_THE_TERMINAL, *cli.argv(*arguments)],
            cwd=cli.directory,
            env={**cli.environment, "TERM": "xterm"},
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=terminal,
            start_new_session=True,
        )
        os.close(terminal)
        self.shown = b""

    def wait_for(self, text: str, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while text.encode() not in self.shown:
            assert time.monotonic() < end, self.shown
            if select.select([self.master], [], [], 0.1)[0]:
                self.shown += self._read()

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def press_until_it_ends(self, key: str) -> None:
        """Press a key again where it came between two looks of the interpreter at its signals."""
        self.type(key)
        for _ in range(10):
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                self.type(key)
            else:
                return

    def finish(self) -> Finished:
        try:
            out, _ = self.process.communicate(timeout=20)
        finally:
            self.process.kill()
        while select.select([self.master], [], [], 0)[0] and (more := self._read()):
            self.shown += more
        os.close(self.master)
        return self.cli.checked(self.process.returncode, out.decode(), self.shown.decode())

    def _read(self) -> bytes:
        try:
            return os.read(self.master, 1 << 16)
        except OSError as error:
            if error.errno != errno.EIO:  # the other side is closed
                raise
            return b""


def test_at_a_terminal_the_question_comes_once_and_the_answer_is_kept(asking: CommandLine):
    with local_server(bearer(*asking.keys)) as server:
        asking.write("asked.yaml", bearer_text(server.url, axes=COMMAND))
        first = Terminal(asking, "run", "asked.yaml")
        first.wait_for(ASK)
        assert f"env MADE_KEY goes to {server.url}".encode() in first.shown
        assert server.seen == []
        first.type("y\n")
        assert first.finish().code == 0
        second = Terminal(asking, "run", "asked.yaml")
        done = second.finish()
    assert done.code == 0
    assert ASK not in done.err


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("n\n", 2, "error: not trusted, nothing was sent"),
        ("\x03", 130, "interrupted"),
    ],
    ids=["no", "Ctrl-C"],
)
def test_any_other_answer_sends_nothing_and_ends_at_once(asking: CommandLine, typed, code, words):
    with local_server(bearer(*asking.keys)) as server:
        asking.write("asked.yaml", bearer_text(server.url, axes=COMMAND))
        terminal = Terminal(asking, "run", "asked.yaml")
        terminal.wait_for(ASK)
        terminal.press_until_it_ends(typed)
        done = terminal.finish()
    assert done.code == code
    assert words in done.err
    assert server.seen == []
    assert not list((asking.directory / "state").rglob("trusted"))


def test_a_key_is_asked_for_without_echo(cli: CommandLine):
    axes = "\n  key: {typed: {prompt: DeepSeek key}, other: {literal: no-good}}"
    with local_server(bearer(cli.key())) as server:
        cli.write("asked.yaml", bearer_text(server.url, axes=axes))
        terminal = Terminal(cli, "run", "asked.yaml", "--trust")
        terminal.wait_for("DeepSeek key: ")
        terminal.type(f"{cli.keys[0]}\n")
        done = terminal.finish()
    assert done.code == 1
    assert "key=typed passes" in done.out


def test_ctrl_c_at_the_prompt_ends_at_once(cli: CommandLine):
    axes = "\n  key: {typed: {prompt: DeepSeek key}}"
    cli.write("asked.yaml", bearer_text("http://127.0.0.1:1/", axes=axes))
    terminal = Terminal(cli, "run", "asked.yaml", "--trust")
    terminal.wait_for("DeepSeek key: ")
    terminal.press_until_it_ends("\x03")
    assert terminal.finish().code == 130


def test_off_a_terminal_nobody_can_be_asked_for_a_key(cli: CommandLine):
    axes = "\n  key: {typed: {prompt: DeepSeek key}}"
    cli.write("asked.yaml", bearer_text("http://127.0.0.1:1/", axes=axes))
    done = cli("run", "asked.yaml", "--trust")
    assert done.code == 3
    assert "cannot ask for DeepSeek key: this is not a terminal" in " ".join(done.out.split())


def test_ctrl_c_at_a_slow_command_ends_at_once(cli: CommandLine):
    axes = "\n  key: {told: {command: [sh, -c, 'echo > ready; sleep 60']}}"
    cli.write("asked.yaml", bearer_text("http://127.0.0.1:1/", axes=axes))
    os.mkfifo(cli.directory / "ready")
    process = subprocess.Popen(
        cli.argv("run", "asked.yaml", "--trust"),
        cwd=cli.directory,
        env=cli.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    (cli.directory / "ready").read_text()  # waits for the command to write
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the command too
    out, err = process.communicate(timeout=20)
    (cli.directory / "ready").unlink()
    done = cli.checked(process.returncode, out, err)
    assert (done.code, done.out) == (130, "")
    assert done.err.startswith("\ninterrupted\n")
