"""The redirects that a scenario's `lab.redirects` asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from harness.errors import UsageError
from harness.lab.http_message import Answer, Clock, Request, error_page
from harness.model.default_ports import DEFAULT_PORTS
from harness.model.scenario import LabRedirect

_PHRASES = {301: "Moved Permanently", 302: "Found", 303: "See Other"} | {
    status.value: status.phrase
    for status in (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)
}


@dataclass(frozen=True, slots=True)
class _Rule:
    origin: tuple[str, str, int]
    path: str
    to: str
    status: int


class Redirects:
    """Answers requests whose URL starts with a redirected one; the first rule that fits wins."""

    def __init__(self, redirects: tuple[LabRedirect, ...], *, server: str, now: Clock) -> None:
        """Read the rules.

        Raises:
            UsageError: a rule is not a redirect from one http(s) URL to another.
        """
        self._rules = tuple(_rule(redirect) for redirect in redirects)
        self._server = server
        self._now = now

    def answer(self, request: Request) -> Answer | None:
        """Return the redirect for this request, path and query kept, or None."""
        origin = _origin(request.scheme, request.authority)
        for rule in self._rules:
            rest = request.target.removeprefix(rule.path)
            fits = request.target.startswith(rule.path) and rest[:1] in ("", "/", "?")
            if fits and origin == rule.origin:
                return self._redirect(rule, rest)
        return None

    def _redirect(self, rule: _Rule, rest: str) -> Answer:
        page = error_page(rule.status, _PHRASES[rule.status], server=self._server, now=self._now)
        location = ("Location", rule.to + rest)
        return Answer(page.status, page.reason, (*page.headers, location), page.body)


def _rule(redirect: LabRedirect) -> _Rule:
    if redirect.status not in _PHRASES:
        known = ", ".join(str(status) for status in sorted(_PHRASES))
        raise UsageError(
            f"lab.redirects: {redirect.status} is not a redirect", hint=f"use one of {known}"
        )
    origin, path = _target(redirect.origin)
    _target(redirect.to)
    return _Rule(origin, path.rstrip("/"), redirect.to.rstrip("/"), redirect.status)


def _target(url: str) -> tuple[tuple[str, str, int], str]:
    """Return origin and path of a URL that paths can be appended to."""
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    origin = _origin(scheme, authority) if scheme in DEFAULT_PORTS else None
    if origin is None or not origin[1] or re.search(r"[^!-~]|[?#]", url):
        raise UsageError(
            f"lab.redirects: {url!r} is not an http or https URL that paths can follow",
            hint="write it like http://api.example.com or https://api.example.com/v1",
        )
    return origin, slash + path


def _origin(scheme: str, authority: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(f"//{authority}")
        port = parts.port or DEFAULT_PORTS[scheme]
    except ValueError:
        return None
    return scheme, (parts.hostname or "").lower(), port
