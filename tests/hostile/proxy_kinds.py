"""Proxies that break CONNECT: the origin behind them is healthy and speaks https."""

from __future__ import annotations

from hostile.kind import Kind, answered, cut
from hostile.script import answers, floods, greets, holds, leaves, read_head, resets, silent

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
FAILED = "tls/tls-failed"
GONE = "proxy/disconnected"
BROKEN = "proxy/broken"
NOT_HTTP = "proxy/not-http"
LATE = "proxy/timeout"

KINDS: dict[str, Kind] = {
    "proxy-never-answers": cut(silent, LATE),
    "proxy-leaves-at-once": cut(leaves, GONE, BROKEN),
    "proxy-resets": cut(resets(after=read_head), BROKEN, GONE),
    "proxy-speaks-ssh": cut(greets(b"SSH-2.0-OpenSSH_9.2\r\n"), NOT_HTTP),
    "proxy-status-cut": cut(answers(b"HTTP/1.1 2"), GONE, NOT_HTTP),
    "proxy-headers-endless": cut(floods(b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n" * 64), NOT_HTTP),
    "proxy-says-502": answered(
        answers(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"), "unreachable", 502
    ),
    "proxy-says-302": answered(
        answers(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"), "unreachable", 302
    ),
    "proxy-says-204": answered(answers(b"HTTP/1.1 204 No Content\r\n\r\n"), "unreachable", 204),
    "proxy-says-401": answered(
        answers(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"), "unreachable", 401
    ),
    "proxy-407-without-challenge": answered(
        answers(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"), "proxy-denied", 407
    ),
    "proxy-407-endless": answered(
        floods(b"HTTP/1.1 407 No\r\n\r\n", b"z" * 65536), "proxy-denied", 407
    ),
    "tunnel-held": cut(holds(ESTABLISHED), "tls/timeout"),
    "tunnel-leaves": cut(answers(ESTABLISHED), FAILED, "connect/not-connected"),
    "tunnel-of-plain-http": cut(
        answers(ESTABLISHED, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        FAILED,
        "connect/not-connected",
    ),
    "tunnel-resets": cut(resets(ESTABLISHED, after=read_head), FAILED, "connect/not-connected"),
}
