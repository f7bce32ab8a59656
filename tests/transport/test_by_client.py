import asyncio

import pytest

from harness.model.exchange import Attempt, Timing
from harness.model.request import RedirectPolicy, SignedRequest
from harness.transport.by_client import ByClient
from harness.transport.route import ClosedRoute, parse_address, redirected
from harness.transport.scripted import ScriptedTransport


def request(client: str) -> SignedRequest:
    return SignedRequest(
        method="GET",
        url="http://x.test/",
        headers=(),
        body=None,
        proxy=None,
        client=client,
        redirects=RedirectPolicy(),
        timeout_seconds=1.0,
    )


def scripted(seconds: float) -> ScriptedTransport:
    async def answer(_request: SignedRequest) -> Attempt:
        return Attempt(Timing(0.0, seconds))

    return ScriptedTransport(answer)


def test_each_request_goes_to_its_client():
    async def main() -> None:
        clients = ByClient({"a": scripted(1.0), "b": scripted(2.0)})
        assert (await clients.send(request("a"))).timing.total_seconds == 1.0
        assert (await clients.send(request("b"))).timing.total_seconds == 2.0
        await clients.close()

    asyncio.run(main())


def test_a_detour_is_taken_for_its_host_and_port_only():
    detours = (("API.test:443", "127.0.0.1:1"), ("[::1]:80", "[2001:db8::7]:8080"))
    assert redirected(detours, "api.TEST", 443) == ("127.0.0.1", 1)
    assert redirected(detours, "[::1]", 80) == ("2001:db8::7", 8080)
    assert redirected(detours, "api.test", 80) == ("api.test", 80)
    assert parse_address("a:1") == ("a", 1)


def test_the_guard_lets_nothing_else_through():
    route = ClosedRoute(lambda _host, _port: ("127.0.0.1", 1), frozenset({("127.0.0.1", 1)}))
    route.check(("127.0.0.1", 1))
    with pytest.raises(OSError, match="closed"):
        route.check(("127.0.0.1", 2))
