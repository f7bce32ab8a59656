"""One run of one variant: sign, send, follow redirects hop by hop, record each exchange."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from harness.errors import SourceError
from harness.model.exchange import (
    Attempt,
    Exchange,
    ExchangeKey,
    Failure,
    Phase,
    Step,
    Timing,
)
from harness.model.key_source import KeySource
from harness.model.outcome import Outcome
from harness.model.request import EnvUrl, RequestPlan, SignedRequest
from harness.model.secret import Secret
from harness.model.template import KeyReference, Template
from harness.ports import Transport
from harness.runner.desk import Desk
from harness.runner.limits import Limits, Turn
from harness.runner.shared_answers import SharedAnswers
from harness.signing.build import World, build, used_sources
from harness.signing.flow import Answered, Sending, sign_flow
from harness.signing.system_route import routed
from harness.transport.redirects import held_back, next_request

Fields = tuple[tuple[str, Template], ...]

NO_URL = "http://unknown.invalid/"
"""Stands in the record for a URL that could not be had (RFC 2606: no such host exists)."""


@dataclass(frozen=True, slots=True)
class VariantRunner:
    """Everything that one attempt needs; shared by all of them.

    `secrets` are the keys that could be read, `missing` the reasons for the others. `clock`
    gives seconds since the epoch. `desk` keeps each exchange as it happens.
    """

    transport: Transport
    secrets: Mapping[KeySource, Secret]
    missing: Mapping[KeySource, SourceError]
    world: World
    desk: Desk
    limits: Limits
    clock: Callable[[], float]
    sequence: count[int]
    shared: SharedAnswers = field(default_factory=SharedAnswers)

    async def run(self, plan: RequestPlan, variant: str, repeat: int) -> Turn:
        """Run one repeat of a variant; its outcome is that of its last exchange.

        Raises:
            LimitReachedError: a limit forbids a request; nothing is recorded for it.
            LeakError: the recorder found a secret in what it was to write.
        """
        key = ExchangeKey(variant, repeat)
        async with self.limits.turn() as turn:
            turn.outcome = await self._run(key, plan, turn)
        return turn

    def reason_not_to_send(self, plan: RequestPlan) -> Failure | None:
        """Return why the plan cannot be sent at all: a key that it uses is missing."""
        for source in used_sources(plan).values():
            if source in self.missing:
                message = f"no key: {self.missing[source].message}"
                return Failure(Phase.NOT_SENT, "no-key", message)
        return None

    async def _run(self, key: ExchangeKey, plan: RequestPlan, turn: Turn) -> Outcome:
        reason = self.reason_not_to_send(plan)
        if reason is not None:
            return await self._not_sent(key, plan, reason)
        flow = sign_flow(plan, self.secrets, self.world, self.clock)
        try:
            sending = next(flow)
        except SourceError as error:
            return await self._not_signed(key, plan, error)
        while True:
            outcome, answered = await self._step(key, sending, plan, turn)
            try:
                sending = flow.send(answered)
            except StopIteration:
                return outcome
            except SourceError as error:
                tried = sending.attempt if sending.step is Step.MAIN else 0
                return await self._not_signed(replace(key, attempt=tried + 1), plan, error)

    async def _step(
        self, key: ExchangeKey, sending: Sending, plan: RequestPlan, turn: Turn
    ) -> tuple[Outcome, Answered]:
        """Send one step, unless another run has had its answer already."""
        if not sending.is_shared:
            return await self._follow(key, sending, plan, turn)
        async with self.shared.place_of(sending.request) as place:
            if place.answered is None:
                outcome, answered = await self._follow(key, sending, plan, turn)
                if outcome is not Outcome.PASS:
                    return outcome, answered
                place.answered = answered
            return Outcome.PASS, place.answered

    async def _follow(
        self, key: ExchangeKey, sending: Sending, plan: RequestPlan, turn: Turn
    ) -> tuple[Outcome, Answered]:
        request = sending.request
        for hop in range(request.redirects.follow + 1):
            await self.limits.admit(turn)
            number = next(self.sequence)
            attempt = await self._send(request, turn)
            if hop < request.redirects.follow and attempt.response is not None:
                failure = held_back(request, attempt.response) or attempt.failure
                attempt = replace(attempt, failure=failure)
            if attempt.failure is not None and attempt.failure.phase is Phase.NOT_SENT:
                self.limits.give_back(turn)
            timing = replace(attempt.timing, clock_offset_seconds=plan.clock_seconds)
            response = attempt.response
            born = sending.born(response) if response else {}
            outcome = await self.desk.keep(
                Exchange(
                    key=replace(key, step=sending.step, hop=hop, attempt=sending.attempt),
                    sequence=number,
                    request=request,
                    attempt=replace(attempt, timing=timing),
                    secrets={**sending.secrets, **born},
                )
            )
            following = next_request(request, response) if response else None
            if following is None:
                break
            try:
                request = routed(following, plan, self.world.choose_proxy)
            except SourceError as error:
                beyond = replace(key, step=sending.step, hop=hop + 1, attempt=sending.attempt)
                outcome = await self._no_route(beyond, following, plan, error)
                return outcome, Answered(response, hop)
        return outcome, Answered(response, hop)

    async def _no_route(
        self, key: ExchangeKey, request: SignedRequest, plan: RequestPlan, error: SourceError
    ) -> Outcome:
        failure = Failure(Phase.NOT_SENT, "no-route", error.message)
        attempt = Attempt(Timing(self.clock(), 0.0, plan.clock_seconds), failure=failure)
        return await self.desk.keep(Exchange(key, next(self.sequence), request, attempt))

    async def _not_signed(self, key: ExchangeKey, plan: RequestPlan, error: SourceError) -> Outcome:
        return await self._not_sent(key, plan, Failure(Phase.NOT_SENT, "not-signed", error.message))

    async def _send(self, request: SignedRequest, turn: Turn) -> Attempt:
        try:
            return await self.transport.send(request)
        except asyncio.CancelledError:
            # What became of it is not known and not recorded, so it is not counted either.
            self.limits.give_back(turn)
            raise

    async def _not_sent(self, key: ExchangeKey, plan: RequestPlan, failure: Failure) -> Outcome:
        request = build(self._without_keys(plan), self.secrets, self.world, self.clock())
        attempt = Attempt(Timing(self.clock(), 0.0, plan.clock_seconds), failure=failure)
        return await self.desk.keep(Exchange(key, next(self.sequence), request, attempt))

    def _without_keys(self, plan: RequestPlan) -> RequestPlan:
        """Return what of the request can be shown when it cannot be signed."""
        absent = {name for name, source in plan.keys.items() if source in self.missing}
        return replace(
            plan,
            url=self._shown_url(plan.url, absent),
            headers=_present(plan.headers, absent),
            query=_present(plan.query, absent),
            body=None,
            sign=None,
            proxy=None,
        )

    def _shown_url(self, url: Template | EnvUrl, absent: set[str]) -> Template:
        if isinstance(url, Template):
            return _blanked(url, absent)
        try:
            return Template.of(self.world.resolve_url(url))
        except SourceError:
            return Template.of(NO_URL)


def _present(fields: Fields, absent: set[str]) -> Fields:
    return tuple(
        (name, value)
        for name, value in fields
        if not absent & {reference.name for reference in value.references}
    )


def _blanked(template: Template, absent: set[str]) -> Template:
    parts = (
        part
        for part in template.parts
        if not (isinstance(part, KeyReference) and part.name in absent)
    )
    return Template(tuple(parts))
