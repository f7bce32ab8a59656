"""Headers as vcrpy keeps them: a mapping of names to lists, without what no longer holds."""

from __future__ import annotations

from collections.abc import Mapping

from harness.model.request import HeaderPairs, Json

_CODINGS = frozenset({"content-encoding", "transfer-encoding"})


def to_mapping(headers: HeaderPairs) -> dict[str, Json]:
    """Return a list of values by name; names keep their case and the order of their first."""
    values: dict[str, list[Json]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    return dict(values)


def pairs_of(mapping: Mapping[str, Json]) -> HeaderPairs:
    """Return the pairs in the order of the mapping."""
    return tuple(
        (name, value)
        for name, values in mapping.items()
        if isinstance(values, list)
        for value in values
        if isinstance(value, str)
    )


def replayable(headers: HeaderPairs, body_length: int) -> HeaderPairs:
    """Return the headers that fit a decoded body of that many bytes.

    Codings are gone; a Content-Length, where there was one, stands once and fits.
    """
    kept = [(name, value) for name, value in headers if name.lower() not in _CODINGS]
    lengths = [name for name, _ in kept if name.lower() == "content-length"]
    fitting: list[tuple[str, str]] = []
    for name, value in kept:
        if name.lower() != "content-length":
            fitting.append((name, value))
        elif name is lengths[0] and all(one.lower() != "content-length" for one, _ in fitting):
            fitting.append((name, str(body_length)))
    return tuple(fitting)
