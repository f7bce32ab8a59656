"""A server on 127.0.0.1 that answers each case with its exact bytes, as origin or as proxy."""

from __future__ import annotations

import re
import socketserver
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

_CASE = re.compile(rb"\bc(\d{3})\b")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_LONGEST = 4 << 20


@dataclass(frozen=True)
class Answer:
    """The bytes to send; `reset` ends with a RST in place of a FIN."""

    data: bytes
    reset: bool = False


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.settimeout(10)
        with suppress(OSError):
            data = self._received()
            found = _CASE.search(data.partition(b"\r\n")[0])
            answers = self.server.answers  # type: ignore[attr-defined]
            answer = answers.get(int(found[1]) if found else -1, Answer(answers[-1].data))
            self.request.sendall(answer.data)
            if answer.reset:
                self.request.setsockopt(1, 13, struct.pack("ii", 1, 0))

    def _received(self) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data and len(data) < _LONGEST:
            more = self.request.recv(1 << 16)
            if not more:
                return data
            data += more
        head, _, rest = data.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        missing = int(length[1]) - len(rest) if length else 0
        while missing > 0:
            more = self.request.recv(1 << 16)
            if not more:
                break
            missing -= len(more)
            data += more
        return data


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, answers: Mapping[int, Answer]) -> None:
        self.answers = answers
        super().__init__(("127.0.0.1", 0), _Handler)


@contextmanager
def origin(answers: Mapping[int, Answer]) -> Iterator[int]:
    """Serve until the block is left and yield the port; `answers[-1]` is for any other request."""
    server = _Server(answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
