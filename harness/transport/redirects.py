"""Follow a redirect ourselves: the next request, and who keeps the credentials."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from harness.matrix.tls_elsewhere import tls_elsewhere
from harness.model.default_ports import DEFAULT_PORTS
from harness.model.exchange import NOT_FOLLOWED, Failure, Phase, Response
from harness.model.request import Credentials, HeaderPairs, SignedRequest
from harness.transport.request_head import place_of

REDIRECTS = frozenset({301, 302, 303, 307, 308})
SEE_OTHER = 303
TURN_POST_INTO_GET = frozenset({301, 302})
BODY_HEADERS = frozenset({"content-type", "content-length", "content-encoding"})


def next_request(request: SignedRequest, response: Response) -> SignedRequest | None:
    """Return the request that the answer redirects to; None when there is none to follow.

    Methods change as in RFC 9110, section 15.4, and in every common client: 303 becomes GET,
    301 and 302 turn POST into GET. To another origin (scheme, host or port) no credential goes
    along, `X-Api-Key`-like ones and a client certificate included, unless the scenario says
    `credentials: always`; and neither `Host` nor the name for TLS ever. Where the body carries
    a credential there is none to follow (`held_back`).
    Only http and https are followed.
    """
    target = _target(request, response)
    if target is None or held_back(request, response) is not None:
        return None
    following = replace(request, url=target)
    if _becomes_get(request.method, response.status):
        headers = tuple(pair for pair in request.headers if pair[0].lower() not in BODY_HEADERS)
        following = replace(following, method="GET", body=None, headers=headers)
    if _origin(target) == _origin(request.url):
        return following
    left_behind = {"host"}
    if request.redirects.credentials is not Credentials.ALWAYS:
        left_behind |= request.credential_headers
    headers = tuple(pair for pair in following.headers if pair[0].lower() not in left_behind)
    return replace(following, headers=headers, tls=tls_elsewhere(request.tls, request.redirects))


def held_back(request: SignedRequest, response: Response) -> Failure | None:
    """Return why a redirect is not followed that would take the body's credential elsewhere.

    The body cannot be left out, as a header is: without it the request would be another one.
    None where the redirect may be followed, and where there is nothing to follow.
    """
    target = _target(request, response)
    if target is None or not request.body or not request.has_credential_body:
        return None
    if _origin(target) == _origin(request.url) or _becomes_get(request.method, response.status):
        return None
    if request.redirects.credentials is Credentials.ALWAYS:
        return None
    return Failure(
        Phase.REDIRECT,
        NOT_FOLLOWED,
        "the redirect leads to another origin and was not followed, for the body may carry a key",
    )


def _target(request: SignedRequest, response: Response) -> str | None:
    return redirect_target(
        request.url, response.status, response.headers, from_proxy=response.from_proxy
    )


def redirect_target(url: str, status: int, headers: HeaderPairs, *, from_proxy: bool) -> str | None:
    """Return the URL that an answer to `url` redirects to; None when it is final.

    It is final where no request can be made of its target, and where it leads from elsewhere to
    a link-local address: there, clouds tell a machine's own secrets to whoever asks from that
    machine, and no API lives there.
    """
    if from_proxy or status not in REDIRECTS:
        return None
    location = next((v.strip() for n, v in headers if n.lower() == "location"), "")
    if not location:
        return None
    try:
        target = urljoin(url, location)
        host = place_of(target).host
        guarded = _is_link_local(host) and not _is_link_local(place_of(url).host)
    except ValueError:
        return None
    return None if guarded else target


def _is_link_local(host: str) -> bool:
    """Tell whether a host is a literal of 169.254.0.0/16 or fe80::/10, in any spelling."""
    address: ipaddress.IPv4Address | ipaddress.IPv6Address
    try:
        if ":" in host:
            six = ipaddress.IPv6Address(host)
            address = six.ipv4_mapped or six
        else:
            # As the resolver reads it: `2852039166` and `0xa9.254.43518` are addresses too.
            address = ipaddress.IPv4Address(socket.inet_aton(host))
    except (ValueError, OSError):
        return False
    return address.is_link_local


def _becomes_get(method: str, status: int) -> bool:
    if status == SEE_OTHER:
        return method != "HEAD"
    return status in TURN_POST_INTO_GET and method == "POST"


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), parts.port or DEFAULT_PORTS.get(scheme, 0)
