"""Times, counters and sizes: shown on demand, and never a difference that counts."""

from __future__ import annotations

from collections.abc import Iterator

from harness.difference.difference import Difference, Part, kind_of_change
from harness.difference.judgement import set_aside
from harness.difference.volatile import CLOCKWORK
from harness.model.exchange import RedactedExchange


def compare_timing(left: RedactedExchange, right: RedactedExchange) -> Iterator[Difference]:
    """Yield what differs, all of it set aside."""
    one, other = _facts(left), _facts(right)
    for place in dict.fromkeys((*one, *other)):
        a, b = one.get(place), other.get(place)
        if a != b:
            found = Difference(Part.TIMING, place, kind_of_change(a, b), a, b)
            yield set_aside(found, CLOCKWORK)


def _facts(exchange: RedactedExchange) -> dict[str, str]:
    timing, wire = exchange.timing, exchange.wire
    facts = {
        "sequence": str(exchange.sequence),
        "sent (UTC, s)": f"{timing.sent_at_utc:.3f}",
        "total (s)": f"{timing.total_seconds:.3f}",
    }
    if wire is None:
        return facts
    seconds = {
        "DNS (s)": wire.times.dns_seconds,
        "connect (s)": wire.times.connect_seconds,
        "TLS (s)": wire.times.tls_seconds,
        "first byte (s)": wire.times.first_byte_seconds,
        "proxy (s)": wire.times.proxy_seconds,
    }
    facts |= {name: f"{value:.3f}" for name, value in seconds.items() if value is not None}
    sizes = {"bytes sent": wire.sent.total_bytes, "bytes received": wire.received.total_bytes}
    facts |= {name: str(value) for name, value in sizes.items()}
    chunks = wire.received.chunks
    if chunks:
        facts["chunks of the answer"] = ", ".join(map(str, chunks))
    return facts
