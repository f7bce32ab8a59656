"""The socket of the server: on this machine's own addresses and nowhere else."""

from __future__ import annotations

import errno
import socket

from harness.errors import UsageError

_LOOPBACK = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "::1", "[::1]": "::1"}


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the address.

    Raises:
        UsageError: it is no loopback address, or it cannot be had.
    """
    address = _LOOPBACK.get(host)
    if address is None:
        raise UsageError(
            f"--host {host}: a cassette is served on this machine only",
            hint="leave --host out, or give 127.0.0.1 or ::1",
        )
    listening = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        listening.listen()
    except OSError as error:
        listening.close()
        used = error.errno == errno.EADDRINUSE
        reason = "it is in use" if used else (error.strerror or "it cannot be had").lower()
        raise UsageError(
            f"cannot listen on {address} port {port}: {reason}",
            hint="choose another with --port, or leave it out for a free one",
        ) from None
    listening.setblocking(False)  # noqa: FBT003 - the standard library's signature
    return listening
