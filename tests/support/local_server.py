"""A web server on 127.0.0.1 in a thread, for runs that are not in the lab."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Seen:
    """A request as it arrived; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes = b"{}"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


@dataclass
class LocalServer:
    url: str = ""
    seen: list[Seen] = field(default_factory=list)


Answer = Callable[[Seen], Reply]


@contextmanager
def local_server(answer: Answer) -> Iterator[LocalServer]:
    """Answer every request with `answer`, each in a thread; gone when the block is left."""
    told = LocalServer()

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            seen = Seen(
                self.command,
                self.path,
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
            told.seen.append(seen)
            reply = answer(seen)
            self.send_response_only(reply.status)  # without a date, which differs each time
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = respond  # noqa: N815 - the names that http.server looks for

        def handle(self) -> None:
            with suppress(ConnectionError):  # a run that was stopped hangs up
                super().handle()

        def log_message(self, *_words: Any) -> None:
            """Say nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def bearer(*good: str, denied: int = 401) -> Answer:
    """Let the `good` keys pass, deny everything else."""
    wanted = {f"bearer {key}" for key in good}

    def answer(seen: Seen) -> Reply:
        scheme, _, key = seen.headers.get("authorization", "").partition(" ")
        return Reply(200 if f"{scheme.lower()} {key}" in wanted else denied)

    return answer
