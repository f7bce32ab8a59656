"""Causes that need no flip: they are read from the answers of a run alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from harness.diagnosis.answers import (
    lacks_credential,
    message_of,
    quoted,
    speaks_of_model,
    speaks_of_rate,
    status_words,
)
from harness.diagnosis.causes import CAUSES
from harness.diagnosis.facts import and_list, key_facts
from harness.diagnosis.held_back import redirect_facts, was_held_back
from harness.diagnosis.key_words import shape_cause
from harness.diagnosis.proxy_words import proxy_denial, proxy_refusal, proxy_remedy
from harness.diagnosis.rules_without_answer import code_of_failure
from harness.model.arrival import Arrival
from harness.model.exchange import RedactedExchange, RedactedResponse
from harness.model.finding import Diagnosis, Finding, Verdict
from harness.model.key_facts import KeyFacts
from harness.model.outcome import Outcome
from harness.model.result import VariantResult

SKEW_WORTH_SAYING_SECONDS = 30.0
"""Below this no verifier that was seen denies a token."""

_LOOK_ALIKES = {402: "A02", 403: "A08", 429: "V06"}
_SERVER_ERRORS = 500
_BODY_FAULTS = (400, 404, 422)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a run gave, for the eyes of `observe`.

    `exchanges` maps exchange ids, `keys` is keyed as `RunResult.keys`, `axes` are axis names.
    A cause that `findings` name already is not said twice. `ended_early` says that a limit or
    an interrupt left cells unsent.
    """

    variants: Sequence[VariantResult]
    exchanges: Mapping[str, RedactedExchange]
    verdict: Verdict
    axes: Sequence[str] = ()
    keys: Mapping[str, KeyFacts] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    clock_skew_seconds: tuple[float, float] | None = None
    ended_early: bool = False


def observe(run: Observed) -> tuple[Diagnosis, ...]:
    """Return what the answers say by themselves, the widest statement first."""
    named = {finding.diagnosis.code for finding in run.findings}
    found = (*_all_denied(run), *_clock(run), *_repeats(run), *_answers(run))
    return tuple(item for item in found if item.code not in named)


def _all_denied(run: Observed) -> Iterator[Diagnosis]:
    if run.verdict is not Verdict.ALL_DENIED:
        return
    denied = [item for item in run.variants if item.outcome is Outcome.DENIED]
    lasts = [last for item in denied if (last := _last(run, item)) is not None]
    facts = _facts(run, denied[0], lasts[0]) if denied and lasts else _no_facts()
    others = sum(item.outcome not in {Outcome.DENIED, Outcome.NOT_SENT} for item in run.variants)
    facts |= {
        "count": str(len(denied)),
        "others": str(others),
        "missing": _missing(run, lasts),
    }
    if any(item.arrival for item in denied):
        yield CAUSES["X05"].diagnosis(facts, exchanges=tuple(str(last.key) for last in lasts))
        return
    code = "X07" if others or run.ended_early else "X03"
    yield CAUSES[code].diagnosis(facts, exchanges=tuple(str(last.key) for last in lasts))
    yield from _odd_keys(run)


def _odd_keys(run: Observed) -> Iterator[Diagnosis]:
    """Nothing passed, so nothing can be proved; an odd key is worth a look all the same."""
    seen: set[str] = set()
    for facts in run.keys.values():
        code = shape_cause(facts.shape, None)
        if not code or facts.source in seen:
            continue
        seen.add(facts.source)
        words = key_facts(None, facts)
        cause = CAUSES[code]
        yield Diagnosis(
            code=code,
            title=f"perhaps: {cause.title}",
            explanation=f"Nothing passed, so this is not proved; but the key from "
            f"{words['where']} has {words['shape']}.",
            fix=cause.fix.format_map(_no_facts() | words),
            also=cause.also,
        )


def _missing(run: Observed, lasts: Sequence[RedactedExchange]) -> str:
    wanted = []
    if lasts and all(lacks_credential(last.response) for last in lasts):
        wanted.append("another form of the header, for the server sees no key at all")
    where = "one more level of `key`" if "key" in run.axes else "an axis `key`"
    wanted.append(f"a freshly made key as {where}")
    if "proxy" not in run.axes:
        wanted.append("an axis `proxy` with `none` and the network's own")
    if "url" not in run.axes:
        wanted.append("an axis `url` with the provider's other addresses")
    return f"{and_list(wanted)}; and look at the account in the provider's console"


