"""aiohttp's private hooks, on which exact bytes depend, in the releases that they are seen to work.

With the rest of this folder it was seen to pass on aiohttp 3.14.5 and 3.13.5, and on 3.12.15 but
for a habit: that release sends NUL (Python 3.11.7). To see it on another, install that one with
`pip install --target DIR aiohttp==…` and run `PYTHONPATH=DIR python -m pytest tests/transport`.
"""

import asyncio
import inspect

import aiohttp
from aiohttp.client_proto import ResponseHandler
from support.http_server import answer, byte_server

from harness.transport.connector import RoutedConnector, Watch, watching
from harness.transport.wire_recorder import WireRecorder

OLDEST_SEEN = (3, 12, 15)


def test_the_release_is_not_older_than_those_that_were_seen():
    assert tuple(map(int, aiohttp.__version__.split(".")[:3])) >= OLDEST_SEEN


def test_the_hooks_are_where_they_were():
    assert list(inspect.signature(aiohttp.TCPConnector._resolve_host).parameters) == [
        "self",
        "host",
        "port",
        "traces",
    ]
    wrapped = inspect.signature(aiohttp.TCPConnector._wrap_create_connection)
    assert {"addr_infos", "req", "timeout", "client_error"} <= set(wrapped.parameters)
    existing = inspect.signature(aiohttp.TCPConnector._wrap_existing_connection)
    assert {"req", "timeout", "client_error"} <= set(existing.parameters)
    assert list(inspect.signature(ResponseHandler.__init__).parameters) == ["self", "loop"]

    async def main() -> None:
        async with aiohttp.ClientSession() as session:
            assert session._retry_connection is True
            assert callable(session.connector._factory)

    asyncio.run(main())


def test_a_connection_without_a_watch_is_left_alone():
    async def main() -> None:
        async with (
            byte_server(answer("200 OK", b"fine")) as server,
            aiohttp.ClientSession(connector=RoutedConnector(None)) as session,
            session.get(server.url) as got,
        ):
            assert await got.read() == b"fine"

    asyncio.run(main())


def test_what_aiohttp_writes_is_written_once_and_in_order():
    async def main() -> None:
        recorder = WireRecorder("POST")
        with watching(Watch(recorder)):
            async with (
                byte_server(answer("200 OK")) as server,
                aiohttp.ClientSession(connector=RoutedConnector(None)) as session,
                session.post(server.url, data=b"abc", headers={"A": "b"}) as got,
            ):
                await got.read()
        wire = recorder.freeze()
        assert wire.sent.kept.startswith(b"POST / HTTP/1.1\r\nHost: 127.0.0.1:")
        assert wire.sent.kept.endswith(b"\r\n\r\nabc")
        assert wire.sent.kept[: wire.sent.head] == server.received[0]
        assert wire.tries == 1

    asyncio.run(main())
