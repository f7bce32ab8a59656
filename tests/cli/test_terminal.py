"""What the terminal is like: width, colour, characters."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import termios
from collections.abc import Iterator
from typing import TextIO

import pytest

from harness.cli.main import VERBS, flip401
from harness.cli.terminal import asker, confirmer, is_ascii_only, wants_colour, width_of


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[TextIO]:
    """A terminal of 123 columns."""
    for name in ("COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    master, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 123, 0, 0))
    with open(end, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
        yield stream
    os.close(master)


def test_off_a_terminal_the_width_is_fixed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert width_of(io.StringIO()) == 80


@pytest.mark.parametrize(("columns", "width"), [("101", 101), ("3", 20)])
def test_at_a_terminal_the_width_is_its_own(
    terminal: TextIO, monkeypatch: pytest.MonkeyPatch, columns: str, width: int
):
    monkeypatch.setenv("COLUMNS", columns)
    assert width_of(terminal) == width


def test_colour_is_for_terminals_that_want_it(terminal: TextIO, monkeypatch: pytest.MonkeyPatch):
    assert wants_colour(terminal)
    assert not wants_colour(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_colour(terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(terminal)


@pytest.mark.parametrize(
    ("encoding", "only"), [("utf-8", False), ("ascii", True), ("iso8859-1", True)]
)
def test_the_signs_of_a_report_need_an_encoding_that_has_them(encoding: str, only: object):
    assert is_ascii_only(io.TextIOWrapper(io.BytesIO(), encoding=encoding)) is only


def test_nobody_is_asked_off_a_terminal(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert asker() is None
    assert confirmer() is None


def test_the_verbs_are_listed_without_being_loaded():
    context = flip401.make_context("flip401", ["schema"])
    assert flip401.list_commands(context) == list(VERBS)
    assert flip401.get_command(context, "none") is None
