"""How a credential arrived at the server that answered, as far as its answer tells."""

from __future__ import annotations

from enum import StrEnum

from harness.model.outcome import Outcome


class Arrival(StrEnum):
    """What became of a made-up key on its way."""

    INTACT = "intact"
    ABSENT = "absent"
    ALTERED = "altered"
    REPLACED = "replaced"
    UNKNOWN = "unknown"


def outcome_of_arrival(arrival: Arrival) -> Outcome:
    """Return what an arrival is searched as: intact passes, anything else known is denied.

    An answer that does not tell is `other`: it masks, and proves nothing either way.
    """
    if arrival is Arrival.UNKNOWN:
        return Outcome.OTHER
    return Outcome.PASS if arrival is Arrival.INTACT else Outcome.DENIED
