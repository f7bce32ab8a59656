"""The aiohttp client: one attempt, exactly as told, with everything automatic switched off."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from harness.model.exchange import Attempt, Failure, Phase, Response, Timing
from harness.model.request import AutoHeaders, HeaderPairs, ProxyHop, SignedRequest
from harness.transport.answer_reader import BODY_LIMIT, AnswerHead
from harness.transport.connector import RoutedConnector, Watch, watching
from harness.transport.failures import CAUGHT, failure_of, not_http, peer_of
from harness.transport.proxy_hop import (
    failed_phase,
    hop_address,
    proxy_context,
    proxy_credentials,
    tls_name,
)
from harness.transport.request_head import (
    UrlError,
    place_of,
    request_head,
    sent_pairs,
    target_of,
)
from harness.transport.route import ClosedRoute
from harness.transport.socks import SocksError
from harness.transport.tls_contexts import TlsContexts, TlsFileError
from harness.transport.wire_recorder import WireRecorder

PROXY_AUTH_REQUIRED = 407

# Pinned, because aiohttp's own list depends on which compression libraries are installed.
ACCEPT_ENCODING = "gzip, deflate"

_FRAMING = frozenset({"content-length"})
"""What may be added even with `auto_headers: none`: without it the request would not arrive."""


@dataclass(slots=True)
class _Progress:
    """The answer of one attempt as far as it has come."""

    recorder: WireRecorder
    body: bytearray = field(default_factory=bytearray)
    from_proxy: bool = False

    def received(self, *, cut: bool) -> Response | None:
        """Return the answer with what has arrived of its body; None before its head has.

        Its head is read from the bytes: aiohttp makes up a status where none came.
        """
        leg = self.recorder.request_leg
        head = leg.head() if leg else None
        if head is None:
            return None
        body = bytes(self.body[:BODY_LIMIT])
        return _response(head, body, truncated=cut, from_proxy=self.from_proxy)


@dataclass(slots=True)
class AiohttpTransport:
    """Sends with aiohttp. Credentials are per request only: session defaults leak to proxies.

    `user_agent` is sent unless the request has its own; `clock` gives seconds since the epoch.
    `tls` makes the context to start from, the system's authorities without it.
    """

    user_agent: str
    route: ClosedRoute | None = None
    tls: Callable[[], ssl.SSLContext] | None = None
    clock: Callable[[], float] = time.time
    _session: aiohttp.ClientSession | None = field(default=None, init=False)
    _contexts: TlsContexts = field(init=False)

    def __post_init__(self) -> None:
        """Make no context yet: most of a run may be plain HTTP."""
        self._contexts = TlsContexts(self.tls)

    async def send(self, request: SignedRequest) -> Attempt:
        """Send one request, following nothing; a failure is a result."""
        sent_at = self.clock()
        started = time.perf_counter()
        recorder = WireRecorder(request.method)
        progress = _Progress(recorder)
        response: Response | None = None
        failure: Failure | None = None
        try:
            async with asyncio.timeout(request.timeout_seconds):
                response = await self._exchange(request, progress)
        except aiohttp.ClientHttpProxyError:
            response = _refusal(recorder)
            failure = None if response else not_http("the proxy", Phase.PROXY)
        except TlsFileError as error:
            failure = Failure(Phase.NOT_SENT, "bad-tls", str(error))
        except SocksError as refused:
            failure = refused.failure
        except CAUGHT as error:
            # A head that arrived counts, whatever became of the body behind it.
            response = progress.received(cut=True) or _refusal(recorder)
            phase = recorder.phase if response else failed_phase(request, recorder.phase, error)
            failure = failure_of(error, phase, peer_of(request.url))
        else:
            if response is None:
                failure = not_http(peer_of(request.url), Phase.HEADERS)
        timing = Timing(sent_at, time.perf_counter() - started)
        return Attempt(timing, recorder.headers_sent, response, failure, recorder.freeze())

    async def close(self) -> None:
        """Close the session; safe to call more than once."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _exchange(self, request: SignedRequest, progress: _Progress) -> Response | None:
        """Return the answer, or None when aiohttp and the bytes do not agree on its status."""
        place = place_of(request.url)
        proxy = request.proxy
        http_proxy = proxy if proxy is not None and proxy.forwards_http else None
        proxied = http_proxy is not None
        target = target_of(place, proxied=proxied)
        request_head(request, target, place.name, ())  # what cannot be encoded fails here

        login = proxy_credentials(http_proxy)
        forwarded = login if not place.is_tls else ()

        def edit(head: bytes) -> bytes:
            automatic = (*_automatic(request, sent_pairs(head)), *forwarded)
            return request_head(request, target, place.name, automatic)

        watch = Watch(
            progress.recorder,
            edit,
            proxied and place.is_tls,
            request.resolve,
            proxy_context(self._contexts, proxy),
            tls_name(proxy) if proxy else "",
            None if proxied else proxy,
            proxied=proxy is not None,
        )
        with watching(watch):
            async with self._open_session().request(
                request.method,
                _url(request.url),
                headers=self._headers(request),
                data=request.body,
                allow_redirects=False,
                proxy=_proxy_url(http_proxy) if http_proxy else None,
                proxy_headers=dict(login) if place.is_tls else None,
                skip_auto_headers={"Content-Type"},
                ssl=self._contexts.context(request.tls) if place.is_tls else True,
                server_hostname=request.tls.sni if place.is_tls else None,
            ) as answer:
                progress.recorder.phase = Phase.BODY
                # Inside a tunnel a 407 would be the origin's; on plain HTTP only the proxy says it.
                progress.from_proxy = (
                    answer.status == PROXY_AUTH_REQUIRED and proxied and not place.is_tls
                )
                response = await _read(answer, progress)
                return response if response and response.status == answer.status else None

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=RoutedConnector(self.route),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                trust_env=False,
                requote_redirect_url=False,
            )
            # aiohttp sends an idempotent request again, unasked, when the server hangs up: also
            # on a new connection, and one attempt would be two. There is no public switch.
            self._session._retry_connection = False  # noqa: SLF001 - guarded by a test
        return self._session

    def _headers(self, request: SignedRequest) -> CIMultiDict[str]:
        """Return what aiohttp is told: it judges every header, and knows none by its name.

        The head is exchanged for the exact one when it is written. Under their own names it
        would drop one of `Authorization` and `authorization`, and shorten the body to a
        `Content-Length`.
        """
        headers = CIMultiDict(
            (f"X-{number}-{name}", value) for number, (name, value) in enumerate(request.headers)
        )
        headers["User-Agent"] = self.user_agent
        headers["Accept"] = "*/*"
        headers["Accept-Encoding"] = ACCEPT_ENCODING
        return headers


