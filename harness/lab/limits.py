"""How much and how long a lab server waits for a client."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds.

    `idle_seconds` is the wait for the first byte of a request, `head_seconds` that for the rest
    of its head (and for a TLS handshake), `body_seconds` that for its body, and for a client
    that takes an answer slowly.
    """

    head_bytes: int = 64 * 1024
    body_bytes: int = 16 * 1024 * 1024
    idle_seconds: float = 75.0
    head_seconds: float = 30.0
    body_seconds: float = 60.0
    linger_seconds: float = 1.0
