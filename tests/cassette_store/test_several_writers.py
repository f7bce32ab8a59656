"""Several processes add to one cassette at the same time, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support import soak
from support.recording_processes import Job, Recorders, recorders

from harness.cassette_store.reader import read_cassette


@pytest.fixture(scope="module")
def at_once() -> Iterator[Recorders]:
    with recorders() as running:
        yield running


@pytest.mark.soak
def test_writers_that_append_at_once_lose_nothing(tmp_path: Path, at_once: Recorders) -> None:
    numbers = soak.source("writers")
    for number in range(soak.count(suite=4, full=50)):
        path = tmp_path / f"{number}.yaml"
        writers = numbers.randint(2, 8)
        jobs = [
            Job(path, f"w{one}", numbers.randint(1, 4), append=True, key=one)
            for one in range(writers)
        ]
        told = at_once(jobs)
        assert [one.error for one in told] == [""] * writers
        assert all(one.closed for one in told)
        assert list(tmp_path.glob(f"{number}.yaml*")) == [path]
        runs = read_cassette(path).runs
        seen = {run.id: len(run.records) for run in runs}
        assert seen == {job.run: job.exchanges for job in jobs}
        for run in runs:
            prefix = "" if run.number == 1 else f"r{run.number}."
            ids = {one.exchange.secret_ids["key"] for one in run.records}
            assert ids == {f"{prefix}s1"}


def test_one_that_replaces_and_some_that_append_leave_whole_runs(
    tmp_path: Path, at_once: Recorders
) -> None:
    path = tmp_path / "a.yaml"
    at_once([Job(path, "older")])
    jobs = [Job(path, f"w{one}", append=bool(one)) for one in range(4)]
    assert all(one.closed for one in at_once(jobs))
    runs = read_cassette(path).runs
    ids = [run.id for run in runs]
    # What was appended after the replacement is there; what came before it was replaced.
    assert "w0" in ids
    assert ids[0] == "w0"
    assert all(len(run.records) == 3 for run in runs)
    assert list(tmp_path.iterdir()) == [path]
