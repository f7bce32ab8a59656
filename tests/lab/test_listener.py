from __future__ import annotations

import asyncio

import pytest
from lab.wire import connected, get, noon, run

from harness.lab.certificates import Certificates
from harness.lab.connection import Service
from harness.lab.http_message import Answer, Request
from harness.lab.listener import Listeners


def service(*, broken: bool = False) -> Service:
    def respond(_: Request) -> Answer:
        if broken:
            raise ZeroDivisionError
        return Answer(204, "No Content", ())

    return Service(
        name="s",
        respond=respond,
        tls=lambda: Certificates().server_context(["localhost"]),
        now=noon,
    )


def test_two_services_have_two_ports_on_the_loopback() -> None:
    async def steps() -> list[tuple[str, int]]:
        async with Listeners() as listeners:
            return [listeners.listen(service()), listeners.listen(service())]

    first, second = run(steps())
    assert first[0] == second[0] == "127.0.0.1"
    assert first[1] != second[1]


def test_a_refusing_address_refuses_while_the_others_serve() -> None:
    async def steps() -> int:
        async with Listeners() as listeners:
            address, dead = listeners.listen(service()), listeners.refuse()
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(*dead)
            async with connected(address) as wire:
                return (await wire.ask(get())).status

    assert run(steps()) == 204


def test_nothing_listens_any_more_afterwards() -> None:
    async def steps() -> None:
        async with Listeners() as listeners:
            address = listeners.listen(service())
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*address)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run(steps())


def test_an_error_of_the_block_comes_out_as_it_is() -> None:
    async def steps() -> None:
        async with Listeners() as listeners:
            listeners.listen(service())
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        run(steps())


def test_a_fault_of_a_service_ends_the_block() -> None:
    async def steps() -> None:
        async with (
            Listeners() as listeners,
            connected(listeners.listen(service(broken=True))) as wire,
        ):
            wire.writer.write(get().encode())
            await asyncio.Event().wait()

    with pytest.raises(ExceptionGroup) as caught:
        run(steps())
    assert caught.group_contains(ZeroDivisionError)


def test_a_cancelled_block_stays_cancelled() -> None:
    async def serve_for_ever() -> None:
        async with Listeners() as listeners:
            listeners.listen(service())
            await asyncio.Event().wait()

    async def steps() -> bool:
        task = asyncio.create_task(serve_for_ever())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        return task.cancelled()

    assert run(steps())
