"""Narration: structlog events on stderr and in a log file, through one redacting processor."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import structlog
from structlog.typing import FilteringBoundLogger, Processor

from harness.errors import UsageError
from harness.model.event import (
    Event,
    ExchangeRecorded,
    RoundStarted,
    RunFinished,
    RunStarted,
    VariantFinished,
)
from harness.ports import Listener
from harness.reports.log_line import LogFormat, json_line, text_line
from harness.reports.redacting_processor import Redact, RedactingProcessor

BRIDGED_LOGGERS = ("vcr", "aiohttp")
"""Loggers of libraries whose records go through the same processor."""

_NAMED = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL)
_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrationSettings:
    """What is narrated, and where. `verbosity` counts `-v`: warnings, then info, then debug.

    `log_file` gets everything, whatever `verbosity` says.
    """

    verbosity: int = 0
    log_format: LogFormat = LogFormat.TEXT
    log_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Narration:
    """An open narration: `listener` narrates a run's events, `log` is for everything else."""

    log: FilteringBoundLogger
    listener: Listener


@dataclass(slots=True)
class _Sinks:
    """Where finished lines go, each with its own threshold."""

    streams: list[tuple[TextIO, int]] = field(default_factory=list)

    @property
    def threshold(self) -> int:
        return min(level for _, level in self.streams)

    def write(self, level: int, line: str) -> None:
        """Write the line; a stream that is closed or full must not stop the run."""
        for stream, least in self.streams:
            if level >= least:
                try:
                    stream.write(line + "\n")
                    stream.flush()
                except (OSError, ValueError):
                    continue


@contextmanager
def narration(
    stream: TextIO,
    settings: NarrationSettings,
    *,
    redact: Redact,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Narration]:
    """Narrate while the block runs; the libraries' loggers are as before afterwards.

    Raises:
        UsageError: the log file cannot be opened.
    """
    with ExitStack() as stack:
        least = _LEVELS[min(settings.verbosity, len(_LEVELS) - 1)]
        sinks = _Sinks([(stream, least)])
        if settings.log_file is not None:
            opened = stack.enter_context(_open_private(settings.log_file))
            sinks.streams.append((opened, logging.DEBUG))
        log = _logger(sinks, settings.log_format, redact, now)
        for name in BRIDGED_LOGGERS:
            stack.enter_context(_bridge(logging.getLogger(name), log, sinks.threshold))
        yield Narration(log, _Narrator(log))


class _Narrator:
    """Puts a run's events into words."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        self._log = log

    def __call__(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._log.info(
                    "run started",
                    scenario=event.scenario,
                    strategy=event.strategy,
                    cells=event.cells,
                    lab=event.lab,
                )
            case RoundStarted():
                ids = [variant.id for variant in event.variants]
                self._log.info("round started", round=event.round, variants=ids)
            case ExchangeRecorded():
                self._exchange(event)
            case VariantFinished():
                self._log.info(
                    "variant finished",
                    variant=event.variant.id,
                    repeat=event.repeat,
                    outcome=str(event.outcome),
                    requests_sent=event.requests_sent,
                )
            case RunFinished():
                say = self._log.warning if event.reason else self._log.info
                reason = {"reason": event.reason} if event.reason else {}
                say("run ended", requests=event.requests_sent, rounds=event.rounds, **reason)

    def _exchange(self, event: ExchangeRecorded) -> None:
        exchange = event.exchange
        result = (
            {"http_status": exchange.response.status}
            if exchange.response is not None
            else {"failure": exchange.failure.message if exchange.failure else ""}
        )
        self._log.debug(
            "exchange recorded",
            exchange=str(exchange.key),
            method=exchange.method,
            url=exchange.url,
            outcome=str(event.outcome),
            seconds=round(exchange.timing.total_seconds, 3),
            **result,
        )


class _Bridge(logging.Handler):
    """Hands the records of the standard library's loggers to structlog."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a record on; one whose arguments do not fit its message keeps the message."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):
            message = str(record.msg)
        known = max((level for level in _NAMED if level <= record.levelno), default=logging.DEBUG)
        self._log.log(known, message, logger=record.name, exc_info=record.exc_info)


class _LineWriter:
    """What structlog calls with a finished line: one method per level name."""

    def __init__(self, sinks: _Sinks) -> None:
        self._sinks = sinks

    def debug(self, line: str) -> None:
        self._sinks.write(logging.DEBUG, line)

    def info(self, line: str) -> None:
        self._sinks.write(logging.INFO, line)

    def warning(self, line: str) -> None:
        self._sinks.write(logging.WARNING, line)

    def error(self, line: str) -> None:
        self._sinks.write(logging.ERROR, line)

    critical = error
    exception = error
    msg = info


def _logger(
    sinks: _Sinks, log_format: LogFormat, redact: Redact, now: Callable[[], datetime]
) -> FilteringBoundLogger:
    """Build a logger without touching structlog's global configuration."""

    def stamp(
        _logger: object, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        return {"timestamp": now().strftime("%Y-%m-%dT%H:%M:%SZ"), **event}

    last: Processor = json_line if log_format is LogFormat.JSON else text_line
    processors: Sequence[Processor] = (
        structlog.processors.add_log_level,
        stamp,
        RedactingProcessor(redact),
        last,
    )
    log: FilteringBoundLogger = structlog.wrap_logger(
        _LineWriter(sinks),
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(sinks.threshold),
        context_class=dict,
        cache_logger_on_first_use=False,
    ).bind()
    return log


@contextmanager
def _bridge(logger: logging.Logger, log: FilteringBoundLogger, level: int) -> Iterator[None]:
    """Take over one logger of the standard library, and give it back as it was."""
    handler = _Bridge(log)
    before = (logger.level, logger.propagate, logger.disabled, list(logger.handlers))
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False
    logger.disabled = False
    try:
        yield
    finally:
        level_before, logger.propagate, logger.disabled, logger.handlers = before
        logger.setLevel(level_before)


def _open_private(path: Path) -> TextIO:
    """Open a log file that only its owner reads; lines are appended."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError as error:
        raise UsageError(
            f"cannot write the log file {path}: {error.strerror}",
            hint="name another with --log-file",
        ) from error
    return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")
