"""How far this machine's clock is ahead of the server's, from the answers' Date headers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from harness.model.exchange import RedactedExchange, RedactedResponse

DATE_RESOLUTION_SECONDS = 1.0
"""A Date header is cut down to the second (RFC 9110, section 6.6.1)."""


def skew_interval(exchanges: Iterable[RedactedExchange]) -> tuple[float, float] | None:
    """Return local clock minus server clock in seconds, as an interval; None when unknown.

    Each answer bounds it: its Date was written between sending and receiving. The bounds of
    one server are intersected: of one host at one address, or behind one proxy. Of several
    servers the one with most answers counts. Answers that a cache may have kept (`Age`), and a
    proxy's own, say nothing.
    """
    bounds: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for exchange in exchanges:
        bound = _bound(exchange)
        if bound is not None:
            bounds[_server(exchange)].append(bound)
    if not bounds:
        return None
    most = max(bounds.values(), key=len)
    low, high = max(bound[0] for bound in most), min(bound[1] for bound in most)
    return (round(low, 3), round(high, 3)) if low <= high else None


def _server(exchange: RedactedExchange) -> tuple[str, str]:
    peer = exchange.wire.peer if exchange.wire else None
    return urlsplit(exchange.url).netloc, exchange.proxy or peer or ""


def _bound(exchange: RedactedExchange) -> tuple[float, float] | None:
    answer = exchange.response
    if answer is None or answer.from_proxy or _header(answer, "age"):
        return None
    server = _seconds(_header(answer, "date"))
    if server is None:
        return None
    sent = exchange.timing.sent_at_utc
    received = sent + exchange.timing.total_seconds
    return sent - server - DATE_RESOLUTION_SECONDS, received - server


def _header(answer: RedactedResponse, name: str) -> str:
    return next((value for key, value in answer.headers if key.lower() == name), "")


def _seconds(date: str) -> float | None:
    try:
        parsed = parsedate_to_datetime(date)
    except (TypeError, ValueError, OverflowError):
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
