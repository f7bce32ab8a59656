"""The corpus, recorded end to end by the real command line: nothing of it can be seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus.cases import ENCODINGS, corpus, in_runs
from corpus.measure import leaks_of, planted_in, variants_in
from corpus.recording import record

RUNS = 6
CASES = corpus()
FEWEST = 250


def test_the_corpus_covers_the_threat_model() -> None:
    assert len(CASES) >= FEWEST
    assert len({case.place for case in CASES}) >= 100
    assert len({case.kind for case in CASES}) >= 24
    assert {case.encoding for case in CASES} == set(ENCODINGS)


@pytest.mark.parametrize(
    "number", [0, *(pytest.param(number, marks=pytest.mark.corpus) for number in range(1, RUNS))]
)
def test_nothing_of_a_secret_is_in_any_output(number: int, tmp_path: Path) -> None:
    run = in_runs(CASES, RUNS)[number]
    recorded = record(tmp_path, run)
    assert recorded.code in {0, 1}, dict(recorded.files)["stderr"].decode()[-2000:]
    assert variants_in(recorded) == len(run)
    written = {name.rpartition("/")[2] for name, _ in recorded.files}
    assert {"stdout", "stderr", "corpus.log", "corpus.yaml", "report.json", "report.txt"} < written
    assert len(planted_in(recorded)) >= len(run)
    assert [str(leak) for leak in leaks_of(recorded)] == []
