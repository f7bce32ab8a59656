"""What may still be sent: a budget of exchanges, a cap on denials, a rate."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from harness.isolation.search import Ended
from harness.model.outcome import Outcome
from harness.model.scenario import SearchSettings


class LimitReachedError(Exception):
    """A limit forbids the next request; `ended` says which."""

    def __init__(self, ended: Ended) -> None:
        """Carry the limit that was reached."""
        super().__init__(ended.value)
        self.ended = ended


@dataclass(slots=True)
class Turn:
    """One run of a variant under way: how many exchanges it sent, and what it came to."""

    sent: int = 0
    outcome: Outcome | None = None


@dataclass(slots=True)
class Limits:
    """Counts exchanges and denials, and spaces requests out.

    `now` gives seconds on a steady clock, `sleep` waits that many. `sent` and `denied` are what
    it has come to so far.
    """

    settings: SearchSettings
    now: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    sent: int = 0
    denied: int = 0
    _under_way: int = field(default=0, init=False)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition, init=False)
    _free_at: float = field(default=float("-inf"), init=False)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """Hold a place for one run of a variant, whose outcome the block sets.

        Each run under way may be denied, so one waits while those before it could reach the cap:
        a provider that locks accounts must not see one denial too many.

        Raises:
            LimitReachedError: the cap on denials is reached.
        """
        async with self._changed:
            await self._changed.wait_for(self._has_place)
            if self.denied >= self.settings.max_denied:
                raise LimitReachedError(Ended.MAX_DENIED)
            self._under_way += 1
        turn = Turn()
        try:
            yield turn
        finally:
            self._under_way -= 1
            self.denied += turn.outcome is Outcome.DENIED
            async with self._changed:
                self._changed.notify_all()

    async def admit(self, turn: Turn) -> None:
        """Count one exchange, and wait for the rate's next place.

        Raises:
            LimitReachedError: the budget is used up.
        """
        if self.sent >= self.settings.budget:
            raise LimitReachedError(Ended.BUDGET)
        self._count(turn, 1)
        if self.settings.rate_per_second:
            place = max(self.now(), self._free_at)
            self._free_at = place + 1 / self.settings.rate_per_second
            try:
                await self.sleep(max(place - self.now(), 0))
            except asyncio.CancelledError:
                self.give_back(turn)
                raise

    def give_back(self, turn: Turn) -> None:
        """Do not count the exchange that was admitted last: nothing left this machine."""
        self._count(turn, -1)

    def _count(self, turn: Turn, exchanges: int) -> None:
        self.sent += exchanges
        turn.sent += exchanges

    def _has_place(self) -> bool:
        cap = self.settings.max_denied
        return self.denied >= cap or self.denied + self._under_way < cap
