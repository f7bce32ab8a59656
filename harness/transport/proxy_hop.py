"""What a client needs to know of the proxy that a request goes through."""

from __future__ import annotations

import base64
import ssl
from urllib.parse import urlsplit

from harness.model.default_ports import PROXY_PORTS
from harness.model.exchange import Phase
from harness.model.request import HeaderPairs, ProxyHop, SignedRequest
from harness.transport.request_head import UrlError
from harness.transport.tls_contexts import TlsContexts, TlsFileError

Address = tuple[str, int]


def hop_address(proxy: ProxyHop) -> Address:
    """Return its host, without brackets, and its port.

    Raises:
        UrlError: its URL has no host, or a port that is none.
    """
    try:
        parts = urlsplit(proxy.url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UrlError("no host and port") from None
    if not host:
        raise UrlError("no host")
    return host, port or PROXY_PORTS[parts.scheme]


def resolves_names(proxy: ProxyHop) -> bool:
    """Tell whether a SOCKS proxy is given the name of the origin (`socks5h`, as in curl)."""
    return proxy.scheme == "socks5h"


def tls_name(proxy: ProxyHop) -> str:
    """Return the name that TLS with the proxy asks for."""
    return proxy.tls.sni or hop_address(proxy)[0]


def is_forwarded(request: SignedRequest) -> bool:
    """Tell whether an HTTP proxy gets the request itself, not a tunnel for it."""
    proxy = request.proxy
    plain = request.url[:5].lower() == "http:"
    return plain and proxy is not None and proxy.forwards_http


def proxy_credentials(proxy: ProxyHop | None) -> HeaderPairs:
    """Return the header with its user name and password, in UTF-8 (RFC 7617); none for none."""
    if proxy is None or (proxy.username is None and proxy.password is None):
        return ()
    user = proxy.username.to_bytes() if proxy.username else b""
    password = proxy.password.to_bytes() if proxy.password else b""
    token = base64.b64encode(user + b":" + password).decode("ascii")
    return (("Proxy-Authorization", f"Basic {token}"),)


def failed_phase(request: SignedRequest, phase: Phase, error: BaseException) -> Phase:
    """Return how far an attempt had got that no answer ended, the proxy's part by its name.

    Whoever forwards a request and hangs up, or answers what is no HTTP, is the proxy. One that
    does not answer in time may wait for the origin.
    """
    late = isinstance(error, TimeoutError) and not error.errno
    by_proxy = phase is Phase.CONNECT if late else phase in {Phase.SEND, Phase.HEADERS}
    proxied = request.proxy is not None if late else is_forwarded(request)
    return Phase.PROXY if by_proxy and proxied else phase


def proxy_context(contexts: TlsContexts, proxy: ProxyHop | None) -> ssl.SSLContext | None:
    """Return the context for TLS with the proxy itself; None where it speaks in clear.

    Raises:
        TlsFileError: a certificate or key file cannot be used.
    """
    if proxy is None or proxy.scheme != "https":
        return None
    try:
        return contexts.context(proxy.tls)
    except TlsFileError as error:
        raise TlsFileError(f"proxy.tls.{error.field}", error.reason) from None
