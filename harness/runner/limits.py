"""What may still be sent: a budget of exchanges, a cap on denials, a rate."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from harness.isolation.search import Ended
from harness.model.scenario import SearchSettings


class LimitReachedError(Exception):
    """A limit forbids the next request; `ended` says which."""

    def __init__(self, ended: Ended) -> None:
        """Carry the limit that was reached."""
        super().__init__(ended.value)
        self.ended = ended


@dataclass(slots=True)
class Limits:
    """Counts exchanges and denials, and spaces requests out.

    `now` gives seconds on a steady clock, `sleep` waits that many.
    """

    settings: SearchSettings
    now: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    sent: int = 0
    denied: int = 0
    _free_at: float = field(default=float("-inf"), init=False)

    async def admit(self) -> None:
        """Wait for the rate's next place and count one exchange.

        Raises:
            LimitReachedError: the budget or the cap on denials is used up.
        """
        self._check()
        self.sent += 1
        if self.settings.rate_per_second:
            place = max(self.now(), self._free_at)
            self._free_at = place + 1 / self.settings.rate_per_second
            await self.sleep(max(place - self.now(), 0))
            self._check_denials()

    def _check(self) -> None:
        if self.sent >= self.settings.budget:
            raise LimitReachedError(Ended.BUDGET)
        self._check_denials()

    def _check_denials(self) -> None:
        if self.denied >= self.settings.max_denied:
            raise LimitReachedError(Ended.MAX_DENIED)
