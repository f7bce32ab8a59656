import contextlib
import io
import os
import pty
import threading

import pytest
from diagnosis.flips import answer, exchange

from harness.model.event import (
    ExchangeRecorded,
    RoundStarted,
    RunFinished,
    RunStarted,
    VariantFinished,
)
from harness.model.outcome import Outcome
from harness.model.variant import Variant
from harness.reports.progress import Progress, live_progress

HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
STARTED = RunStarted("deepseek-401", "isolate", 24, lab=True)
DENIED = Outcome.DENIED


def _variant(name: str) -> Variant:
    return Variant((0,), name, {})


def _round(number: int, *names: str) -> RoundStarted:
    return RoundStarted(number, tuple(_variant(name) for name in names))


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _a_plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


def test_it_counts_what_it_is_told() -> None:
    progress = Progress()
    progress(STARTED)
    progress(_round(1, "baseline", "key=dotenv"))
    progress(ExchangeRecorded(exchange(response=answer(401)), DENIED))
    progress(VariantFinished(_variant("key=dotenv"), 1, DENIED, 1))
    assert progress.lines(3.4) == (
        "deepseek-401 (lab)  round 1  1 sent  denied:1  3 s",
        "waiting for baseline",
    )


def test_a_finished_run_waits_for_nothing() -> None:
    progress = Progress()
    progress(RunStarted("other", "all", 2, lab=False))
    progress(_round(2, "a"))
    progress(RunFinished(7, 2))
    assert progress.lines(0) == ("other  round 2  7 sent    0 s", "")


def test_a_second_run_starts_from_nothing() -> None:
    progress = Progress()
    progress(_round(3, "a"))
    progress(VariantFinished(_variant("a"), 1, DENIED, 1))
    progress(STARTED)
    assert progress.lines(0) == ("deepseek-401 (lab)  round 0  0 sent    0 s", "")


def test_only_a_few_variants_in_flight_are_named() -> None:
    progress = Progress()
    progress(_round(1, "a", "b", "c", "d", "e"))
    assert progress.lines(0)[1] == "waiting for a, b, c and 2 more"


def test_nothing_is_printed_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    with live_progress(stream, colour=True) as listener:
        listener(STARTED)
        listener(_round(1, "baseline"))
    assert stream.getvalue() == ""


def test_a_terminal_shows_the_counts_and_the_cursor_comes_back() -> None:
    stream = _Terminal()
    with live_progress(stream, colour=False, clock=lambda: 0.0) as listener:
        listener(STARTED)
        listener(_round(1, "baseline"))
    text = stream.getvalue()
    assert "deepseek-401 (lab)  round 1  0 sent" in text
    assert "waiting for baseline" in text
    assert text.rindex(SHOW) > text.rindex(HIDE)


def test_the_cursor_is_visible_while_it_runs() -> None:
    stream = _Terminal()
    with live_progress(stream, colour=False):
        text = stream.getvalue()
        assert text.rindex(SHOW) > text.rindex(HIDE)


def _interrupted_progress(stream: io.StringIO) -> None:
    with live_progress(stream, colour=False) as listener:
        listener(STARTED)
        raise KeyboardInterrupt


def test_an_interrupt_takes_the_display_away_and_shows_the_cursor() -> None:
    stream = _Terminal()
    before = set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt):
        _interrupted_progress(stream)
    text = stream.getvalue()
    assert text.rindex(SHOW) > text.rindex(HIDE)
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=5)
        assert not thread.is_alive()


def _read_all(descriptor: int) -> str:
    """Read until the other side, which is closed, has nothing left: Linux then says EIO."""
    seen = b""
    with contextlib.suppress(OSError):
        while chunk := os.read(descriptor, 4096):
            seen += chunk
    return seen.decode()


def test_nothing_of_it_stays_on_a_real_terminal() -> None:
    ours, theirs = pty.openpty()
    with (
        os.fdopen(theirs, "w", encoding="utf-8") as stream,
        live_progress(stream, colour=True, clock=lambda: 0.0) as listener,
    ):
        listener(STARTED)
    seen = _read_all(ours)
    os.close(ours)
    assert "round 0" in seen
    assert seen.endswith(f"\x1b[2K{SHOW}")


def test_names_cannot_steer_the_terminal() -> None:
    progress = Progress()
    progress(RunStarted("x\x1b[2J", "isolate", 1, lab=False))
    assert progress.lines(0)[0].startswith(r"x\x1b[2J")
