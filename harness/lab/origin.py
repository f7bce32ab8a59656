"""The one origin that answers for every host: what nginx would refuse, redirects, the provider."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from harness.lab.http_message import Answer, Clock, Request, error_page
from harness.lab.redirects import Redirects

SERVER = "openresty"

_FORWARDED_NAME = re.compile(r"[A-Za-z0-9-]+")
_SINGLE = ("host", "authorization")


class Origin:
    """Answers any request for any host.

    Like nginx 1.22 (measured): two `Authorization` or `Host` headers or no `Host` are a 400,
    and a header whose name has anything but letters, digits and `-` is dropped in silence.
    """

    def __init__(
        self, provider: Callable[[Request], Answer], redirects: Redirects, *, now: Clock
    ) -> None:
        """Answer with `redirects` first, then with `provider`."""
        self._provider = provider
        self._redirects = redirects
        self._now = now

    def respond(self, request: Request) -> Answer:
        """Return the answer; never a redirect to follow, a failure to raise or a tunnel."""
        seen = _as_forwarded(_origin_form(request))
        missing_host = seen.minor_version > 0 and not seen.authority
        doubled = any(len(seen.values(name)) > 1 for name in _SINGLE)
        if missing_host or doubled or not seen.target.startswith("/"):
            page = error_page(400, "Bad Request", server=SERVER, now=self._now)
            return dataclasses.replace(page, closes=True)
        return self._redirects.answer(seen) or self._provider(seen)


def _as_forwarded(request: Request) -> Request:
    headers = tuple(pair for pair in request.headers if _FORWARDED_NAME.fullmatch(pair[0]))
    return dataclasses.replace(request, headers=headers)


def _origin_form(request: Request) -> Request:
    """Take the host from an absolute target, as every server must (RFC 9112 section 3.2.2)."""
    scheme, mark, rest = request.target.partition("://")
    if not mark or scheme.lower() not in {"http", "https"}:
        return request
    authority, slash, path = rest.partition("/")
    headers = (
        ("Host", authority),
        *(pair for pair in request.headers if pair[0].lower() != "host"),
    )
    return dataclasses.replace(request, target=slash + path or "/", headers=headers)
