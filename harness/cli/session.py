"""One session of the command line: run scenarios, show progress, print and write results."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from harness import __version__
from harness.cli.terminal import asker, confirmer, is_ascii_only, wants_colour, width_of
from harness.errors import UsageError
from harness.isolation.search import Ended
from harness.judge.exit_code import INTERRUPTED, TERMINATED, worst
from harness.model.event import Event, RunFinished, RunStarted
from harness.model.result import RunResult
from harness.ports import Listener
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.reports.json_result import document, dump
from harness.reports.log_line import LogFormat
from harness.reports.narration import NarrationSettings, narration
from harness.reports.progress import live_progress
from harness.reports.terminal import render
from harness.wiring.live import run_live
from harness.wiring.options import RunOptions, load_scenario
from harness.wiring.preflight import check_body_files, refuse_over_budget
from harness.wiring.scenarios import FoundScenario, find_scenario
from harness.wiring.surroundings import Surroundings

REPORT_KINDS = ("text", "json")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """How results are shown and narrated."""

    output_format: str = "text"
    reports: Sequence[str] = ()
    verbose: int = 0
    log_file: str | None = None
    log_format: str = "text"


def run_scenarios(names: Sequence[str], options: RunOptions, session: SessionOptions) -> int:
    """Run the scenarios one after the other and return the exit code of them all.

    Raises:
        UsageError: a scenario or an option is not in order; then nothing was sent.
    """
    reports = parse_reports(session.reports)
    found = [find_scenario(name) for name in names]
    for item in found:
        scenario = load_scenario(item, options)
        refuse_over_budget(scenario)
        check_body_files(scenario, item)
    redactors = _Redactors()
    settings = NarrationSettings(
        verbosity=session.verbose,
        log_format=LogFormat(session.log_format),
        log_file=Path(session.log_file) if session.log_file else None,
    )
    with narration(sys.stderr, settings, redact=redactors.text) as narrated:
        # Progress first: it clears its lines before the narration says how the run ended.
        progress: list[Listener] = [] if session.verbose else [_ProgressOfEachRun()]
        surroundings = Surroundings(
            environ=os.environ,
            directory=Path.cwd(),
            listener=_Fan([*progress, narrated.listener]),
            ask=asker(),
            confirm=confirmer(),
            new_redactor=redactors.new,
        )
        results = asyncio.run(_run_all(found, options, surroundings))
    code = worst(result.exit_code for result in results)
    show_results(results, code, session.output_format, reports)
    return code


def show_results(
    results: Sequence[RunResult], code: int, output_format: str, reports: Sequence[tuple[str, Path]]
) -> None:
    """Print the results on stdout and write the reports asked for.

    Raises:
        UsageError: a report cannot be written.
    """
    for kind, path in reports:
        if kind == "json":
            text = dump(document(results, code, __version__))
        else:
            text = _text(results, width=80, colour=False, ascii_only=False)
        try:
            path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        except OSError as error:
            reason = (error.strerror or "unwritable").lower()
            raise UsageError(f"cannot write the report {path}: {reason}") from None
    if output_format == "json":
        click.echo(dump(document(results, code, __version__)))
        return
    out = sys.stdout
    shown = _text(
        results, width=width_of(out), colour=wants_colour(out), ascii_only=is_ascii_only(out)
    )
    click.echo(shown, color=wants_colour(out))


def parse_reports(given: Sequence[str]) -> tuple[tuple[str, Path], ...]:
    """Read `KIND=PATH` options.

    Raises:
        UsageError: an unknown kind, no path, or a folder that does not exist.
    """
    parsed = []
    for text in given:
        kind, equals, path = text.partition("=")
        if kind not in REPORT_KINDS or not equals or not path:
            raise UsageError(
                f"--report {text}: expected KIND=PATH",
                hint=f"kinds: {', '.join(REPORT_KINDS)}",
            )
        if not Path(path).parent.is_dir():
            raise UsageError(f"--report {text}: there is no folder {Path(path).parent}")
        parsed.append((kind, Path(path)))
    return tuple(parsed)


def _text(results: Sequence[RunResult], *, width: int, colour: bool, ascii_only: bool) -> str:
    return "\n\n".join(
        render(result, width=width, colour=colour, ascii_only=ascii_only).rstrip("\n")
        for result in results
    )


async def _run_all(
    found: Sequence[FoundScenario], options: RunOptions, surroundings: Surroundings
) -> list[RunResult]:
    results = []
    with _interrupts() as interrupts:
        for item in found:
            result = await run_live(item, options, surroundings)
            if result.ended == Ended.INTERRUPTED.value:
                results.append(replace(result, exit_code=interrupts.exit_code))
                break
            results.append(result)
    return results


@dataclass(slots=True)
class _Interrupts:
    """Which signal asked us to stop."""

    exit_code: int = INTERRUPTED


@contextmanager
def _interrupts() -> Iterator[_Interrupts]:
    """Turn the first SIGINT or SIGTERM into a cancellation; a second one acts as usual."""
    seen = _Interrupts()
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    codes = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}

    def stop(number: signal.Signals) -> None:
        seen.exit_code = codes[number]
        for each in codes:
            loop.remove_signal_handler(each)
        task.cancel()

    for number in codes:
        loop.add_signal_handler(number, stop, number)
    try:
        yield seen
    finally:
        for number in codes:
            loop.remove_signal_handler(number)


@dataclass(frozen=True, slots=True)
class _Fan:
    """Hands every event to each listener."""

    listeners: Sequence[Listener]

    def __call__(self, event: Event) -> None:
        for listener in self.listeners:
            listener(event)


@dataclass(slots=True)
class _ProgressOfEachRun:
    """Shows progress from the start of a run to its end, so that questions come before it."""

    _stack: ExitStack = field(default_factory=ExitStack)
    _inner: Listener | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            shown = live_progress(sys.stderr, colour=wants_colour(sys.stderr))
            self._inner = self._stack.enter_context(shown)
        if self._inner is not None:
            self._inner(event)
        if isinstance(event, RunFinished):
            self._stack.close()
            self._inner = None


@dataclass(slots=True)
class _Redactors:
    """All redactors of the session: what any of them knows is kept out of the narration."""

    _made: list[Redactor] = field(default_factory=lambda: [Redactor(SecretRegistry())])

    def new(self) -> Redactor:
        self._made.append(Redactor(SecretRegistry()))
        return self._made[-1]

    def text(self, text: str) -> str:
        for redactor in self._made:
            text = redactor.text(text)
        return text
