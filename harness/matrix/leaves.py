"""Which parts of a request a patch writes, so that two axes cannot write the same."""

from __future__ import annotations

from collections.abc import Iterator

from harness.model.request import Json, Patch

_WHOLE = (
    "method",
    "url",
    "sign",
    "proxy",
    "client",
    "redirects",
    "auto_headers",
    "http",
    "tls",
    "resolve",
)


def leaves(patch: Patch) -> frozenset[str]:
    """Return the leaves that the patch writes, such as `url` or `headers.x-api-key`.

    A list of header pairs writes `headers.*`; a merge patch writes `json/<pointer>` leaves.
    """
    return frozenset(_leaves(patch))


def overlap(first: frozenset[str], second: frozenset[str]) -> str:
    """Return one leaf that both write, or "" when there is none; the most special one."""
    shared = {leaf for leaf in first if _holds(second, leaf)}
    shared |= {leaf for leaf in second if _holds(first, leaf)}
    return min(shared, key=lambda leaf: (leaf.endswith("*"), -len(leaf), leaf), default="")


def _leaves(patch: Patch) -> Iterator[str]:
    for name in _WHOLE:
        if getattr(patch, name) is not None:
            yield name
    if patch.clock_seconds is not None:
        yield "clock"
    if patch.timeout_seconds is not None:
        yield "timeout"
    if patch.headers_replace:
        yield "headers.*"
    else:
        yield from (f"headers.{edit.name.lower()}" for edit in patch.headers)
    yield from (f"query.{edit.name.lower()}" for edit in patch.query)
    yield from patch.keys
    if patch.body is not None:
        yield "body"
    if patch.has_body_merge:
        yield from (f"body{pointer}" for pointer in _pointers(patch.body_merge))


def _pointers(document: Json) -> Iterator[str]:
    if not isinstance(document, dict) or not document:
        yield ""
        return
    for name, value in document.items():
        escaped = name.replace("~", "~0").replace("/", "~1")
        yield from (f"/{escaped}{rest}" for rest in _pointers(value))


def _holds(leaves: frozenset[str], leaf: str) -> bool:
    """Tell whether writing `leaves` writes `leaf`: itself, or something that it is a part of."""
    if leaf in leaves or (leaf.startswith("headers.") and "headers.*" in leaves):
        return True
    return leaf.startswith("body/") and any(
        leaf[:end] in leaves for end, letter in enumerate(leaf) if letter == "/"
    )
