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

from harness import __version__
from harness.cli.output import print_result
from harness.cli.terminal import asker, confirmer, is_ascii_only, wants_colour, width_of
from harness.errors import LeakError, UsageError
from harness.judge.exit_code import INTERRUPTED, LEAK, TERMINATED, USAGE, worst
from harness.model.event import Event, RunFinished, RunStarted
from harness.model.finding import Ended
from harness.model.result import RunResult
from harness.ports import Listener
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.reports.json_result import document, dump
from harness.reports.log_line import LogFormat
from harness.reports.markdown import render_markdown
from harness.reports.narration import NarrationSettings, narration
from harness.reports.progress import live_progress
from harness.reports.terminal import render
from harness.wiring.live import run_live
from harness.wiring.options import RunOptions, cassette_path
from harness.wiring.preflight import refuse_shared_places
from harness.wiring.prepare import PreparedRun, agree, prepare, validate
from harness.wiring.scenarios import FoundScenario, find_scenario
from harness.wiring.surroundings import Surroundings

REPORT_KINDS = ("text", "json", "markdown")


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
        UsageError: a scenario or an option is not in order; then nothing was sent. Or the disk
            took no more; then the results so far are shown.
        LeakError: a secret would have been written; the results so far are shown.
    """
    reports = parse_reports(session.reports)
    found = [find_scenario(name) for name in names]
    redactors = _Redactors()
    settings = NarrationSettings(
        verbosity=session.verbose,
        log_format=LogFormat(session.log_format),
        log_file=Path(session.log_file) if session.log_file else None,
    )
    with narration(sys.stderr, settings, redact=redactors.text) as narrated:
        listeners = [narrated.listener]
        if not session.verbose:
            # First: it clears its lines before the narration says how the run ended.
            listeners.insert(0, _ProgressOfEachRun())
        surroundings = Surroundings(
            environ=os.environ,
            directory=Path.cwd(),
            listener=_Fan(listeners),
            ask=asker(),
            confirm=confirmer(),
            new_redactor=redactors.new,
        )
        prepared = _prepare(found, options, surroundings)
        done = asyncio.run(_run_all(prepared, surroundings))
    code = worst((*(result.exit_code for result in done.results), *done.codes))
    if done.results or done.error is None:
        show_results(done.results, code, session.output_format, reports)
    if done.error is not None:
        raise done.error
    return code


def show_results(
    results: Sequence[RunResult], code: int, output_format: str, reports: Sequence[tuple[str, Path]]
) -> None:
    """Print the results on stdout and write the reports asked for.

    Raises:
        UsageError: a report cannot be written.
    """
    if output_format == "json":
        print_result(dump(document(results, code, __version__)), colour=False)
    else:
        out = sys.stdout
        shown = _text(
            results, width=width_of(out), colour=wants_colour(out), ascii_only=is_ascii_only(out)
        )
        print_result(shown + "\n", colour=wants_colour(out))
    for kind, path in reports:
        if kind == "json":
            text = dump(document(results, code, __version__))
        elif kind == "markdown":
            text = render_markdown(results)
        else:
            text = _text(results, width=80, colour=False, ascii_only=False)
        try:
            path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        except OSError as error:
            raise _unwritable(path, error) from None


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
        if Path(path).is_dir():
            raise UsageError(f"--report {text}: {path} is a folder")
        parsed.append((kind, Path(path)))
    return tuple(parsed)


def _unwritable(path: Path, error: OSError) -> UsageError:
    reason = (error.strerror or "unwritable").lower()
    return UsageError(f"cannot write the report {path}: {reason}")


def _text(results: Sequence[RunResult], *, width: int, colour: bool, ascii_only: bool) -> str:
    return "\n\n".join(
        render(result, width=width, colour=colour, ascii_only=ascii_only).rstrip("\n")
        for result in results
    )


def _prepare(
    found: Sequence[FoundScenario], options: RunOptions, surroundings: Surroundings
) -> list[PreparedRun]:
    """Check all scenarios, ask for trust in all, then read all keys: a fault stops all of them."""
    scenarios = [validate(item, options, surroundings) for item in found]
    if not options.append:
        refuse_shared_places(
            cassette_path(scenario, options, surroundings.directory) for scenario in scenarios
        )
    for item, scenario in zip(found, scenarios, strict=True):
        agree(item, scenario, options, surroundings)
    return [
        prepare(item, scenario, options, surroundings)
        for item, scenario in zip(found, scenarios, strict=True)
    ]


@dataclass(slots=True)
class _Done:
    """What came of the runs: results, codes that are nobody's result, the error that ended all."""

    results: list[RunResult] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    error: UsageError | LeakError | None = None


async def _run_all(prepared: Sequence[PreparedRun], surroundings: Surroundings) -> _Done:
    done = _Done()
    with _interrupts() as interrupts:
        for item in prepared:
            try:
                result = await run_live(item, surroundings)
            except (UsageError, LeakError) as error:
                done.error = error
                done.codes.append(LEAK if isinstance(error, LeakError) else USAGE)
                break
            except asyncio.CancelledError:
                done.codes.append(interrupts.exit_code)
                break
            if result.ended == Ended.INTERRUPTED.value:
                result = replace(result, exit_code=interrupts.exit_code)
            done.results.append(result)
            if interrupts.seen:
                done.codes += [interrupts.exit_code] * (item is not prepared[-1])
                break
    return done


@dataclass(slots=True)
class _Interrupts:
    """Which signal asked us to stop, if one did."""

    seen: bool = False
    exit_code: int = INTERRUPTED


@contextmanager
def _interrupts() -> Iterator[_Interrupts]:
    """Turn the first SIGINT or SIGTERM into a cancellation; a second one acts as usual."""
    interrupts = _Interrupts()
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    codes = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}

    def stop(number: signal.Signals) -> None:
        interrupts.seen, interrupts.exit_code = True, codes[number]
        for each in codes:
            loop.remove_signal_handler(each)
        task.cancel()

    for number in codes:
        loop.add_signal_handler(number, stop, number)
    try:
        yield interrupts
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
