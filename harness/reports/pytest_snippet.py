"""A test that replays a cassette with plain vcrpy, ready to run.

Every text in it may come from a stranger's file, so each stands in a literal that Python itself
writes, and nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CLIENTS = ("requests", "httpx", "aiohttp")

_SHOWN = 200
_NO_NAME = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class SnippetCall:
    """A request that the cassette answers, and the answer. `follows` redirects, or does not."""

    method: str
    url: str
    follows: bool
    status: int
    body: bytes


def pytest_snippet(client: str, cassette: str, name: str, calls: tuple[SnippetCall, ...]) -> str:
    """Return the module. `cassette` is the path from the module's folder to the cassette."""
    test = f"test_{_NO_NAME.sub('_', name).strip('_').lower() or 'variant'}_as_recorded"
    rows = "\n".join(_row(call) for call in calls)
    return _MODULE.format(
        imports=_IMPORTS[client],
        client=client,
        cassette=ascii(cassette),
        rows=rows,
        send=_SEND[client],
        test=test,
    )


def _row(call: SnippetCall) -> str:
    start, length = call.body[:_SHOWN], len(call.body)
    fields = (call.method, call.url, call.follows, call.status, length)
    first = ", ".join(map(ascii, fields))
    return f"    ({first}, {start!r}),"


_MODULE = '''"""Replays what flip401 recorded; nothing is sent. Needs pytest, vcrpy and {client}."""

{imports}
import vcr

CASSETTE = Path(__file__).parent / {cassette}
CALLS = [
    # method, URL, whether redirects are followed; status, length and start of the body
{rows}
]


{send}


def {test}():
    with vcr.use_cassette(str(CASSETTE), record_mode="none"):
        for method, url, follows, status, length, start in CALLS:
            got, body = send(method, url, follows)
            assert got == status
            assert (len(body), body[: len(start)]) == (length, start)
'''

_IMPORTS = {
    "requests": "from pathlib import Path\n\nimport requests",
    "httpx": "from pathlib import Path\n\nimport httpx",
    "aiohttp": "import asyncio\nfrom pathlib import Path\n\nimport aiohttp",
}

_SEND = {
    "requests": """def send(method, url, follows):
    answer = requests.request(method, url, allow_redirects=follows, timeout=10)
    return answer.status_code, answer.content""",
    "httpx": """def send(method, url, follows):
    answer = httpx.request(method, url, follow_redirects=follows, timeout=10)
    return answer.status_code, answer.content""",
    "aiohttp": """def send(method, url, follows):
    async def ask():
        async with aiohttp.ClientSession() as session:
            async with session.request(method, url, allow_redirects=follows) as answer:
                return answer.status, await answer.read()

    return asyncio.run(ask())""",
}
