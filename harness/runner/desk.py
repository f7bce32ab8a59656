"""Redacts, judges and records exchanges beside the event loop, one at a time and in order.

Redacting a large or a hostile answer takes time. On the loop it would make the other attempts of
a batch run into their time limits, and healthy servers look unreachable.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from harness.judge.classify import classify
from harness.model.event import Event
from harness.model.exchange import Exchange, RedactedExchange
from harness.model.outcome import Outcome, OutcomeRules
from harness.ports import Listener

Record = Callable[[RedactedExchange, Outcome], None]


@dataclass(slots=True)
class Desk:
    """One thread, and everything that uses the redactor while a run lasts.

    `record` is called there for each exchange as it is ready, and `listener` for each event, in
    the order in which they were handed in. Both run on that thread, never on the loop's.
    """

    redact: Callable[[Exchange], RedactedExchange]
    rules: OutcomeRules
    record: Record
    listener: Listener
    _thread: ThreadPoolExecutor = field(
        default_factory=partial(ThreadPoolExecutor, 1, "flip401-desk"), init=False
    )
    _failed: Exception | None = field(default=None, init=False)

    async def keep(self, exchange: Exchange) -> Outcome:
        """Return the outcome once the exchange is recorded; an interrupt waits for that.

        Raises:
            LeakError: the recorder found a secret in what it was to write. Nothing is recorded
                from then on.
            CassetteError: the disk takes no more.
        """
        kept = asyncio.get_running_loop().run_in_executor(self._thread, self._kept, exchange)
        try:
            return await asyncio.shield(kept)
        except asyncio.CancelledError:
            await asyncio.wait({kept})
            task = asyncio.current_task()
            assert task is not None
            task.cancel()  # what finished counts; the interrupt is heard at the next step
            return kept.result()

    def tell(self, event: Event) -> None:
        """Hand an event to the listener, after everything before it."""
        self._thread.submit(self._heard, event)

    def close(self) -> None:
        """Wait until everything is recorded and told.

        Raises:
            Exception: the first that a listener raised, which none should.
        """
        self._thread.shutdown()
        if self._failed is not None:
            raise self._failed

    def _kept(self, exchange: Exchange) -> Outcome:
        if self._failed is not None:
            raise self._failed
        try:
            redacted = self.redact(exchange)
            outcome = classify(redacted, self.rules)
            self.record(redacted, outcome)
        except Exception as error:
            self._failed = error
            raise
        return outcome

    def _heard(self, event: Event) -> None:
        try:
            self.listener(event)
        except Exception as error:  # noqa: BLE001 - raised again when the desk closes
            self._failed = self._failed or error
