"""Durations such as `5m`, `-10m`, `300ms`, and rates such as `5/s`, as the file writes them."""

from __future__ import annotations

import re

DURATION = r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,6})?(?:ms|s|m|h|d)"
RATE = r"[0-9]{1,6}(?:\.[0-9]{1,3})?/(?:s|m|h)"
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_LONGEST_SECONDS = 100 * 366 * 86400.0
_PARTS = re.compile(r"(?P<number>[^a-z/]+)/?(?P<unit>[a-z]+)")


def seconds_of(text: str) -> float | None:
    """Return a duration in seconds; None when it is none, or longer than a century."""
    if not re.fullmatch(DURATION, text):
        return None
    parts = _parts(text)
    seconds = round(float(parts["number"]) * _SECONDS[parts["unit"]], 9)
    return seconds if abs(seconds) <= _LONGEST_SECONDS else None


def per_second(text: str) -> float | None:
    """Return a rate per second; None when it is none, or nothing at all."""
    if not re.fullmatch(RATE, text):
        return None
    parts = _parts(text)
    return float(parts["number"]) / _SECONDS[parts["unit"]] or None


def _parts(text: str) -> re.Match[str]:
    match = _PARTS.fullmatch(text)
    assert match is not None
    return match
