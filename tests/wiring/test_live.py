"""A run from its preparation to its end, over a scripted transport and in the lab."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from support.scenario_texts import bearer_text
from support.scripted_runs import ATTEMPTS, NOW, recorded_run

from harness.cli.session import _run_all
from harness.errors import LeakError
from harness.lab.world import LabWorld
from harness.model.event import Event, RunFinished, RunStarted
from harness.model.outcome import Outcome
from harness.model.scenario import LabSettings
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.wiring.live import run_live
from harness.wiring.options import RunOptions, shown_path
from harness.wiring.prepare import PreparedRun, agree, new_run_id, prepare, validate
from harness.wiring.scenarios import FoundScenario
from harness.wiring.surroundings import Surroundings

TEXT = bearer_text(
    "https://api.example.com/",
    axes="\n  key: {shell: {env: MADE_KEY}}",
    rest="lab: {provider: http-bearer}",
)


def prepared_in(directory: Path, listener=lambda _event: None) -> tuple[PreparedRun, Surroundings]:
    """A run in the lab, of which nothing was sent yet."""
    surroundings = Surroundings(environ={}, directory=directory, listener=listener)
    found = FoundScenario(TEXT.encode(), "asked.yaml", directory, shipped=False)
    options = RunOptions(lab=True)
    scenario = validate(found, options, surroundings)
    agree(found, scenario, options, surroundings)
    return prepare(found, scenario, options, surroundings), surroundings


def passing(_request):
    return ATTEMPTS[Outcome.PASS]


def test_a_key_that_would_be_written_is_a_leak_and_nothing_is_published(tmp_path: Path):
    """A key that is the time of day stands in the timing, where no text is looked through."""
    with pytest.raises(LeakError):
        recorded_run(TEXT, tmp_path, passing, {"MADE_KEY": str(int(NOW))})
    assert list((tmp_path / "cassettes").iterdir()) == []


def test_an_older_cassette_stays_when_a_run_leaks(tmp_path: Path):
    recorded_run(TEXT, tmp_path, passing, {"MADE_KEY": "made-up-key-value"})
    (cassette,) = (tmp_path / "cassettes").iterdir()
    before = cassette.read_bytes()
    with pytest.raises(LeakError):
        recorded_run(TEXT, tmp_path, passing, {"MADE_KEY": str(int(NOW))})
    assert [path.read_bytes() for path in (tmp_path / "cassettes").iterdir()] == [before]


def test_preparing_leaves_nothing_but_a_folder(tmp_path: Path):
    prepared_in(tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["cassettes"]


def test_a_cancellation_while_the_network_closes_loses_no_result(tmp_path: Path):
    """The last event of the run comes before the lab is taken down."""

    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = []

    def cancel(event: Event) -> None:
        if isinstance(event, RunStarted):
            task = asyncio.current_task()
            assert task is not None
            running.append((task.get_loop(), task))
        if isinstance(event, RunFinished):
            ((loop, task),) = running
            loop.call_soon_threadsafe(task.cancel)

    prepared, surroundings = prepared_in(tmp_path, cancel)
    result = asyncio.run(run_live(prepared, surroundings))
    assert (result.ended, result.exit_code) == ("", 0)
    assert (tmp_path / "cassettes" / "asked.lab.yaml").is_file()


def test_a_cancellation_at_the_start_is_an_interrupted_run_of_nothing(tmp_path: Path):
    def cancel(event: Event) -> None:
        if isinstance(event, RunStarted):
            task = asyncio.current_task()
            assert task is not None
            task.cancel()

    prepared, surroundings = prepared_in(tmp_path, cancel)
    result = asyncio.run(run_live(prepared, surroundings))
    assert (result.ended, result.variants, result.cassette) == ("interrupted", (), None)


class NeverReady(LabWorld):
    """A lab that takes for ever to come up."""

    def __init__(self) -> None:
        super().__init__(LabSettings(), sources={}, proxies={})

    async def __aenter__(self) -> LabWorld:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.Event().wait()
        return self


def test_a_cancellation_before_the_start_has_no_result(tmp_path: Path):
    prepared, surroundings = prepared_in(tmp_path)
    waiting = replace(prepared, lab=NeverReady())
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run_live(waiting, surroundings))
    done = asyncio.run(_run_all([waiting, prepared], surroundings))
    assert (done.results, done.codes, done.error) == ([], [130], None)


def test_run_ids_are_times_and_differ():
    one, other = new_run_id(0), new_run_id(0)
    assert one.startswith("19700101T000000Z-")
    assert one != other


@pytest.mark.parametrize(("path", "shown"), [("/a/b/c.yaml", "c.yaml"), ("/a/c.yaml", "/a/c.yaml")])
def test_a_path_below_the_directory_is_shown_short(path: str, shown: str):
    assert shown_path(Path(path), Path("/a/b")) == shown


def test_each_run_has_a_redactor_of_its_own(tmp_path: Path):
    surroundings = Surroundings(environ={}, directory=tmp_path, listener=print)
    one, other = surroundings.new_redactor(), surroundings.new_redactor()
    assert isinstance(one, Redactor)
    assert isinstance(one.registry, SecretRegistry)
    assert one.registry is not other.registry
