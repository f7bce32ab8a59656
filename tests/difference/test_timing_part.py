import dataclasses

from difference.samples import WIRE, aside, redacted, told

from harness.difference.timing_part import compare_timing
from harness.difference.volatile import CLOCKWORK
from harness.model.exchange import Timing
from harness.model.wire import RedactedMessage, WireTimes


def test_an_exchange_took_as_long_as_itself() -> None:
    assert list(compare_timing(redacted(wire=WIRE), redacted(wire=WIRE))) == []


def test_times_and_counters_never_count() -> None:
    received = RedactedMessage(total_bytes=9, chunks=(4, 0))
    times = WireTimes(dns_seconds=0.1)
    right = redacted(
        sequence=7,
        timing=Timing(2.0, 3.0),
        wire=dataclasses.replace(WIRE, received=received, times=times),
    )
    found = list(compare_timing(redacted(wire=WIRE), right))
    assert told(found) == []
    assert aside(found) == dict.fromkeys(
        [
            "sequence",
            "sent (UTC, s)",
            "total (s)",
            "bytes received",
            "DNS (s)",
            "chunks of the answer",
        ],
        CLOCKWORK,
    )


def test_facts_of_one_side_are_told() -> None:
    found = list(compare_timing(redacted(wire=WIRE), redacted()))
    assert [(one.place, one.right) for one in found] == [
        ("bytes sent", None),
        ("bytes received", None),
    ]
