import io
import json
import logging
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from diagnosis.flips import answer, exchange, refusal

from harness.errors import UsageError
from harness.model.event import (
    Event,
    ExchangeRecorded,
    RoundStarted,
    RunFinished,
    RunStarted,
    VariantFinished,
)
from harness.model.exchange import Phase
from harness.model.outcome import Outcome
from harness.model.variant import Variant
from harness.reports.log_line import LogFormat
from harness.reports.narration import BRIDGED_LOGGERS, NarrationSettings, narration

SECRET = "sk-" + "".join(random.Random(403).choices("0123456789abcdef", k=32))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASELINE = Variant((0,), "baseline", {})
EVENTS: tuple[Event, ...] = (
    RunStarted("demo", "isolate", 4, lab=True),
    RoundStarted(1, (BASELINE,)),
    ExchangeRecorded(exchange(response=answer(401)), Outcome.DENIED),
    ExchangeRecorded(exchange(failure=refusal(Phase.TLS, "no trust")), Outcome.UNREACHABLE),
    ExchangeRecorded(exchange(), Outcome.UNREACHABLE),
    VariantFinished(BASELINE, 1, Outcome.DENIED, 1),
    RunFinished(1, 1),
    RunFinished(1, 1, "the budget is used up"),
)


def _redact(text: str) -> str:
    return text.replace(SECRET, "RDX")


def _narrate(settings: NarrationSettings, *events: Event) -> str:
    stream = io.StringIO()
    with narration(stream, settings, redact=_redact, now=lambda: NOON) as told:
        for event in events:
            told.listener(event)
    return stream.getvalue()


def test_without_v_only_warnings_are_told() -> None:
    assert _narrate(NarrationSettings(), *EVENTS) == (
        "2026-11-22T12:00:00Z warning run ended requests=1 rounds=1 "
        'reason="the budget is used up"\n'
    )


def test_one_v_tells_how_the_run_goes() -> None:
    lines = _narrate(NarrationSettings(verbosity=1), *EVENTS).splitlines()
    assert [line.split(" ", 2)[2] for line in lines] == [
        "run started scenario=demo strategy=isolate cells=4 lab=true",
        'round started round=1 variants=["baseline"]',
        "variant finished variant=baseline repeat=1 outcome=denied requests_sent=1",
        "run ended requests=1 rounds=1",
        'run ended requests=1 rounds=1 reason="the budget is used up"',
    ]


def test_two_v_tell_every_exchange() -> None:
    lines = _narrate(NarrationSettings(verbosity=2), *EVENTS).splitlines()
    debug = [line for line in lines if " debug " in line]
    assert "exchange=baseline/1/main/0/1" in debug[0]
    assert "outcome=denied seconds=0.1 http_status=401" in debug[0]
    assert 'failure="no trust"' in debug[1]
    assert 'failure=""' in debug[2]
    assert len(lines) == 8


def test_more_v_tell_no_more() -> None:
    assert _narrate(NarrationSettings(verbosity=7), *EVENTS).count("\n") == 8


def test_json_lines_are_objects() -> None:
    settings = NarrationSettings(verbosity=2, log_format=LogFormat.JSON)
    lines = [json.loads(line) for line in _narrate(settings, *EVENTS).splitlines()]
    assert lines[1]["variants"] == ["baseline"]
    assert all({"timestamp", "level", "event"} <= set(line) for line in lines)


def test_the_log_file_gets_everything_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "run.log"
    assert _narrate(NarrationSettings(log_file=path), *EVENTS).count("\n") == 1
    assert path.read_text().count("\n") == 8
    assert path.stat().st_mode & 0o777 == 0o600
    _narrate(NarrationSettings(log_file=path), EVENTS[0])
    assert path.read_text().count("\n") == 9


def test_a_log_file_that_cannot_be_opened_is_one_clear_line(tmp_path: Path) -> None:
    settings = NarrationSettings(log_file=tmp_path / "no" / "run.log")
    with (
        pytest.raises(UsageError, match=r"cannot write the log file .*run\.log: No such file"),
        narration(io.StringIO(), settings, redact=_redact),
    ):
        pass


def _fail() -> None:
    local = SECRET
    try:
        {}[local]
    except KeyError as error:
        raise RuntimeError(f"wrapped {local}") from error


@pytest.mark.parametrize("log_format", LogFormat)
@pytest.mark.parametrize("name", ["vcr", "vcr.stubs", "aiohttp.client", "aiohttp.access"])
def test_a_secret_never_comes_out(log_format: LogFormat, name: str, tmp_path: Path) -> None:
    stream, path = io.StringIO(), tmp_path / "all.log"
    settings = NarrationSettings(verbosity=2, log_format=log_format, log_file=path)
    library = logging.getLogger(name)
    with narration(stream, settings, redact=_redact) as told:
        event = f"event {SECRET}"
        told.log.info(event, **{f"name {SECRET}": {"deep": [SECRET.encode()]}})
        told.log.bind(token=SECRET).warning("bound")
        library.info("playing %s", SECRET)
        library.debug("mapping %(key)s", {"key": SECRET})
        try:
            _fail()
        except RuntimeError as error:
            told.log.exception("broke")
            told.log.warning("broke", error=error)
            library.exception("library broke")
    for text in (stream.getvalue(), path.read_text()):
        assert SECRET not in text
        assert SECRET[-4:] not in text
        assert text.count("RuntimeError: wrapped RDX") == 3
        assert "playing RDX" in text
        assert "mapping RDX" in text


def _state() -> list[tuple[object, ...]]:
    loggers = [logging.getLogger(name) for name in BRIDGED_LOGGERS]
    return [(log.level, log.propagate, log.disabled, list(log.handlers)) for log in loggers]


def _interrupted_narration(before: list[tuple[object, ...]]) -> None:
    with narration(io.StringIO(), NarrationSettings(), redact=_redact):
        assert _state() != before
        raise KeyboardInterrupt


def test_the_libraries_loggers_are_as_before_even_after_an_interrupt() -> None:
    before, configured = _state(), structlog.get_config()
    with pytest.raises(KeyboardInterrupt):
        _interrupted_narration(before)
    assert _state() == before
    assert structlog.get_config() == configured


def test_a_record_whose_arguments_do_not_fit_is_told_by_its_message() -> None:
    stream = io.StringIO()
    with narration(stream, NarrationSettings(), redact=_redact):
        logging.getLogger("vcr").error("%d of %d", SECRET)  # noqa: PLE1206 - on purpose
    assert " error vcr: %d of %d\n" in stream.getvalue()
    assert SECRET not in stream.getvalue()


@pytest.mark.parametrize(
    ("level", "name"), [(35, "warning"), (60, "critical"), (logging.ERROR, "error")]
)
def test_a_level_of_a_library_s_own_is_told_by_the_one_below(level: int, name: str) -> None:
    stream = io.StringIO()
    with narration(stream, NarrationSettings(), redact=_redact):
        logging.getLogger("aiohttp").log(level, "odd")
        logging.getLogger("aiohttp").log(5, "too low")
    assert stream.getvalue().count(f" {name} aiohttp: odd\n") == 1
    assert "too low" not in stream.getvalue()


def test_a_stream_that_is_closed_does_not_stop_the_run(tmp_path: Path) -> None:
    stream = io.StringIO()
    path = tmp_path / "run.log"
    with narration(stream, NarrationSettings(log_file=path), redact=_redact) as told:
        stream.close()
        told.log.warning("still here")
    assert "still here" in path.read_text()
