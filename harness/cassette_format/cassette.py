"""A cassette as read: facts of the run, and its exchanges with their outcomes."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.model.exchange import RecordedExchange, RedactedExchange
from harness.model.outcome import Outcome
from harness.model.request import Json


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
class Cassette:
    """A whole cassette, records in file order.

    `run` is the document that the run left in the first item. `cut` says where a part file
    breaks off in the middle of a line; it is empty for a whole file.
    """

    file: str
    run: Json = field(repr=False)
    records: tuple[Record, ...] = field(repr=False)
    cut: str = ""
