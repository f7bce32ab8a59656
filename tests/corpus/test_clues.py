"""Every clue survives: one run of the real command line, read without the product."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from corpus.clues import at, clue_cases
from corpus.recording import level_of, record

MOST_LOST = 0


def test_every_clue_is_in_the_cassette(tmp_path: Path) -> None:
    kept = clue_cases()
    assert sum(len(one.clues) for one in kept) >= 40
    recorded = record(tmp_path, [one.case for one in kept])
    assert recorded.code in {0, 1}, dict(recorded.files)["stderr"].decode()
    exchanges = recorded.exchanges()
    lost = [
        f"{one.case.place}: {place} has no {pattern}"
        for number, one in enumerate(kept)
        for place, pattern in one.clues
        if not re.search(pattern, at(_item(exchanges, number, place), place))
    ]
    assert len(lost) == MOST_LOST, "\n".join(lost)


def _item(exchanges: dict[str, list[Any]], number: int, place: str) -> Any:
    """Return the record of a case; what is said of the run stands in the first line."""
    if place.startswith("run "):
        every = (one["harness"] for records in exchanges.values() for one in records)
        return next(one for one in every if "run" in one)
    return exchanges[level_of(number) if number else ""][-1]
