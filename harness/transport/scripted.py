"""A transport that answers from a function: for tests and for plug-in authors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from harness.model.exchange import Attempt
from harness.model.request import SignedRequest


@dataclass(frozen=True, slots=True)
class ScriptedTransport:
    """Hands every request to `answer`; opens no socket."""

    answer: Callable[[SignedRequest], Awaitable[Attempt]]

    async def send(self, request: SignedRequest) -> Attempt:
        """Return what the script answers."""
        return await self.answer(request)

    async def close(self) -> None:
        """Hold nothing, so there is nothing to let go of."""
