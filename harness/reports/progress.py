"""Live progress on a terminal's stderr; silence everywhere else."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from harness.model.event import (
    Event,
    ExchangeRecorded,
    RoundStarted,
    RunFinished,
    RunStarted,
    VariantFinished,
)
from harness.model.outcome import Outcome
from harness.ports import Listener
from harness.reports.text_width import cut
from harness.reports.visible_text import visible

if TYPE_CHECKING:
    from rich.text import Text

REFRESHES_PER_SECOND = 8
IN_FLIGHT_SHOWN = 3


@dataclass(slots=True)
class Progress:
    """What a run has come to so far, from its events."""

    scenario: str = ""
    cells: int = 0
    lab: bool = False
    round: int = 0
    requests_sent: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    in_flight: dict[str, None] = field(default_factory=dict)

    def __call__(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted(scenario=scenario, cells=cells, lab=lab):
                self.scenario, self.cells, self.lab = scenario, cells, lab
                self.round = self.requests_sent = 0
                self.outcomes.clear()
                self.in_flight.clear()
            case RoundStarted(round=number, variants=variants):
                self.round = number
                self.in_flight.update(dict.fromkeys(variant.id for variant in variants))
            case ExchangeRecorded():
                self.requests_sent += 1
            case VariantFinished(variant=variant, outcome=outcome):
                self.outcomes[outcome] += 1
                self.in_flight.pop(variant.id, None)
            case RunFinished(requests_sent=sent):
                self.requests_sent = sent
                self.in_flight.clear()

    def lines(self, elapsed_seconds: float) -> tuple[str, str]:
        """Return what is shown: the counts, and the variants in flight."""
        mark = " (lab)" if self.lab else ""
        counts = " ".join(f"{o}:{self.outcomes[o]}" for o in Outcome if self.outcomes[o])
        head = f"{self.scenario}{mark}  round {self.round}  {self.requests_sent} sent"
        waiting = list(self.in_flight)
        more = len(waiting) - IN_FLIGHT_SHOWN
        tail = f" and {more} more" if more > 0 else ""
        flying = f"waiting for {', '.join(waiting[:IN_FLIGHT_SHOWN])}{tail}" if waiting else ""
        return visible(f"{head}  {counts}  {elapsed_seconds:.0f} s"), visible(flying)


@contextmanager
def live_progress(
    stream: TextIO, *, colour: bool, clock: Callable[[], float] = time.monotonic
) -> Iterator[Listener]:
    """Show progress on `stream` while the block runs, if it is a terminal; then take it away.

    However the block is left, the display is gone and the cursor is visible.
    """
    progress = Progress()
    if not stream.isatty():
        yield progress
        return
    # Loaded here so that `flip401 --help` does without it.
    from rich.console import Console  # noqa: PLC0415
    from rich.live import Live  # noqa: PLC0415

    started = clock()
    console = Console(file=stream, no_color=not colour, highlight=False)
    live = Live(
        console=console,
        get_renderable=lambda: _picture(progress, clock() - started, console.width),
        refresh_per_second=REFRESHES_PER_SECOND,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    try:
        live.start()
        # The cursor stays visible, so that even a killed process leaves it so.
        console.show_cursor(show=True)
        yield progress
    finally:
        live.stop()
        console.show_cursor(show=True)


def _picture(progress: Progress, elapsed_seconds: float, width: int) -> Text:
    from rich.text import Text  # noqa: PLC0415 - loaded by `live_progress` already

    head, flying = progress.lines(elapsed_seconds)
    return Text(f"{cut(head, width - 1)}\n{cut(flying, width - 1)}", no_wrap=True)
