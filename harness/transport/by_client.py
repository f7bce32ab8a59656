"""One transport for a run whose requests name different clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.model.exchange import Attempt
from harness.model.request import SignedRequest
from harness.ports import Transport


@dataclass(frozen=True, slots=True)
class ByClient:
    """Hands each request to the transport of the client that it names."""

    transports: Mapping[str, Transport]

    async def send(self, request: SignedRequest) -> Attempt:
        """Send with the request's own client."""
        return await self.transports[request.client].send(request)

    async def close(self) -> None:
        """Close every transport."""
        for transport in self.transports.values():
            await transport.close()
