"""Turn aiohttp's exceptions into failures in our words.

The exceptions' own texts are never used: some hold headers, the URL or a proxy password.
"""

from __future__ import annotations

import os
import ssl
from urllib.parse import urlsplit

import aiohttp

from harness.model.default_ports import DEFAULT_PORTS
from harness.model.exchange import Failure, Phase
from harness.transport.request_head import UrlError

CAUGHT = (aiohttp.ClientError, TimeoutError, ValueError, TypeError, OSError)
"""Everything that a request can raise; UnicodeError is a ValueError, SSLError an OSError."""


def failure_of(error: BaseException, phase: Phase, peer: str) -> Failure:
    """Return the failure; `phase` is how far the attempt had got, `peer` is `host:port`."""
    if phase is Phase.PROXY:
        peer = "the proxy"
    if phase is Phase.BODY and not isinstance(error, TimeoutError):
        return Failure(phase, "bad-body", f"the body from {peer} broke off")
    begun = type(error) in {aiohttp.ClientConnectorError, aiohttp.ClientProxyConnectionError}
    if phase in {Phase.TLS, Phase.PROXY} and begun:
        return Failure(phase, "tls-failed", f"TLS with {peer} failed: {_reason(error)}")
    for kinds, found, kind, words in _TABLE:
        if isinstance(error, kinds):
            where = Phase.PROXY if phase is Phase.PROXY else found or phase
            return Failure(where, kind, words.format(peer=peer, reason=_reason(error)))
    return Failure(phase, "failed", f"the request to {peer} failed: {type(error).__name__}")


def not_http(peer: str, phase: Phase) -> Failure:
    """Return the failure of an answer that is no HTTP/1.x."""
    return Failure(phase, "not-http", f"what {peer} answered is not valid HTTP/1.x")


def peer_of(url: str) -> str:
    """Return `host:port` of a URL for messages; other words where it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:
        return "the URL's host"
    return f"{parts.hostname}:{port}"


_Row = tuple[type[BaseException] | tuple[type[BaseException], ...], Phase | None, str, str]

# Most specific first: aiohttp's classes inherit from one another.
_TABLE: tuple[_Row, ...] = (
    (
        aiohttp.ClientProxyConnectionError,
        Phase.PROXY,
        "proxy-unreachable",
        "cannot connect to the proxy: {reason}",
    ),
    (
        aiohttp.ClientConnectorDNSError,
        Phase.DNS,
        "name-not-resolved",
        "the name of {peer} cannot be resolved",
    ),
    (
        aiohttp.ClientConnectorCertificateError,
        Phase.TLS,
        "certificate-not-trusted",
        "the certificate shown for {peer} is not trusted: {reason}",
    ),
    (aiohttp.ClientConnectorSSLError, Phase.TLS, "tls-failed", "TLS with {peer} failed"),
    (
        aiohttp.ClientConnectorError,
        Phase.CONNECT,
        "not-connected",
        "cannot connect to {peer}: {reason}",
    ),
    (
        aiohttp.ServerDisconnectedError,
        Phase.HEADERS,
        "disconnected",
        "{peer} closed the connection without an answer",
    ),
    (
        aiohttp.ClientHttpProxyError,
        Phase.PROXY,
        "proxy-refused",
        "the proxy refused the tunnel to {peer}",
    ),
    (
        aiohttp.ClientResponseError,
        Phase.HEADERS,
        "not-http",
        "what {peer} answered is not valid HTTP/1.x",
    ),
    (aiohttp.ClientPayloadError, Phase.BODY, "bad-body", "the body from {peer} broke off"),
    (
        (UrlError, aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError),
        Phase.NOT_SENT,
        "bad-url",
        "the URL is not one that can be requested",
    ),
    (TimeoutError, None, "timeout", "no answer from {peer} within the time limit"),
    (ssl.SSLError, Phase.TLS, "tls-failed", "TLS with {peer} failed"),
    (
        (ValueError, TypeError),
        Phase.NOT_SENT,
        "unsendable",
        "aiohttp refuses to send it: a header holds a control character or cannot be encoded",
    ),
    (OSError, None, "broken", "the connection to {peer} broke: {reason}"),
)


def _reason(error: BaseException) -> str:
    """A reason from the operating system or from TLS; both are free of what was sent."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        inner = error.certificate_error
        return str(getattr(inner, "verify_message", "") or type(inner).__name__)
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()
    return type(error).__name__
