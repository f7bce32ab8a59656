"""Servers whose TLS is wrong, late, or not there."""

from __future__ import annotations

from hostile.http_kinds import BROKEN, EMPTY, GONE, LATE, NOT_HTTP, OK
from hostile.kind import Certificate, Kind, answered, cut
from hostile.script import (
    answers,
    floods,
    greets,
    holds,
    leaves,
    nothing,
    one_byte,
    read_head,
    resets,
    silent,
)

NOT_TRUSTED = "tls/certificate-not-trusted"
FAILED = "tls/tls-failed"

CERTIFICATES = {
    f"certificate-{name}": cut(answers(OK + EMPTY), NOT_TRUSTED, certificate=certificate)
    for name, certificate in {
        "expired": Certificate.EXPIRED,
        "not-yet-valid": Certificate.NOT_YET,
        "of-another-host": Certificate.WRONG_HOST,
        "of-unknown-authority": Certificate.UNTRUSTED,
    }.items()
}

KINDS: dict[str, Kind] = CERTIFICATES | {
    "tls-healthy": answered(answers(OK + EMPTY), "pass", 200, certificate=Certificate.GOOD),
    "tls-never-answers": cut(silent, "tls/timeout", scheme="https"),
    "tls-to-plain-http": cut(greets(b"HTTP/1.1 400 Bad Request\r\n\r\n"), FAILED, scheme="https"),
    "tls-to-ssh": cut(greets(b"SSH-2.0-OpenSSH_9.2\r\n"), FAILED, scheme="https"),
    "tls-noise": cut(greets(bytes(range(256)) * 16), FAILED, scheme="https"),
    "tls-alert": cut(greets(b"\x15\x03\x01\x00\x02\x02\x28"), FAILED, scheme="https"),
    "tls-leaves-at-once": cut(leaves, FAILED, "connect/not-connected", scheme="https"),
    "tls-resets-at-once": cut(
        resets(after=nothing), FAILED, "connect/not-connected", scheme="https"
    ),
    "tls-resets-at-hello": cut(
        resets(after=one_byte), FAILED, "connect/not-connected", scheme="https"
    ),
    "tls-half-a-hello": cut(
        greets(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"), "tls/timeout", scheme="https"
    ),
    "plain-to-tls": cut(
        answers(OK + EMPTY), GONE, BROKEN, NOT_HTTP, certificate=Certificate.GOOD, scheme="http"
    ),
    "tls-leaves-after-request": cut(answers(), GONE, certificate=Certificate.GOOD),
    "tls-resets-after-request": cut(
        resets(after=read_head), GONE, BROKEN, certificate=Certificate.GOOD
    ),
    "tls-held": cut(holds(OK), LATE, certificate=Certificate.GOOD),
    "tls-endless": answered(
        floods(OK + b"\r\n", bytes(65536)), "pass", 200, certificate=Certificate.GOOD
    ),
    "tls-wants-a-certificate": cut(
        answers(OK + EMPTY), FAILED, GONE, BROKEN, certificate=Certificate.WANTS_ONE
    ),
}
