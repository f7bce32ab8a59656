"""The adapter to aiohttp's server: bytes in, a matched answer out, no habit in between."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from multidict import CIMultiDict

from harness.cassette_format.line import LONGEST_LINE
from harness.replay_match.cautious import cautious, cautious_path
from harness.replay_match.difference import Miss
from harness.replay_match.live import LiveRequest
from harness.replay_match.origin import split_url
from harness.replay_match.session import Session
from harness.serving.answer import Answer, answer_of, miss_answer, refused, too_large
from harness.serving.listen import listen

LONGEST_BODY = LONGEST_LINE
"""Bytes: no recorded body is longer."""

_LONGEST_HEAD_LINE = 64 * 1024
_MOST_HEADERS = 1_000
_CLOSING_SECONDS = 1.0
_LINGERING_SECONDS = 2.0

_SILENT = logging.getLogger("harness.serving.silent")
_SILENT.disabled = True
"""What aiohttp would log holds the bytes of a client's request."""


@dataclass(frozen=True, slots=True)
class Served:
    """One request as it may be told of: redacted, with the exchange that answered it.

    `exchange` is None on a miss; `note` says why, or what differs.
    """

    method: str
    path: str
    status: int
    exchange: str | None
    note: str


Tell = Callable[[Served], None]


@asynccontextmanager
async def serving(
    session: Session, host: str, port: int, tell: Tell
) -> AsyncIterator[tuple[str, int]]:
    """Answer requests on `host`, a loopback address, while the block runs; yields the address.

    Port 0 takes a free one. `tell` hears of every request.

    Raises:
        UsageError: `host` is no loopback address, or the port cannot be had.
    """
    listening = listen(host, port)
    handler = _Handler(session, tell)
    server = _Server(handler.answer, tell)
    runner = web.ServerRunner(server, shutdown_timeout=_CLOSING_SECONDS)
    try:
        await runner.setup()
        await web.SockSite(runner, listening).start()
        address = listening.getsockname()
        yield str(address[0]), int(address[1])
    finally:
        await runner.cleanup()
        listening.close()


class _Handler:
    """Turns aiohttp's requests into ours, and our answers into aiohttp's."""

    def __init__(self, session: Session, tell: Tell) -> None:
        self._session = session
        self._tell = tell

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        target = self._session.index.target_of(request.raw_path)
        body = await _body(request)
        if body is None:
            answer = too_large(LONGEST_BODY)
            told = Served(cautious(request.method), "", answer.status, None, "the body is long")
            self._tell(told)
            response = _response(answer)
            response.force_close()
            return response
        live = LiveRequest(request.method, target, _headers(request), body)
        answer, told = answer_to(self._session, live)
        self._tell(told)
        return _response(answer)


def answer_to(session: Session, live: LiveRequest) -> tuple[Answer, Served]:
    """Return the answer to a live request, and what may be told of it."""
    outcome = session.ask(live)
    method = cautious(outcome.asked.method)
    if isinstance(outcome, Miss):
        answer = miss_answer(outcome)
        path = cautious_path(outcome.asked.target.path, session.index.segments)
        return answer, Served(method, path, answer.status, None, outcome.reason)
    answer = answer_of(
        outcome,
        session.index,
        prefixed=live.target.origin is not None,
        head=live.method == "HEAD",
    )
    exchange = outcome.exchange
    differing = ", ".join(one.part for one in outcome.differences)
    notes = [f"differs in {differing}"] if differing else []
    notes += [f"as in {', '.join(outcome.also)}"] if outcome.also else []
    note = "; ".join(notes)
    path = split_url(exchange.url).spelling
    return answer, Served(method, path, answer.status, str(exchange.key), note)


class _Protocol(web.RequestHandler):
    """Says nothing of a broken request: aiohttp's own answer and log repeat its bytes."""

    tell: Tell

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer with the status and a fixed text, and close the connection."""
        del message
        self.tell(Served(cautious(request.method), "", status, None, _kind(exc)))
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was sent in part")
        response = _response(refused(status))
        response.force_close()
        return response


class _Server(web.Server):
    """A low-level server: every method and every path reaches the handler as it was sent."""

    def __init__(self, handler: Callable[[web.BaseRequest], object], tell: Tell) -> None:
        super().__init__(handler)  # type: ignore[arg-type]
        self._tell = tell

    def __call__(self) -> web.RequestHandler:
        """Return the protocol of a new connection."""
        protocol = _Protocol(
            self,
            loop=asyncio.get_running_loop(),
            logger=_SILENT,
            access_log=_SILENT,
            max_line_size=_LONGEST_HEAD_LINE,
            max_field_size=_LONGEST_HEAD_LINE,
            max_headers=_MOST_HEADERS,
            lingering_time=_LINGERING_SECONDS,
        )
        protocol.tell = self._tell
        return protocol


async def _body(request: web.BaseRequest) -> bytes | None:
    """Read the body; None when it is longer than `LONGEST_BODY`."""
    if (request.content_length or 0) > LONGEST_BODY:
        return None
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # an interim answer is no part of the answer
    pieces, size = [], 0
    async for piece in request.content.iter_any():
        pieces.append(piece)
        size += len(piece)
        if size > LONGEST_BODY:
            return None
    return b"".join(pieces)


def _headers(request: web.BaseRequest) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("utf-8", "surrogateescape"), value.decode("utf-8", "surrogateescape"))
        for name, value in request.raw_headers
    )


def _response(answer: Answer) -> web.Response:
    headers = CIMultiDict(answer.headers)
    if answer.length is not None:
        headers["Content-Length"] = str(answer.length)
    return web.Response(
        status=answer.status, reason=answer.reason, headers=headers, body=answer.body
    )


def _kind(error: BaseException | None) -> str:
    """Name the kind of an error, and the place when it is ours: its text may hold anything."""
    if error is None:
        return "refused"
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