def _clock(run: Observed) -> Iterator[Diagnosis]:
    if run.clock_skew_seconds is None:
        return
    low, high = run.clock_skew_seconds
    if low > SKEW_WORTH_SAYING_SECONDS:
        skew = f"at least {low:.0f} seconds ahead of"
    elif high < -SKEW_WORTH_SAYING_SECONDS:
        skew = f"at least {-high:.0f} seconds behind"
    else:
        return
    yield CAUSES["C06"].diagnosis({"skew": skew})


def _repeats(run: Observed) -> Iterator[Diagnosis]:
    for item in run.variants:
        if {str(Outcome.PASS), str(Outcome.DENIED)} <= set(item.flaky):
            counts = and_list([_times(name, count) for name, count in item.flaky.items()])
            yield CAUSES["V01"].diagnosis(
                {"variant": item.variant.id, "counts": counts},
                exchanges=tuple(attempt.exchange for attempt in item.attempts),
            )


def _times(outcome: str, count: int) -> str:
    return f"{outcome} {'once' if count == 1 else f'{count} times'}"


def _answers(run: Observed) -> Iterator[Diagnosis]:
    """Group the variants by what their last answers show; the first speaks for its group."""
    groups: dict[str, list[tuple[VariantResult, RedactedExchange]]] = {}
    for item in run.variants:
        last = _last(run, item)
        if last is not None:
            for code in _codes(item, last):
                groups.setdefault(code, []).append((item, last))
    for code, members in groups.items():
        item, last = members[0]
        yield CAUSES[code].diagnosis(
            _facts(run, item, last),
            exchanges=tuple(str(exchange.key) for _, exchange in members),
        )


def _codes(item: VariantResult, last: RedactedExchange) -> Iterator[str]:
    sent = [name.lower() for name, _ in last.headers_sent or last.headers]
    if sent.count("authorization") > 1:
        yield "H08"
    if item.outcome is Outcome.OTHER and item.arrival is Arrival.UNKNOWN:
        yield "X06"
    if item.outcome is Outcome.UNREACHABLE:
        yield code_of_failure(last.failure) if last.failure else "N05"
    elif item.outcome is Outcome.PROXY_DENIED:
        yield "P01"
    elif item.outcome is Outcome.DENIED and speaks_of_rate(last.response):
        yield "V03"
    elif item.outcome is not Outcome.PASS and was_held_back(last):
        yield "R06"
    elif item.outcome is Outcome.OTHER and last.response is not None:
        yield from _other_codes(last.response)


def _other_codes(answer: RedactedResponse) -> Iterator[str]:
    if answer.status in _LOOK_ALIKES:
        yield _LOOK_ALIKES[answer.status]
    elif answer.status >= _SERVER_ERRORS:
        yield "V07"
    elif answer.status in _BODY_FAULTS and speaks_of_model(answer):
        yield "V05"


def _last(run: Observed, item: VariantResult) -> RedactedExchange | None:
    """Return the exchange that decided a variant; none when it shares another's."""
    if item.same_as:
        return None
    known = [run.exchanges[a.exchange] for a in item.attempts if a.exchange in run.exchanges]
    return known[-1] if known else None


def _facts(run: Observed, item: VariantResult, last: RedactedExchange) -> dict[str, str]:
    named = (run.keys.get(f"{axis}={level}") for axis, level in item.variant.levels.items())
    facts = next((found for found in named if found is not None), run.keys.get("key"))
    return _no_facts() | {
        **key_facts(None, facts),
        "bad": item.variant.id,
        "status": status_words(last.response),
        "says": quoted(message_of(last.response)),
        "url": last.url.partition("?")[0],
        "proxy": last.proxy or "the proxy",
        "proxy_remedy": proxy_remedy(last.proxy or "in use", None),
        "proxy_denial": proxy_denial(last.proxy or "in use", last.response, last.failure),
        "proxy_refusal": proxy_refusal(last.proxy or "in use", last.response, last.failure),
        "failure": last.failure.message if last.failure else "",
        "bad_form": "two Authorization headers",
        **redirect_facts(last),
    }


def _no_facts() -> dict[str, str]:
    return {**key_facts(None, None), "says": quoted(""), "bad": "", "status": ""}