def _automatic(request: SignedRequest, own: HeaderPairs) -> HeaderPairs:
    """Return what aiohttp added by itself and may stay."""
    added = [pair for pair in own if not pair[0].startswith("X-")]
    if request.auto_headers is AutoHeaders.NONE:
        wanted = _FRAMING if request.body is not None else _FRAMING - {"content-length"}
        return tuple(pair for pair in added if pair[0].lower() in wanted)
    unwanted = {"host"} if request.http == "1.1" else {"host", "connection"}
    return tuple(pair for pair in added if pair[0].lower() not in unwanted)


async def _read(answer: aiohttp.ClientResponse, progress: _Progress) -> Response | None:
    async for chunk in answer.content.iter_chunked(1 << 16):
        progress.body += chunk
        if len(progress.body) > BODY_LIMIT:
            return progress.received(cut=True)
    return progress.received(cut=False)


def _refusal(recorder: WireRecorder) -> Response | None:
    """Return the proxy's answer to CONNECT, from the bytes; None where it was no refusal."""
    leg = recorder.tunnel_leg
    if leg is None or recorder.request_leg is not None:
        return None
    answer = leg.answer("CONNECT")
    if answer.head is None or answer.head.status == 200:  # noqa: PLR2004 - the tunnel stood
        return None
    truncated = not answer.done or answer.truncated
    return _response(answer.head, bytes(answer.body), truncated=truncated, from_proxy=True)


def _response(head: AnswerHead, body: bytes, *, truncated: bool, from_proxy: bool) -> Response:
    return Response(head.status, head.reason, head.headers, body, truncated, from_proxy)


def _proxy_url(proxy: ProxyHop) -> URL:
    """Return the proxy's URL without its login: aiohttp would write that in Latin-1.

    As http:// always: TLS with the proxy is laid below by the connector.
    """
    host, port = hop_address(proxy)
    return URL.build(scheme="http", host=host, port=port)


def _url(url: str) -> URL:
    """Return the URL as it stands.

    Raises:
        UrlError: aiohttp takes none like it.
    """
    try:
        return URL(url, encoded=True)
    except ValueError:
        raise UrlError("no URL for aiohttp") from None
