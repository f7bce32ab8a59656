"""Batches at once: how many, in which order, and what ends them."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from support.scenario_texts import bearer_text
from support.scripted_runs import ATTEMPTS, Scripted, answered, header

from harness.errors import CassetteError, LeakError
from harness.model.event import RoundStarted, RunFinished
from harness.model.finding import Ended
from harness.model.outcome import Outcome
from harness.runner.search_run import _gravest

URL = "https://api.example.com/v1"
MANY = """
  key: {shell: {env: MADE_KEY}}
  a:
    one: {}
    two: {headers: {X-A: "2"}}
    three: {headers: {X-A: "3"}}
    four: {headers: {X-A: "4"}}
  b:
    one: {}
    two: {headers: {X-B: "2"}}
    three: {headers: {X-B: "3"}}
    four: {headers: {X-B: "4"}}
"""


def passing(_request):
    return answered(200)


class Crowd:
    """Answers after everybody else had a turn, and counts who is there at the same time."""

    def __init__(self) -> None:
        self.here = self.most = 0

    async def __call__(self, _request):
        self.here += 1
        self.most = max(self.most, self.here)
        for _ in range(5):
            await asyncio.sleep(0)
        self.here -= 1
        return answered(200)


@pytest.mark.parametrize("concurrency", [1, 3, 8])
def test_no_more_are_in_flight_than_asked(concurrency: int):
    crowd = Crowd()
    rest = f"search: {{strategy: all, concurrency: {concurrency}}}"
    run = Scripted(bearer_text(URL, axes=MANY, rest=rest), crowd)
    run.execute()
    assert len(run.requests) == 16
    assert crowd.most == concurrency


def test_repeats_are_counted_in_the_order_of_sending():
    """The later repeat answers first; its outcome stays the second."""
    first_is_back = asyncio.Event()
    asked = []

    async def reply(request):
        asked.append(request)
        if len(asked) == 1:
            await first_is_back.wait()
            return answered(401)
        first_is_back.set()
        return answered(200)

    axes = "\n  key: {shell: {env: MADE_KEY}}"
    rest = "search: {strategy: all, repeat: 2}"
    run = Scripted(bearer_text(URL, axes=axes, rest=rest), reply)
    run.execute()
    assert run.ids == ["baseline/2/main/0/1", "baseline/1/main/0/1"]
    assert run.run.runs[0,] == [Outcome.DENIED, Outcome.PASS]


def test_the_rounds_are_told_and_counted():
    run = Scripted(bearer_text(URL, axes=MANY), passing)
    run.execute()
    rounds = [event.round for event in run.events if isinstance(event, RoundStarted)]
    assert rounds == list(range(1, run.run.rounds + 1))
    assert isinstance(run.events[-1], RunFinished)
    assert run.events[-1].requests_sent == len(run.requests)


def test_a_round_in_which_nothing_finished_is_none():
    run = Scripted(bearer_text(URL, axes=MANY, rest="search: {budget: 4}"), passing)
    run.run.runner.limits.sent = 4
    run.execute()
    assert (run.run.ended, run.run.rounds) == (Ended.BUDGET, 0)


def test_the_budget_ends_the_run():
    run = Scripted(bearer_text(URL, axes=MANY, rest="search: {budget: 3}"), passing)
    run.execute()
    assert run.run.ended is Ended.BUDGET
    assert len(run.requests) == 3


def test_the_cap_on_denials_is_not_passed_even_at_once():
    def reply(request):
        return answered(401 if header(request, "X-A") or header(request, "X-B") else 200)

    rest = "search: {strategy: all, concurrency: 8, max_denied: 2}"
    run = Scripted(bearer_text(URL, axes=MANY, rest=rest), reply)
    run.execute()
    assert run.run.ended is Ended.MAX_DENIED
    assert Counter(run.outcomes)[Outcome.DENIED] == 2


def test_the_rate_spaces_the_requests_of_the_whole_run():
    slept = []

    async def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))

    rest = "search: {strategy: all, rate: 10/s}"
    run = Scripted(bearer_text(URL, axes=MANY, rest=rest), passing, sleep=sleep)
    run.execute()
    assert slept == [round(number / 10, 3) for number in range(16)]


def test_the_deadline_ends_the_run_and_keeps_what_finished():
    async def reply(request):
        if header(request, "X-A"):
            await asyncio.Event().wait()
        return answered(200)

    rest = "search: {strategy: all, deadline: 100ms}"
    run = Scripted(bearer_text(URL, axes=MANY, rest=rest), reply)
    run.execute()
    assert run.run.ended is Ended.DEADLINE
    assert len(run.exchanges) == 4
    assert run.run.runner.limits.sent == 4
    assert isinstance(run.events[-1], RunFinished)
    assert run.events[-1].reason == "deadline"


def test_an_interrupt_is_passed_on_and_keeps_what_finished():
    reached = asyncio.Event()

    async def reply(request):
        if header(request, "X-A"):
            reached.set()
            await asyncio.Event().wait()
        return answered(200)

    run = Scripted(bearer_text(URL, axes=MANY, rest="search: {strategy: all}"), reply)

    async def interrupted() -> None:
        task = asyncio.create_task(run.run.execute())
        await reached.wait()
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(interrupted())
    assert run.run.ended is Ended.INTERRUPTED
    assert run.run.runs[0, 0, 0] == [Outcome.PASS]


@pytest.mark.parametrize(
    "kind", [LeakError(["line 1"]), CassetteError("the disk is full"), ZeroDivisionError("oops")]
)
def test_an_error_in_one_of_many_is_that_error(kind: Exception):
    def fail(exchange):
        if "a=two" in str(exchange.key):
            raise kind

    run = Scripted(bearer_text(URL, axes=MANY), Crowd(), on_record=fail)
    with pytest.raises(type(kind)) as raised:
        run.execute()
    assert raised.value is kind


def test_the_gravest_of_several_errors_is_told():
    leak, full, other = LeakError(["x"]), CassetteError("full"), ZeroDivisionError()
    assert _gravest(BaseExceptionGroup("", [other, ExceptionGroup("", [full, leak])])) is leak
    assert _gravest(BaseExceptionGroup("", [other, full])) is full
    assert _gravest(BaseExceptionGroup("", [other])) is other


def test_a_level_without_a_key_is_recorded_once_before_the_first_round():
    axes = """
  key: {shell: {env: MADE_KEY}, gone: {env: GONE}}
  a: {one: {}, two: {headers: {X-A: "2"}}}"""
    run = Scripted(bearer_text(URL, axes=axes), passing)
    run.execute()
    assert run.ids[0] == "key=gone/1/main/0/1"
    assert run.outcomes.count(Outcome.NOT_SENT) == 1


def test_a_level_whose_key_the_baseline_does_not_use_is_sent():
    axes = """
  scheme: {absent: {headers: {Authorization: null}}, bearer: {headers: {Authorization: "B ${key}"}}}
  key: {shell: {env: MADE_KEY}, gone: {env: GONE}}
"""
    run = Scripted(bearer_text(URL, axes=axes), passing)
    run.execute()
    outcomes = {exchange.key.variant: outcome for exchange, outcome in run.exchanges}
    assert outcomes["scheme=bearer,key=gone"] is Outcome.NOT_SENT
    assert outcomes["baseline"] is Outcome.PASS


def test_where_the_base_moved_a_level_without_a_key_is_still_not_sent():
    axes = """
  key: {gone: {env: GONE}, none: {literal: unused-by-purpose}}
  scheme: {bearer: {}, other: {headers: {Authorization: "B ${keys.far}"}}}
"""
    text = bearer_text(URL, axes=axes).replace("axes:", "  keys.far: {env: FAR}\naxes:")
    run = Scripted(text, lambda _request: ATTEMPTS[Outcome.PASS])
    run.execute()
    assert {e.key.variant: o for e, o in run.exchanges}["key=none"] is Outcome.PASS
    assert all(o is not Outcome.PASS for e, o in run.exchanges if "scheme=other" in e.key.variant)
