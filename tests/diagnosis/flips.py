"""Hand-made sides of flips."""

from __future__ import annotations

from collections.abc import Mapping

from harness.diagnosis.context import Change, FlipContext, Side
from harness.model.exchange import (
    ExchangeKey,
    Failure,
    Phase,
    RedactedExchange,
    RedactedResponse,
    RedactionSeal,
    Timing,
)
from harness.model.key_facts import KeyFacts, KeyShape
from harness.model.outcome import Outcome
from harness.model.request import HeaderPairs, Patch, RequestPlan
from harness.model.scenario import Level
from harness.model.template import KeyReference, Template
from harness.redaction.redactor import _seal as redactor_seal

URL = "https://api.example.com/chat/completions"
UNKNOWN_KEY = '{"error":{"message":"Authentication Fails, Your api key: ****x is invalid"}}'
NO_HEADER = "Authentication Fails (governor)"
GOOD_ENV = KeyFacts(source="env API_KEY", place="API_KEY", shape=KeyShape(35, "sk-", "hex"))


def seal() -> RedactionSeal:
    """Return the redactor's own seal: there is one in a process, and the redactor claims it."""
    return redactor_seal()


def answer(
    status: int, body: str = "", *, headers: HeaderPairs = (), from_proxy: bool = False
) -> RedactedResponse:
    return RedactedResponse(status, "", headers, body, from_proxy=from_proxy)


def exchange(
    variant: str = "baseline",
    *,
    response: RedactedResponse | None = None,
    failure: Failure | None = None,
    hop: int = 0,
    url: str = URL,
    headers: HeaderPairs = (("Authorization", "Bearer RDX~s1.sk.L35~"),),
    proxy: str | None = None,
    timing: Timing | None = None,
    repeat: int = 1,
) -> RedactedExchange:
    return RedactedExchange(
        seal=seal(),
        key=ExchangeKey(variant, repeat=repeat, hop=hop),
        sequence=hop,
        method="POST",
        url=url,
        headers=headers,
        headers_sent=headers,
        body="",
        proxy=proxy,
        timing=timing or Timing(1_760_000_000.0, 0.1),
        response=response,
        failure=failure,
    )


def refusal(phase: Phase, message: str = "it went wrong") -> Failure:
    return Failure(phase, "test", message)


def key(source: str, *, place: str = "", length: int = 35, **shape: object) -> KeyFacts:
    words = {"prefix": "sk-", "charset": "hex", **shape}
    return KeyFacts(source=source, place=place, shape=KeyShape(length, **words))


def template(before: str = "Bearer ", after: str = "", *, name: str = "key") -> Template:
    return Template(tuple(part for part in (before, KeyReference(name), after) if part))


def plan(**fields: object) -> RequestPlan:
    defaults: dict[str, object] = {
        "method": "POST",
        "url": Template.of(URL),
        "headers": (("Authorization", template()),),
    }
    return RequestPlan(**(defaults | fields))


def passing(request: RequestPlan | None = None, **fields: object) -> Side:
    defaults: dict[str, object] = {
        "variant": "baseline",
        "outcome": Outcome.PASS,
        "plan": request or plan(),
        "keys": {"key": GOOD_ENV},
        "exchanges": (exchange(response=answer(200, "{}")),),
    }
    return Side(**(defaults | fields))


def failing(
    request: RequestPlan | None = None,
    *,
    status: int = 401,
    body: str = UNKNOWN_KEY,
    outcome: Outcome = Outcome.DENIED,
    keys: Mapping[str, KeyFacts] | None = None,
    **fields: object,
) -> Side:
    defaults: dict[str, object] = {
        "variant": "axis=bad",
        "outcome": outcome,
        "plan": request or plan(),
        "keys": {"key": GOOD_ENV} if keys is None else keys,
        "exchanges": (exchange("axis=bad", response=answer(status, body)),),
    }
    return Side(**(defaults | fields))


def flip(
    bad: Side,
    good: Side | None = None,
    *,
    axis: str = "axis",
    field: str | None = None,
    more: tuple[str, ...] = (),
    without_credential: RedactedResponse | None = None,
) -> FlipContext:
    changes = tuple(
        Change(
            axis=name,
            field=field if name == axis else None,
            passing=Level("good", Patch()),
            failing=Level("bad", Patch()),
        )
        for name in (axis, *more)
    )
    return FlipContext(
        changes=changes,
        passing=good or passing(),
        failing=bad,
        without_credential=without_credential,
    )


def key_flip(bad: KeyFacts, good: KeyFacts = GOOD_ENV, **fields: object) -> FlipContext:
    """Two sources on the axis `key`; the request is the same."""
    return flip(
        failing(keys={"key": bad}, **fields), passing(keys={"key": good}), axis="key", field="key"
    )
