"""An answer that takes long to redact must not make its neighbours look unreachable."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hostile.kind import Kind, answered
from hostile.listeners import listening
from hostile.script import Script, answers, read_head
from support.made_keys import made_key
from support.product import Product, Ran

LATER_SECONDS = 1.0
TIMEOUT_SECONDS = 3.0


def later(data: bytes) -> Script:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        await asyncio.sleep(LATER_SECONDS)
        writer.write(data)
        await writer.drain()

    return script


def whole(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def many_keys() -> bytes:
    return " ".join(made_key(f"echo {number}") for number in range(3000)).encode()


KINDS: dict[str, Kind] = {
    "origin": answered(answers(whole("200 OK", b"fine")), "pass", 200),
    **{
        f"heavy-{number}": answered(answers(whole("401 No", many_keys())), "denied", 401)
        for number in range(2)
    },
    **{
        f"healthy-{number}": answered(later(whole("200 OK", b"fine")), "pass", 200)
        for number in range(4)
    },
}


@pytest.mark.parametrize("client", ["aiohttp", "raw"])
def test_healthy_servers_pass_beside_answers_full_of_keys(client: str, tmp_path: Path):
    async def run() -> Ran:
        async with listening(KINDS, tmp_path / "authority.pem") as ports:
            urls = {name: f"http://127.0.0.1:{ports[name]}/" for name in KINDS}
            product = Product(tmp_path, {"API_KEY": made_key("heavy")})
            scenario = {
                "request": {
                    "url": urls["origin"],
                    "key": {"env": "API_KEY"},
                    "headers": {"Authorization": "Bearer ${key}"},
                    "timeout": f"{TIMEOUT_SECONDS}s",
                    "client": client,
                },
                "axes": {"url": urls},
                "search": {"strategy": "one-at-a-time", "concurrency": 8},
            }
            return await asyncio.to_thread(product.run, scenario, within_seconds=50)

    ran = asyncio.run(run())
    ends = {name.removeprefix("url="): outcome for name, outcome in ran.outcomes.items()}
    ends["origin"] = ends.pop("baseline")
    assert ends == {name: kind.outcome for name, kind in KINDS.items()}
    assert {
        name: exchange["harness"]["failure"]
        for name, exchange in ran.exchanges().items()
        if "failure" in exchange["harness"]
    } == {}
