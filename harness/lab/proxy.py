"""Forward proxies that do to a request what the proxies of real networks do.

A proxy hands what it lets through to the lab's origin inside this process: it has no way to
connect to anything.
"""

from __future__ import annotations

import dataclasses
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass

from harness.lab.certificates import Certificates
from harness.lab.connection import Service, Tunnel
from harness.lab.http_message import Answer, Clock, Request, error_page
from harness.lab.limits import Limits
from harness.lab.providers.credentials import basic_credentials
from harness.lab.socks import accept_socks
from harness.model.request import HeaderPairs
from harness.model.scenario import LabProxy

SERVER = "flip401-lab-proxy"
VIA = f"1.1 {SERVER}"

_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/?#@\[\]]+):([0-9]{1,5})")
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authorization", "proxy-connection", "te", "upgrade"}
)
_INTERCEPTS = frozenset({LabProxy.STRIP_AUTHORIZATION, LabProxy.REPLACE_AUTHORIZATION})
_STRIPS = frozenset({LabProxy.STRIP_AUTHORIZATION, LabProxy.STRIP_HTTP_ONLY})


@dataclass(frozen=True, slots=True)
class ForwardProxy:
    """One proxy. `origin` answers; `is_good` judges a password; `stranger` is an unknown key."""

    kind: LabProxy
    origin: Callable[[Request], Answer]
    is_good: Callable[[str], bool]
    stranger: Callable[[], str]
    certificates: Certificates
    now: Clock
    limits: Limits

    def respond(self, request: Request) -> Answer | Tunnel:
        """Return the answer of the origin or of the proxy itself, or a tunnel."""
        if self.kind is LabProxy.DEMAND_CREDENTIALS and not self._has_credentials(request):
            page = self._page(407, "Proxy Authentication Required")
            challenge = ("Proxy-Authenticate", 'Basic realm="lab"')
            return dataclasses.replace(page, headers=(*page.headers, challenge))
        if request.method == "CONNECT":
            return self._tunnel(request)
        return self._forward(request)

    async def socks(self, sock: socket.socket) -> Service:
        """Speak SOCKS5 with a client and return what stands behind.

        Raises:
            OSError: the client was refused, or hung up.
        """
        demands = self.kind is LabProxy.DEMAND_CREDENTIALS
        host = await accept_socks(sock, self.is_good if demands else None)
        return self._behind(host, self._intercept_socks)

    def _has_credentials(self, request: Request) -> bool:
        value = next(iter(request.values("Proxy-Authorization")), "")
        credentials = basic_credentials(value)
        return credentials is not None and self.is_good(credentials[1])

    def _tunnel(self, request: Request) -> Answer | Tunnel:
        matched = _AUTHORITY.fullmatch(request.target)
        if not matched:
            return self._page(400, "Bad Request")
        respond = self._intercept if self.kind in _INTERCEPTS else self.origin
        return Tunnel(self._behind(matched[1].strip("[]"), respond))

    def _behind(self, host: str, respond: Callable[[Request], Answer]) -> Service:
        """Return what a client finds at the other end of the way to `host`."""
        return Service(
            name=SERVER,
            respond=respond,
            tls=lambda: self.certificates.server_context((host,)),
            now=self.now,
            limits=self.limits,
        )

    def _forward(self, request: Request) -> Answer:
        """Pass an absolute-form request on, as RFC 9110 section 7.6 asks, and mark it with Via."""
        scheme, _, rest = request.target.partition("://")
        if scheme.lower() not in {"http", "https"} or not rest:
            return self._page(400, "Bad Request")
        kept = tuple(pair for pair in request.headers if pair[0].lower() not in _HOP_BY_HOP)
        forwarded = dataclasses.replace(
            request, headers=(*kept, ("Via", VIA)), scheme=scheme.lower()
        )
        answer = self.origin(self._rewrite(forwarded))
        return dataclasses.replace(answer, headers=(*answer.headers, ("Via", VIA)))

    def _intercept(self, request: Request) -> Answer:
        return self.origin(self._rewrite(request))

    def _intercept_socks(self, request: Request) -> Answer:
        """Rewrite what can be read: what is not encrypted, or all where TLS is intercepted."""
        readable = self.kind in _INTERCEPTS or request.scheme == "http"
        return self.origin(self._rewrite(request) if readable else request)

    def _rewrite(self, request: Request) -> Request:
        headers: HeaderPairs = request.headers
        if self.kind in _STRIPS:
            headers = tuple(pair for pair in headers if not _is_authorization(pair))
        elif self.kind is LabProxy.REPLACE_AUTHORIZATION:
            other = f"Bearer {self.stranger()}"
            headers = tuple(
                (pair[0], other) if _is_authorization(pair) else pair for pair in headers
            )
        return dataclasses.replace(request, headers=headers)

    def _page(self, status: int, reason: str) -> Answer:
        return error_page(status, reason, server=SERVER, now=self.now)


def _is_authorization(pair: tuple[str, str]) -> bool:
    return pair[0].lower() == "authorization"
