"""Drive the search: ask it for a batch, run the batch at once, give it the outcomes."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.errors import LeakError, UsageError
from harness.isolation.search import Ended, next_batch
from harness.judge.search_space import SearchSpace
from harness.matrix.cells import variant_of
from harness.matrix.compose import plan_of
from harness.model.event import RoundStarted, RunFinished, VariantFinished
from harness.model.outcome import Outcome
from harness.model.scenario import Scenario
from harness.model.variant import Cell
from harness.ports import Listener
from harness.runner.attempt import VariantRunner
from harness.runner.limits import LimitReachedError


@dataclass(slots=True)
class SearchRun:
    """One run of a scenario. `runs` are the outcomes so far, by the scenario's cells."""

    scenario: Scenario
    found: SearchSpace
    runner: VariantRunner
    listener: Listener
    runs: dict[Cell, list[Outcome]] = field(default_factory=lambda: defaultdict(list))
    rounds: int = 0
    ended: Ended = Ended.FINISHED

    async def execute(self) -> None:
        """Run until the search is content or a limit ends it; what finished stays in `runs`.

        Raises:
            LeakError: a secret was about to be written; nothing is published.
            CassetteError: the disk takes no more; what is in the part file stays.
            CancelledError: interrupted; `ended` says so and `runs` holds what finished.
        """
        try:
            async with asyncio.timeout(self.scenario.search.deadline_seconds):
                await self._record_unsendable()
                await self._search()
        except TimeoutError:
            self.ended = Ended.DEADLINE
        except asyncio.CancelledError:
            self.ended = Ended.INTERRUPTED
            raise
        finally:
            reason = "" if self.ended is Ended.FINISHED else self.ended.value
            self.listener(RunFinished(self.runner.limits.sent, self.rounds, reason))

    async def _search(self) -> None:
        settings = self.scenario.search
        while self.ended is Ended.FINISHED:
            batch = next_batch(
                self.found.space,
                self.found.searched(self.runs),
                settings.strategy,
                repeat=settings.repeat,
                width=settings.concurrency,
            )
            if not batch:
                return
            await self._run_batch(tuple(self.found.to_scenario(cell) for cell in batch))

    async def _run_batch(self, cells: tuple[Cell, ...]) -> None:
        number = self.rounds + 1
        variants = tuple(variant_of(self.scenario, cell) for cell in cells)
        self.listener(RoundStarted(number, variants))
        places = asyncio.Semaphore(self.scenario.search.concurrency)
        finished: dict[tuple[Cell, int], Outcome] = {}
        started = {cell: len(self.runs[cell]) for cell in cells}

        async def run_one(cell: Cell, repeat: int) -> None:
            async with places:
                outcome = await self._run_cell(cell, repeat)
                if outcome is not None:
                    finished[cell, repeat] = outcome

        try:
            async with asyncio.TaskGroup() as group:
                for cell in cells:
                    started[cell] += 1
                    group.create_task(run_one(cell, started[cell]))
        except BaseExceptionGroup as errors:
            raise _gravest(errors) from None
        finally:
            if self._count(cells, finished):
                self.rounds = number

    def _count(self, cells: tuple[Cell, ...], finished: dict[tuple[Cell, int], Outcome]) -> bool:
        """Add outcomes in the order of sending; a repeat whose predecessor is missing waits."""
        counted = False
        for cell in dict.fromkeys(cells):
            outcomes = self.runs[cell]
            while (cell, len(outcomes) + 1) in finished:
                outcomes.append(finished[cell, len(outcomes) + 1])
                counted = True
        return counted

    async def _run_cell(self, cell: Cell, repeat: int) -> Outcome | None:
        if self.ended is not Ended.FINISHED:
            return None
        variant = variant_of(self.scenario, cell)
        try:
            turn = await self.runner.run(plan_of(self.scenario, cell), variant.id, repeat)
        except LimitReachedError as limit:
            self.ended = limit.ended
            return None
        assert turn.outcome is not None
        self.listener(VariantFinished(variant, repeat, turn.outcome, turn.sent))
        return turn.outcome

    async def _record_unsendable(self) -> None:
        """Record each level that no key can be had for, alone, so that the cassette says why."""
        for axis, index in sorted(self.found.space.not_sent):
            cell = [0] * len(self.scenario.axes)
            cell[axis] = index
            target = self.found.to_scenario(tuple(cell))
            # Beside a base that was moved, the level may not use the key that it lacks.
            unsendable = self.runner.reason_not_to_send(plan_of(self.scenario, target))
            if unsendable is not None and not self.runs[target]:
                outcome = await self._run_cell(target, 1)
                assert outcome is Outcome.NOT_SENT
                self.runs[target].append(outcome)


def _gravest(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the one error that the user must see: a leak, a known fault, else the first."""
    flat = list(_flat(errors))
    for kind in (LeakError, UsageError):
        for error in flat:
            if isinstance(error, kind):
                return error
    return flat[0]


def _flat(errors: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in errors.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _flat(error)
        else:
            yield error
