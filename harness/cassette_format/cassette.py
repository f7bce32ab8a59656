"""A cassette as read: facts of its runs, and their exchanges with their outcomes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from harness.errors import CassetteError
from harness.model.exchange import RecordedExchange, RedactedExchange
from harness.model.outcome import Outcome
from harness.model.request import Json

RUN_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
"""What names a run: it can stand in the name of a file."""

_MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Record:
    """One exchange that may be shown, and what was made of it when it was recorded."""

    exchange: RedactedExchange
    outcome: Outcome


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One line of a cassette as it stands there, not yet readmitted by the redactor."""

    exchange: RecordedExchange
    outcome: Outcome
    run: Json

    def __repr__(self) -> str:
        """Name the exchange only."""
        return f"<Line {self.exchange.key}>"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a cassette, records in file order. Runs count from 1.

    `facts` is the document that the run left in its first item.
    """

    number: int
    facts: Json = field(repr=False)
    records: tuple[Record, ...] = field(repr=False)

    @property
    def id(self) -> str:
        """The name that the run gave itself, "" where it has none that can be shown."""
        name = self.facts.get("id") if isinstance(self.facts, dict) else None
        return name if isinstance(name, str) and RUN_ID.fullmatch(name) else ""


@dataclass(frozen=True, slots=True)
class Cassette:
    """A cassette, records in file order.

    `run` and `records` are those of its newest run; `earlier` are the runs before, in a file to
    which others were appended. `cut` says where a part file breaks off in the middle of a line;
    it is empty for a whole file.
    """

    file: str
    run: Json = field(repr=False)
    records: tuple[Record, ...] = field(repr=False)
    cut: str = ""
    earlier: tuple[Run, ...] = field(default=(), repr=False)

    @property
    def runs(self) -> tuple[Run, ...]:
        """Every run, the newest last."""
        return (*self.earlier, Run(len(self.earlier) + 1, self.run, self.records))

    def of_run(self, wanted: str) -> Cassette:
        """Return the cassette as if it held one run alone, named by its number or id.

        Raises:
            CassetteError: there is no such run; the hint lists those that there are.
        """
        for run in self.runs:
            if wanted in {str(run.number), run.id}:
                return Cassette(self.file, run.facts, run.records, self.cut)
        raise CassetteError(f"{self.file} has no run {wanted!r}", hint=self._listed())

    def _listed(self) -> str:
        runs = self.runs
        lines = [_described(run) for run in runs[-_MOST_LISTED:]]
        if len(runs) > _MOST_LISTED:
            lines.insert(0, f"{len(runs) - _MOST_LISTED} earlier runs")
        return "\n    ".join(("it has:", *lines))


def _described(run: Run) -> str:
    count = len(run.records)
    return f"{run.number}  {run.id or 'no id'}  {count} exchange{'s' if count > 1 else ''}"
