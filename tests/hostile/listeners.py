"""Every kind on a port of its own, on 127.0.0.1."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import trustme
from hostile.kind import Certificate, Kind
from hostile.script import Script

_DAY = dt.timedelta(days=1)


class Contexts:
    """TLS of each sort; `authority` is the one that the client trusts."""

    def __init__(self, authority: trustme.CA, now: dt.datetime) -> None:
        self.authority = authority
        self._now = now

    def of(self, certificate: Certificate) -> ssl.SSLContext | None:
        if certificate is Certificate.NONE:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._issued(certificate).configure_cert(context)
        if certificate is Certificate.WANTS_ONE:
            context.verify_mode = ssl.CERT_REQUIRED
            self.authority.configure_trust(context)
        return context

    def _issued(self, certificate: Certificate) -> trustme.LeafCert:
        match certificate:
            case Certificate.EXPIRED:
                span = {"not_before": self._now - 9 * _DAY, "not_after": self._now - _DAY}
                return self.authority.issue_cert("127.0.0.1", **span)
            case Certificate.NOT_YET:
                span = {"not_before": self._now + _DAY, "not_after": self._now + 9 * _DAY}
                return self.authority.issue_cert("127.0.0.1", **span)
            case Certificate.WRONG_HOST:
                return self.authority.issue_cert("elsewhere.example.com")
            case Certificate.UNTRUSTED:
                return trustme.CA().issue_cert("127.0.0.1")
            case _:
                return self.authority.issue_cert("127.0.0.1")


@asynccontextmanager
async def listening(kinds: Mapping[str, Kind], authority: Path) -> AsyncIterator[dict[str, int]]:
    """Serve every kind and give the ports; the authority to trust is written to a file."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(authority))
    contexts = Contexts(made, dt.datetime.now(dt.UTC))
    # Endings that a hostile script provokes on the server's side are nobody's fault.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    async with AsyncExitStack() as stack:
        connections: set[asyncio.Task[None]] = set()
        ports = {}
        for name, kind in kinds.items():
            server = await asyncio.start_server(
                _handler(kind.script, connections),
                "127.0.0.1",
                0,
                ssl=contexts.of(kind.certificate),
            )
            await stack.enter_async_context(server)
            ports[name] = server.sockets[0].getsockname()[1]
        try:
            yield ports
        finally:
            for task in connections:
                task.cancel()
            await asyncio.gather(*connections, return_exceptions=True)


def _handler(script: Script, connections: set[asyncio.Task[None]]):
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        task.add_done_callback(connections.discard)
        try:
            await script(reader, writer)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass  # the client has left, as it should
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await asyncio.wait_for(writer.wait_closed(), 1)

    return handle
