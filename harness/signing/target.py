"""The parts of a request's target, as the wire shows them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from harness.signing.draft import Draft

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True, repr=False)
class Target:
    """Scheme and authority in lower case without a default port; path and query as sent.

    `query` is without its `?`, None where there is none.
    """

    scheme: str
    authority: str
    path: str
    query: str | None

    def __repr__(self) -> str:
        """Say nothing: a query may hold a key."""
        return "<Target>"

    @property
    def request_target(self) -> str:
        """Path and query, as the request line has them."""
        return self.path if self.query is None else f"{self.path}?{self.query}"


def target_of(draft: Draft) -> Target:
    """Return the parts of the draft's URL; a `Host` header of its own names the authority."""
    scheme, _, rest = draft.url.partition("#")[0].partition("://")
    end = min((rest.find(mark) for mark in "/?" if mark in rest), default=len(rest))
    authority = rest[:end].rpartition("@")[2].lower()
    scheme = scheme.lower()
    path, mark, query = rest[end:].partition("?")
    return Target(
        scheme,
        draft.header("Host") or authority.removesuffix(_DEFAULT_PORTS.get(scheme, " ")),
        path or "/",
        query if mark else None,
    )


def body_sha256(draft: Draft) -> str:
    """Return the SHA-256 of the body in hex; no body counts as an empty one."""
    return hashlib.sha256(draft.body or b"").hexdigest()
