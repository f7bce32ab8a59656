"""What recording bytes costs: CPU per request with the recorder, against aiohttp alone.

Run from the root: `python -m tests.benchmarks.recording [--rounds 7] [--requests 2000]`.

One server process answers all; the clients take turns in this process, round by round, so that
a busy machine hurts all of them. The figure of each is its best round; the ratio that counts is
the second line's. 50 at once, 1.5 KB of JSON each way, 12 headers of which 4 hold secrets.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import multiprocessing
import sys
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

import aiohttp

from harness.model.request import HeaderPairs, RedirectPolicy, SignedRequest
from harness.transport.aiohttp_client import AiohttpTransport
from harness.transport.connector import RoutedConnector, Watch, watching
from harness.transport.raw_client import RawTransport
from harness.transport.wire_recorder import WireRecorder

AT_ONCE = 50
GOAL = 1.5
DOCUMENT = b'{"model":"m","messages":[{"role":"user","content":"' + b"x" * 1444 + b'"}]}'
SECRETS = ("Authorization", "X-Api-Key", "Cookie", "X-Signature")
HEADERS: HeaderPairs = (
    *((name, f"made-up-{name}-0123456789abcdef0123456789") for name in SECRETS),
    ("Content-Type", "application/json"),
    ("User-Agent", "benchmark/1"),
    ("Accept", "application/json"),
    ("Accept-Encoding", "gzip, deflate"),
    *((f"X-Field-{number}", f"value {number}") for number in range(4)),
)
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nServer: benchmark\r\n"
    + b"".join(b"X-Field-%d: value\r\n" % number for number in range(9))
    + b"Content-Length: %d\r\n\r\n" % len(DOCUMENT)
    + DOCUMENT
)

Send = Callable[[], Awaitable[None]]


class _Origin(asyncio.Protocol):
    """Answers every whole request; reads nothing of it but its end."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.seen = b""

    def data_received(self, data: bytes) -> None:
        self.seen += data
        if self.seen.endswith(DOCUMENT):
            self.seen = b""
            self.transport.write(ANSWER)


def _serve(ready: Connection) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(_Origin, "127.0.0.1", 0, backlog=1000)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def _cost(send: Send, requests: int) -> float:
    """Return seconds of CPU per request."""
    left = requests

    async def worker() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await send()

    gc.collect()
    started = time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(worker())
    return (time.process_time() - started) / requests


async def _measure(url: str, rounds: int, requests: int) -> dict[str, float]:
    request = SignedRequest(
        method="POST",
        url=url,
        headers=HEADERS,
        body=DOCUMENT,
        proxy=None,
        client="aiohttp",
        redirects=RedirectPolicy(),
        timeout_seconds=30.0,
    )
    async with (
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True, limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as bare,
        aiohttp.ClientSession(
            connector=RoutedConnector(None), cookie_jar=aiohttp.DummyCookieJar()
        ) as watched,
    ):
        whole, raw = AiohttpTransport("benchmark/1"), RawTransport()

        async def post(session: aiohttp.ClientSession) -> None:
            async with session.post(url, data=DOCUMENT, headers=HEADERS) as answer:
                assert len(await answer.read()) == len(DOCUMENT)

        async def alone() -> None:
            await post(bare)

        async def recorded() -> None:
            recorder = WireRecorder("POST")
            with watching(Watch(recorder)):
                await post(watched)
            wire = recorder.freeze()
            assert wire.received.total == len(ANSWER)
            assert wire.sent.kept.endswith(DOCUMENT)

        async def through(transport: AiohttpTransport | RawTransport) -> None:
            attempt = await transport.send(request)
            assert attempt.response is not None
            assert attempt.response.body == DOCUMENT

        kinds: dict[str, Send] = {
            "aiohttp alone": alone,
            "aiohttp with the recorder": recorded,
            "the aiohttp transport, whole": lambda: through(whole),
            "the raw transport, whole": lambda: through(raw),
        }
        best = dict.fromkeys(kinds, float("inf"))
        for send in kinds.values():
            await _cost(send, AT_ONCE * 4)
        for number in range(rounds):
            order = list(kinds.items())
            for kind, send in order if number % 2 == 0 else reversed(order):
                best[kind] = min(best[kind], await _cost(send, requests))
        await whole.close()
    return best


def main() -> int:
    """Print the table; 1 when the recorder costs more than the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=2000)
    chosen = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    try:
        url = f"http://127.0.0.1:{ours.recv()}/v1/chat"
        best = asyncio.run(_measure(url, chosen.rounds, chosen.requests))
    finally:
        server.terminate()
        server.join()
    base = best["aiohttp alone"]
    print(f"aiohttp {aiohttp.__version__}, Python {sys.version.split()[0]}, {AT_ONCE} at once")
    for kind, seconds in best.items():
        print(f"{kind:<30} {seconds * 1e6:7.0f} us CPU per request   {seconds / base:.2f}x")
    ratio = best["aiohttp with the recorder"] / base
    print(f"recording costs {ratio:.2f}x; goal {GOAL}x")
    return int(ratio > GOAL)


if __name__ == "__main__":
    sys.exit(main())
