"""What a scenario searches by: outcomes, or how its made-up keys arrive."""

from __future__ import annotations

from collections.abc import Iterator

from harness.matrix.uses import sign_sources
from harness.model.key_source import CanarySource, KeySource
from harness.model.outcome import Signal
from harness.model.request import Patch, Removed, RequestPlan
from harness.model.scenario import Axis
from harness.model.template import Template


def signal_of(baseline: Patch, axes: tuple[Axis, ...]) -> Signal:
    """Return ARRIVAL when there are keys and all are made up: then every answer is a denial.

    The credentials of a proxy do not count: they are for the proxy.
    """
    patches = (baseline, *(level.patch for axis in axes for level in axis.levels))
    sources = {source for patch in patches for source in _sources(patch)}
    made_up = bool(sources) and all(isinstance(source, CanarySource) for source in sources)
    return Signal.ARRIVAL if made_up else Signal.OUTCOME


def _sources(patch: Patch) -> Iterator[KeySource]:
    yield from patch.keys.values()
    sign = None if isinstance(patch.sign, Removed) else patch.sign
    yield from sign_sources(RequestPlan(method="", url=Template(()), sign=sign)).values()
