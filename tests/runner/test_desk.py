"""What is kept beside the loop: in order, to the end, and never after a leak."""

import asyncio
import threading

import pytest
from support.made_keys import made_secret

from harness.errors import LeakError
from harness.model.event import RunFinished
from harness.model.exchange import Attempt, Exchange, ExchangeKey, Failure, Phase, Timing
from harness.model.outcome import Outcome, OutcomeRules
from harness.model.request import RedirectPolicy, SignedRequest
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.runner.desk import Desk

REQUEST = SignedRequest(
    method="GET",
    url="https://api.example.com/",
    headers=(),
    body=None,
    proxy=None,
    client="raw",
    redirects=RedirectPolicy(),
    timeout_seconds=1.0,
)


def exchange(number: int) -> Exchange:
    failed = Attempt(Timing(0.0, 0.0), failure=Failure(Phase.CONNECT, "not-connected", "no"))
    secrets = {"key": made_secret(f"key {number}")}
    return Exchange(ExchangeKey("baseline", number), number, REQUEST, failed, secrets)


class Kept:
    """A desk whose record keeps numbers; `held` makes the first one wait."""

    def __init__(self, *, held: bool = False, leaks: bool = False) -> None:
        self.numbers: list[object] = []
        self.threads: set[int] = set()
        self.go_on = threading.Event()
        self.leaks = leaks
        if not held:
            self.go_on.set()
        redactor = Redactor(SecretRegistry())
        self.desk = Desk(redactor.redact, OutcomeRules(), self.record, self.numbers.append)

    def record(self, redacted, outcome) -> None:
        self.go_on.wait(10)
        self.threads.add(threading.get_ident())
        if self.leaks:
            raise LeakError(("line 1",))
        self.numbers.append(redacted.sequence)


def test_exchanges_and_events_come_in_the_order_in_which_they_were_handed_in():
    kept = Kept()

    async def main() -> list[Outcome]:
        outcomes = await asyncio.gather(*(kept.desk.keep(exchange(one)) for one in range(1, 9)))
        kept.desk.tell(RunFinished(8, 1, ""))
        return outcomes

    assert asyncio.run(main()) == [Outcome.UNREACHABLE] * 8
    kept.desk.close()
    assert kept.numbers[:-1] == list(range(1, 9))
    assert isinstance(kept.numbers[-1], RunFinished)
    assert threading.get_ident() not in kept.threads


def test_the_loop_goes_on_while_something_is_kept():
    kept = Kept(held=True)

    async def main() -> list[int]:
        task = asyncio.create_task(kept.desk.keep(exchange(1)))
        for _ in range(100):
            await asyncio.sleep(0)
        during = list(kept.numbers)
        kept.go_on.set()
        await task
        return during

    assert asyncio.run(main()) == []
    kept.desk.close()
    assert kept.numbers == [1]


def test_an_interrupt_waits_for_what_is_being_kept_and_is_heard_after_it():
    kept = Kept(held=True)
    outcomes: list[Outcome] = []

    async def one() -> None:
        outcomes.append(await kept.desk.keep(exchange(1)))
        await asyncio.sleep(0)
        outcomes.append(Outcome.PASS)

    async def main() -> None:
        task = asyncio.create_task(one())
        await asyncio.sleep(0)
        task.cancel()
        asyncio.get_running_loop().call_later(0.01, kept.go_on.set)
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    kept.desk.close()
    assert (outcomes, kept.numbers) == ([Outcome.UNREACHABLE], [1])


def test_after_a_leak_nothing_more_is_recorded():
    kept = Kept(leaks=True)

    async def main() -> list[object]:
        return await asyncio.gather(
            *(kept.desk.keep(exchange(one)) for one in (1, 2)), return_exceptions=True
        )

    first, second = asyncio.run(main())
    assert isinstance(first, LeakError)
    assert second is first
    with pytest.raises(LeakError):
        kept.desk.close()


def test_a_listener_that_fails_is_not_swallowed():
    def fail(_event) -> None:
        raise ValueError("a fault of the listener")

    desk = Desk(Redactor(SecretRegistry()).redact, OutcomeRules(), lambda *_: None, fail)
    desk.tell(RunFinished(0, 0, ""))
    with pytest.raises(ValueError, match="a fault of the listener"):
        desk.close()
