"""Exceptions in our words; the texts of the exceptions themselves never show."""

import errno
import socket
import ssl

import aiohttp
import pytest

from harness.model.exchange import Phase
from harness.transport import failures, raw_failures
from harness.transport.request_head import UrlError

SECRET = "made-up-secret"


def reset() -> OSError:
    return ConnectionResetError(errno.ECONNRESET, SECRET)


@pytest.mark.parametrize(
    ("error", "phase", "how"),
    [
        (aiohttp.ClientConnectorError(None, reset()), Phase.TLS, ("tls", "tls-failed")),
        (
            aiohttp.ClientConnectorError(None, reset()),
            Phase.CONNECT,
            ("connect", "not-connected"),
        ),
        (aiohttp.ServerDisconnectedError(SECRET), Phase.PROXY, ("proxy", "disconnected")),
        (aiohttp.ServerDisconnectedError(SECRET), Phase.HEADERS, ("headers", "disconnected")),
        (TimeoutError(SECRET), Phase.DNS, ("dns", "timeout")),
        (ValueError(SECRET), Phase.SEND, ("not-sent", "unsendable")),
        (UrlError(SECRET), Phase.NOT_SENT, ("not-sent", "bad-url")),
        (ssl.SSLError(1, SECRET), Phase.SEND, ("tls", "tls-failed")),
        (reset(), Phase.SEND, ("send", "broken")),
        (reset(), Phase.BODY, ("body", "bad-body")),
        (aiohttp.ClientError(SECRET), Phase.SEND, ("send", "failed")),
    ],
)
def test_what_aiohttp_raises(error, phase, how):
    failure = failures.failure_of(error, phase, "h:1")
    assert (failure.phase.value, failure.kind) == how
    assert SECRET not in failure.message
    assert ("the proxy" in failure.message) is (phase is Phase.PROXY)


@pytest.mark.parametrize(
    ("error", "phase", "how"),
    [
        (ssl.SSLError(1, SECRET), Phase.BODY, ("body", "tls-failed")),
        (ssl.SSLError(1, SECRET), Phase.TLS, ("tls", "tls-failed")),
        (reset(), Phase.TLS, ("tls", "tls-failed")),
        (TimeoutError(SECRET), Phase.HEADERS, ("headers", "timeout")),
        (TimeoutError(errno.ETIMEDOUT, SECRET), Phase.CONNECT, ("connect", "not-connected")),
        (reset(), Phase.PROXY, ("proxy", "broken")),
        (reset(), Phase.HEADERS, ("headers", "broken")),
        (reset(), Phase.BODY, ("body", "bad-body")),
        (OSError(SECRET), Phase.CONNECT, ("connect", "not-connected")),
        (UrlError(SECRET), Phase.DNS, ("not-sent", "bad-url")),
        (UnicodeError(SECRET), Phase.NOT_SENT, ("not-sent", "unsendable")),
        (socket.gaierror(1, SECRET), Phase.DNS, ("dns", "name-not-resolved")),
    ],
)
def test_what_a_socket_raises(error, phase, how):
    failure = raw_failures.failure_of(error, phase, "h:1", "h:1")
    assert (failure.phase.value, failure.kind) == how
    assert SECRET not in failure.message


def test_a_proxy_is_blamed_for_what_is_its_own():
    for error, phase, how in (
        (reset(), Phase.CONNECT, ("proxy", "proxy-unreachable")),
        (socket.gaierror(1, SECRET), Phase.PROXY, ("proxy", "name-not-resolved")),
        (reset(), Phase.PROXY, ("proxy", "broken")),
    ):
        failure = raw_failures.failure_of(error, phase, "h:1", "the proxy")
        assert (failure.phase.value, failure.kind) == how
        assert "the proxy" in failure.message
        assert "h:1" not in failure.message


@pytest.mark.parametrize(
    ("url", "peer"),
    [
        ("https://u:p@h.test/x", "h.test:443"),
        ("http://h.test:81", "h.test:81"),
        ("http://[::1", "the URL's host"),
    ],
)
def test_the_peer_is_named_without_userinfo(url, peer):
    assert failures.peer_of(url) == peer
