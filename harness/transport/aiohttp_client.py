"""The aiohttp client: one attempt, exactly as told, with everything automatic switched off."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from urllib.parse import urlsplit

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from harness.model.exchange import Attempt, Phase, Response, Timing
from harness.model.request import HeaderPairs, ProxyHop, SignedRequest
from harness.transport.connector import RoutedConnector
from harness.transport.failures import CAUGHT, failure_of
from harness.transport.route import ClosedRoute

BODY_LIMIT = 1 << 20
"""Bytes of a body that are kept; the rest is not read."""

PROXY_AUTH_REQUIRED = 407

# Pinned, because aiohttp's own list depends on which compression libraries are installed.
ACCEPT_ENCODING = "gzip, deflate"


@dataclass(slots=True)
class _Progress:
    """How far one attempt has got, told by aiohttp's trace signals."""

    phase: Phase = Phase.NOT_SENT
    headers_sent: HeaderPairs = ()
    head: Response | None = None
    body: bytearray = field(default_factory=bytearray)

    def received(self, *, cut: bool) -> Response | None:
        """Return the answer with what has arrived of its body; None before its head has."""
        if self.head is None:
            return None
        return replace(self.head, body=bytes(self.body[:BODY_LIMIT]), body_truncated=cut)


@dataclass(slots=True)
class AiohttpTransport:
    """Sends with aiohttp. Credentials are per request only: session defaults leak to proxies.

    `user_agent` is sent unless the request has its own; `clock` gives seconds since the epoch.
    """

    user_agent: str
    route: ClosedRoute | None = None
    tls: ssl.SSLContext | None = None
    clock: Callable[[], float] = time.time
    _session: aiohttp.ClientSession | None = field(default=None, init=False)

    async def send(self, request: SignedRequest) -> Attempt:
        """Send one request, following nothing; a failure is a result."""
        sent_at = self.clock()
        started = time.perf_counter()
        progress = _Progress()
        response = failure = None
        try:
            async with asyncio.timeout(request.timeout_seconds):
                response = await self._exchange(request, progress)
        except aiohttp.ClientHttpProxyError as error:
            # The status is the proxy's answer to CONNECT; aiohttp drops its body.
            response = Response(
                error.status, error.message, _pairs(error.headers), b"", from_proxy=True
            )
        except CAUGHT as error:
            # A head that arrived counts, whatever became of the body behind it.
            response = progress.received(cut=True)
            failure = failure_of(error, progress.phase, _peer(request))
        timing = Timing(sent_at, time.perf_counter() - started)
        left = failure is None or failure.phase is not Phase.NOT_SENT
        return Attempt(timing, progress.headers_sent if left else (), response, failure)

    async def close(self) -> None:
        """Close the session; safe to call more than once."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _exchange(self, request: SignedRequest, progress: _Progress) -> Response | None:
        # Inside a tunnel a 407 would be the origin's; on plain HTTP only the proxy says it.
        proxied = request.proxy is not None and not request.url.lower().startswith("https:")
        async with self._open_session().request(
            request.method,
            URL(request.url, encoded=True),
            headers=self._headers(request),
            data=request.body,
            allow_redirects=False,
            proxy=_proxy_url(request.proxy) if request.proxy else None,
            skip_auto_headers={"Content-Type"},
            trace_request_ctx=progress,
        ) as answer:
            progress.phase = Phase.BODY
            progress.head = Response(
                answer.status,
                answer.reason or "",
                tuple((_text(name), _text(value)) for name, value in answer.raw_headers),
                b"",
                # Forwarded answers of the origin pass through the proxy too; this one is its own.
                from_proxy=answer.status == PROXY_AUTH_REQUIRED and proxied,
            )
            return await _read(answer, progress)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=RoutedConnector(self.route, self.tls),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                trace_configs=[_trace()],
                trust_env=False,
                requote_redirect_url=False,
            )
            # aiohttp sends an idempotent request again, unasked, when the server hangs up: also
            # on a new connection, and one attempt would be two. There is no public switch.
            self._session._retry_connection = False  # noqa: SLF001 - guarded by a test
        return self._session

    def _headers(self, request: SignedRequest) -> CIMultiDict[str]:
        headers = CIMultiDict(request.headers)
        headers.setdefault("User-Agent", self.user_agent)
        headers.setdefault("Accept", "*/*")
        headers.setdefault("Accept-Encoding", ACCEPT_ENCODING)
        return headers


async def _read(answer: aiohttp.ClientResponse, progress: _Progress) -> Response | None:
    async for chunk in answer.content.iter_chunked(1 << 16):
        progress.body += chunk
        if len(progress.body) > BODY_LIMIT:
            return progress.received(cut=True)
    return progress.received(cut=False)


def _trace() -> aiohttp.TraceConfig:
    config = aiohttp.TraceConfig()

    def reach(phase: Phase) -> Callable[..., object]:
        async def signal(_session: object, context: SimpleNamespace, _params: object) -> None:
            context.trace_request_ctx.phase = phase

        return signal

    async def headers_sent(
        _session: object,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestHeadersSentParams,
    ) -> None:
        context.trace_request_ctx.phase = Phase.HEADERS
        context.trace_request_ctx.headers_sent = _pairs(params.headers)

    config.on_dns_resolvehost_start.append(reach(Phase.DNS))  # type: ignore[arg-type]
    config.on_connection_create_start.append(reach(Phase.CONNECT))  # type: ignore[arg-type]
    config.on_connection_create_end.append(reach(Phase.SEND))  # type: ignore[arg-type]
    config.on_request_headers_sent.append(headers_sent)
    return config


def _pairs(headers: CIMultiDict[str] | CIMultiDictProxy[str] | object) -> HeaderPairs:
    if isinstance(headers, CIMultiDict | CIMultiDictProxy):
        return tuple((str(name), str(value)) for name, value in headers.items())
    return ()


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _proxy_url(proxy: ProxyHop) -> URL:
    """Return the proxy's URL with userinfo: the one form that works for both shapes."""
    url = URL(proxy.url)
    if proxy.username is None and proxy.password is None:
        return url
    user = proxy.username.reveal() if proxy.username else ""
    return url.with_user(user).with_password(proxy.password.reveal() if proxy.password else "")


def _peer(request: SignedRequest) -> str:
    try:
        parts = urlsplit(request.url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return "the URL's host"
    return f"{parts.hostname}:{port}"
