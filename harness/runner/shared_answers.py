"""Answers that serve every run of a scenario, such as that of a token endpoint."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from harness.model.request import HeaderPairs, Resolve, SignedRequest, TlsSettings
from harness.signing.flow import Answered

_Asked = tuple[str, str, HeaderPairs, bytes | None, Resolve, TlsSettings]


@dataclass(slots=True, repr=False)
class Place:
    """Where an answer is kept; None until somebody has had it."""

    answered: Answered | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __repr__(self) -> str:
        """Say nothing: the answer holds a token."""
        return "<Place>"


@dataclass(slots=True, repr=False)
class SharedAnswers:
    """One place for each different request; the way that it takes makes no difference.

    But `resolve` and `tls` do: they decide who it is that answers.
    """

    _places: dict[_Asked, Place] = field(default_factory=lambda: defaultdict(Place))

    def __repr__(self) -> str:
        """Count the places only: the requests hold secrets."""
        return f"<SharedAnswers {len(self._places)}>"

    @asynccontextmanager
    async def place_of(self, request: SignedRequest) -> AsyncIterator[Place]:
        """Hold the place of a request: whoever comes meanwhile waits, and finds the answer.

        Where nobody had an answer, the next one asks again.
        """
        who = (request.resolve, request.tls)
        asked = (request.method, request.url, request.headers, request.body, *who)
        place = self._places[asked]
        async with place.turn:
            yield place
