"""Where connections may really go: the network as it is, or a map and a guard around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.model.request import Resolve

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ClosedRoute:
    """Maps every host and port, and refuses any address outside `allowed`."""

    to: Callable[[str, int], Address]
    allowed: frozenset[Address]

    def check(self, address: Address) -> None:
        """Refuse an address that the map did not foresee.

        Raises:
            OSError: it is not one of `allowed`.
        """
        if address not in self.allowed:
            raise OSError("this run is closed: it may not connect to that address")


def redirected(resolve: Resolve, host: str, port: int) -> Address:
    """Return where the request's own `resolve` sends a connection; as asked where it is silent."""
    bare = host.strip("[]").lower()
    for wanted, target in resolve:
        if parse_address(wanted) == (bare, port):
            return parse_address(target)
    return host, port


def parse_address(text: str) -> Address:
    """Read `host:port`; an IPv6 address stands in brackets."""
    host, _, port = text.rpartition(":")
    return host.strip("[]").lower(), int(port)
