"""Turn what a plain socket raises into failures in our words."""

from __future__ import annotations

import os
import socket
import ssl

from harness.model.exchange import Failure, Phase
from harness.transport.request_head import UrlError

CAUGHT = (TimeoutError, ValueError, OSError)
"""Everything that the raw client can raise; UnicodeError is a ValueError, SSLError an OSError."""

_BY_PHASE = {
    Phase.CONNECT: ("not-connected", "cannot connect to {hop}: {reason}"),
    Phase.PROXY: ("broken", "the connection to the proxy broke: {reason}"),
    Phase.TLS: ("tls-failed", "TLS with {peer} failed"),
    Phase.BODY: ("bad-body", "the body from {peer} broke off"),
}
_BAD_URL = ("bad-url", "the URL is not one that can be requested")
_UNSENDABLE = ("unsendable", "it cannot be sent: a header cannot be encoded")
_ELSEWHERE = ("broken", "the connection to {peer} broke: {reason}")


def failure_of(error: BaseException, phase: Phase, peer: str, hop: str) -> Failure:
    """Return the failure; `phase` is how far the attempt had got.

    `peer` is the origin, `hop` what is connected to: the origin or "the proxy".
    """
    shown, kind, words = _row(error, phase, proxied=peer != hop)
    return Failure(shown, kind, words.format(peer=peer, hop=hop, reason=_reason(error)))


def _row(error: BaseException, phase: Phase, *, proxied: bool) -> tuple[Phase, str, str]:
    whose = "{hop}" if phase is Phase.PROXY else "{peer}"
    if isinstance(error, ssl.SSLError):
        return _tls_row(error, phase, whose)
    if isinstance(error, TimeoutError) and not error.errno:
        return phase, "timeout", f"no answer from {whose} within the time limit"
    if isinstance(error, ValueError):
        return Phase.NOT_SENT, *(_BAD_URL if isinstance(error, UrlError) else _UNSENDABLE)
    if phase is Phase.DNS or isinstance(error, socket.gaierror):
        return phase, "name-not-resolved", f"the name of {whose} cannot be resolved"
    if phase is Phase.CONNECT and proxied:
        return Phase.PROXY, "proxy-unreachable", "cannot connect to the proxy: {reason}"
    return phase, *_BY_PHASE.get(phase, _ELSEWHERE)


def _tls_row(error: ssl.SSLError, phase: Phase, whose: str) -> tuple[Phase, str, str]:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return phase, "tls-failed", f"TLS with {whose} failed"
    words = f"the certificate shown for {whose} is not trusted: {{reason}}"
    shown = phase if phase is Phase.PROXY else Phase.TLS
    return shown, "certificate-not-trusted", words


def _reason(error: BaseException) -> str:
    """A reason from the operating system or from TLS; both are free of what was sent."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()
    return type(error).__name__
