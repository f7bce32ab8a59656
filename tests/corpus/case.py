"""One case of the corpus: what is sent, what is answered, and what must not be seen of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .encodings import raw_bytes

Patch = dict[str, Any]
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Case:
    """`place`, `kind` and `encoding` name it. `patch` is the level of the scenario.

    `key` is read from the environment, so that the product knows it; None where only the place
    or the form gives the secret away. `body` is sent from a file. `answer` is sent back as it
    is, `reset` tells whether the connection is then torn down.
    """

    place: str
    kind: str
    encoding: str
    secrets: tuple[str, ...]
    patch: Patch = field(default_factory=dict)
    body: bytes | None = None
    key: str | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    answer: bytes = b""
    reset: bool = False

    @property
    def name(self) -> str:
        return f"{self.place} / {self.kind} / {self.encoding}"


def answer(
    body: bytes | str = b'{"error":{"message":"no","type":"authentication_error"}}',
    headers: Pairs = (),
    *,
    status: str = "401 Unauthorized",
    kind: str = "application/json",
) -> bytes:
    """Return the bytes of an answer with its length."""
    octets = body if isinstance(body, bytes) else raw_bytes(body)
    fields = [("Content-Type", kind), *headers, ("Content-Length", str(len(octets)))]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return raw_bytes(f"HTTP/1.1 {status}\r\n{head}Connection: close\r\n\r\n") + octets


def in_chunks(body: bytes, size: int, trailer: str = "") -> bytes:
    """Return an answer whose body comes in chunks of `size`."""
    chunks = b"".join(
        b"%x\r\n%b\r\n" % (len(body[at : at + size]), body[at : at + size])
        for at in range(0, len(body), size)
    )
    head = b"HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    return head + chunks + b"0\r\n" + raw_bytes(trailer) + b"\r\n"
