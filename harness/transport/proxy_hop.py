"""What a client needs to know of the proxy that a request goes through."""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit

from harness.model.default_ports import PROXY_PORTS
from harness.model.request import ProxyHop
from harness.transport.tls_contexts import TlsContexts, TlsFileError

Address = tuple[str, int]


def hop_address(proxy: ProxyHop) -> Address:
    """Return its host, without brackets, and its port.

    Raises:
        ValueError: its URL has no host, or a port that is none.
    """
    parts = urlsplit(proxy.url)
    if not parts.hostname:
        raise ValueError("no host")
    return parts.hostname, parts.port or PROXY_PORTS[parts.scheme]


def resolves_names(proxy: ProxyHop) -> bool:
    """Tell whether a SOCKS proxy is given the name of the origin (`socks5h`, as in curl)."""
    return proxy.scheme == "socks5h"


def tls_name(proxy: ProxyHop) -> str:
    """Return the name that TLS with the proxy asks for."""
    return proxy.tls.sni or hop_address(proxy)[0]


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
