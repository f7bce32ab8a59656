"""How much one text may be unpacked, and what therefore was not looked into."""

from __future__ import annotations

MAX_DEPTH = 8
"""Layers of base64, hex, numbers and compression inside one another."""

MAX_PASSES = 12
"""Times that a text may be escaped."""

MAX_STREAM_BYTES = 4 << 20
"""Bytes that one compressed stream inside a text may unpack to."""

_TIMES = 48
_ALWAYS = 8 << 20


class Budget:
    """Bytes left to read of what one text holds, and the reasons why some were not read."""

    def __init__(self, size: int) -> None:
        """Allow for a text of `size` bytes some 50 times as many, all its readings together."""
        self._left = size * _TIMES + _ALWAYS
        self._reasons: dict[str, None] = {}

    @property
    def not_scanned(self) -> tuple[str, ...]:
        """Why something was not looked into; empty when all was."""
        return tuple(self._reasons)

    def spend(self, size: int) -> bool:
        """Take `size` bytes; False, and a reason, when there are not so many left."""
        self._left -= size
        if self._left < 0:
            self.give_up("it unpacks to too much")
        return self._left >= 0

    def give_up(self, reason: str) -> None:
        """Note that something was not looked into."""
        self._reasons[reason] = None
