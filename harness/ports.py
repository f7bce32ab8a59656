"""The small Protocols between floors, each born with its second implementation."""

from __future__ import annotations

from typing import Protocol

from harness.model.event import Event
from harness.model.exchange import Attempt
from harness.model.key_source import KeySource
from harness.model.request import SignedRequest
from harness.model.secret import Secret


class Listener(Protocol):
    """Somebody who wants to know what happens: progress, narration, the cassette."""

    def __call__(self, event: Event) -> None:
        """Take one event; must not block and must not raise."""


class KeyReader(Protocol):
    """Reads key sources: the real world's, or the lab's."""

    def read(self, source: KeySource) -> Secret:
        """Return the secret.

        Raises:
            SourceError: the source has no value.
        """
        ...


class Transport(Protocol):
    """Sends one request, one hop, one attempt: over the network, or into the lab."""

    async def send(self, request: SignedRequest) -> Attempt:
        """Send and wait for the whole answer; a failure is a result, not an exception."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
