"""Record the corpus and say what leaked, by case and place.

Run from the root: `python -m tests.corpus.measure [--seed N] [--root FOLDER] [--runs 6]`. `--root`
is where the product is: an older version can be measured too.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from .cases import SEED, corpus, in_runs
from .judge import Judge, Leak, Planted
from .recording import Recorded, record

_FINISHED = frozenset({0, 1, 3, 5})


def planted_in(recorded: Recorded) -> list[Planted]:
    """Return the secrets of every case of a run."""
    return [
        Planted(f"{number:03} {case.name}", secret)
        for number, case in enumerate(recorded.cases)
        for secret in case.secrets
    ]


def leaks_of(recorded: Recorded) -> list[Leak]:
    """Return what the judge sees in everything that a run wrote."""
    judge = Judge(planted_in(recorded))
    return [leak for name, data in recorded.files for leak in judge.leaks(name, data)]


def variants_in(recorded: Recorded) -> int:
    """Count the variants that were recorded."""
    items = (item for found in recorded.exchanges().values() for item in found)
    return len({item["harness"]["id"].split("/")[0] for item in items})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    asked = parser.parse_args()
    cases = corpus(asked.seed)
    places: Counter[str] = Counter()
    refused = 0
    for run in in_runs(cases, asked.runs):
        with tempfile.TemporaryDirectory() as folder:
            recorded = record(Path(folder), run, root=asked.root)
        if recorded.code not in _FINISHED:
            refused += 1
            print(dict(recorded.files)["stderr"].decode()[-500:])
            continue
        for label, leak in {leak.label: leak for leak in leaks_of(recorded)}.items():
            print(leak)
            places[label[4:].partition(" / ")[0]] += 1
    print(f"seed {asked.seed}: {sum(places.values())} of {len(cases)} cases leak", *places.items())
    return 1 if places or refused else 0


if __name__ == "__main__":
    sys.exit(main())
