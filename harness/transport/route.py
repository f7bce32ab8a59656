"""Where connections may really go: the network as it is, or a map and a guard around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ClosedRoute:
    """Maps every host and port, and refuses any address outside `allowed`."""

    to: Callable[[str, int], Address]
    allowed: frozenset[Address]
