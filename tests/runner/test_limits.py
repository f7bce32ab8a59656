"""Budget, cap on denials, rate: with a clock and a sleep of our own."""

from __future__ import annotations

import asyncio

import pytest

from harness.model.finding import Ended
from harness.model.outcome import Outcome
from harness.model.scenario import SearchSettings
from harness.runner.limits import LimitReachedError, Limits


class Clock:
    """Time passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.time = 100.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))


def limits(clock: Clock | None = None, **settings: float) -> Limits:
    clock = clock or Clock()
    return Limits(SearchSettings(**settings), now=clock.now, sleep=clock.sleep)  # type: ignore[arg-type]


def test_requests_are_spaced_by_the_rate():
    clock = Clock()
    limit = limits(clock, rate_per_second=5.0)

    async def send_three_at_once() -> None:
        async with limit.turn() as turn:
            await asyncio.gather(*(limit.admit(turn) for _ in range(3)))
            clock.time += 10
            await limit.admit(turn)

    asyncio.run(send_three_at_once())
    assert clock.slept == [0, 0.2, 0.4, 0]


def test_a_request_whose_wait_is_cut_off_does_not_count():
    async def send() -> None:
        forever = asyncio.Event()

        async def sleep(seconds: float) -> None:
            if seconds:
                await forever.wait()

        limit = Limits(SearchSettings(rate_per_second=1.0), now=lambda: 100.0, sleep=sleep)
        async with limit.turn() as turn:
            await limit.admit(turn)
            waiting = asyncio.create_task(limit.admit(turn))
            await asyncio.sleep(0)
            assert (turn.sent, limit.sent) == (2, 2)  # its place in the budget is held meanwhile
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            assert waiting.cancelled()
            assert (turn.sent, limit.sent) == (1, 1)

    asyncio.run(send())


def test_without_a_rate_nobody_waits():
    clock = Clock()

    async def send() -> None:
        limit = limits(clock)
        async with limit.turn() as turn:
            await limit.admit(turn)
            assert (turn.sent, limit.sent) == (1, 1)

    asyncio.run(send())
    assert clock.slept == []


def test_the_budget_is_never_passed():
    async def send() -> Limits:
        limit = limits(budget=2)
        async with limit.turn() as turn:
            await limit.admit(turn)
            await limit.admit(turn)
            with pytest.raises(LimitReachedError) as reached:
                await limit.admit(turn)
            assert reached.value.ended is Ended.BUDGET
            limit.give_back(turn)
            await limit.admit(turn)
        return limit

    assert asyncio.run(send()).sent == 2


def test_no_more_are_under_way_than_may_still_be_denied():
    async def run() -> tuple[list[int], list[str], int]:
        limit = limits(max_denied=3)
        under_way, seen, refused = 0, [], []

        async def one(number: int) -> None:
            nonlocal under_way
            try:
                async with limit.turn() as turn:
                    under_way += 1
                    seen.append(under_way)
                    await asyncio.sleep(0)
                    under_way -= 1
                    turn.outcome = Outcome.DENIED if number % 2 else Outcome.PASS
            except LimitReachedError as reached:
                refused.append(str(reached))

        await asyncio.gather(*(one(number) for number in range(20)))
        return seen, refused, limit.denied

    seen, refused, denied = asyncio.run(run())
    assert max(seen) == 3
    assert denied == 3
    assert set(refused) == {"max-denied"}
    assert len(seen) + len(refused) == 20


def test_a_turn_that_is_broken_off_gives_its_place_back():
    async def run() -> int:
        limit = limits(max_denied=1)
        with pytest.raises(RuntimeError):
            async with limit.turn():
                raise RuntimeError
        async with limit.turn():
            pass
        return limit.denied

    assert asyncio.run(run()) == 0


def test_one_who_waits_for_a_place_can_be_cancelled():
    async def run() -> bool:
        limit = limits(max_denied=1)
        async with limit.turn() as first:
            waiting = asyncio.create_task(limit.turn().__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            first.outcome = Outcome.PASS
        async with limit.turn():
            return waiting.cancelled()

    assert asyncio.run(run())
