from collections.abc import Mapping

import pytest
from diagnosis.flips import GOOD_ENV, NO_HEADER, answer, exchange, key, refusal

from harness.diagnosis.observations import Observed, observe
from harness.model.exchange import NOT_FOLLOWED, Failure, Phase, RedactedExchange
from harness.model.finding import Confidence, Diagnosis, Finding, Verdict
from harness.model.key_facts import KeyFacts
from harness.model.outcome import Outcome
from harness.model.result import AttemptResult, VariantResult
from harness.model.variant import Variant


def _row(
    name: str,
    outcome: Outcome,
    *,
    flaky: Mapping[str, int] | None = None,
    same_as: str = "",
) -> VariantResult:
    variant = Variant((0,), name, {"key": name})
    attempt = AttemptResult(f"{name}/1/main/0/1", "main", 0, outcome, None)
    return VariantResult(
        variant, outcome, Outcome.PASS, None, (attempt,), flaky=flaky or {}, same_as=same_as
    )


def _run(
    *seen: tuple[str, Outcome, RedactedExchange],
    verdict: Verdict = Verdict.FLIP,
    axes: tuple[str, ...] = ("key",),
    keys: Mapping[str, KeyFacts] | None = None,
    findings: tuple[Finding, ...] = (),
) -> tuple[Diagnosis, ...]:
    return observe(
        Observed(
            variants=[_row(name, outcome) for name, outcome, _ in seen],
            exchanges={f"{name}/1/main/0/1": item for name, _, item in seen},
            verdict=verdict,
            axes=axes,
            keys=keys or {},
            findings=findings,
        )
    )


def _one(
    outcome: Outcome, status: int, body: str = "", **headers: str
) -> tuple[str, Outcome, RedactedExchange]:
    seen = answer(status, body, headers=tuple(headers.items()))
    return "a", outcome, exchange("a", response=seen)


def _codes(found: tuple[Diagnosis, ...]) -> list[str]:
    return [item.code for item in found]


@pytest.mark.parametrize(
    ("outcome", "status", "body", "codes"),
    [
        (Outcome.PASS, 200, "rate limit", []),
        (Outcome.DENIED, 401, "no", []),
        (Outcome.DENIED, 401, "rate limit", ["V03"]),
        (Outcome.OTHER, 402, "", ["A02"]),
        (Outcome.DENIED, 402, "", []),
        (Outcome.OTHER, 403, "", ["A08"]),
        (Outcome.OTHER, 429, "", ["V06"]),
        (Outcome.OTHER, 503, "", ["V07"]),
        (Outcome.OTHER, 404, "", []),
        (Outcome.OTHER, 400, "The supported API model names are a, but you passed b.", ["V05"]),
        (Outcome.OTHER, 400, "bad JSON", []),
        (Outcome.PROXY_DENIED, 407, "", ["P01"]),
        (Outcome.UNREACHABLE, 403, "", ["N05"]),
    ],
)
def test_an_answer_speaks_for_itself(
    outcome: Outcome, status: int, body: str, codes: list[str]
) -> None:
    assert _codes(_run(_one(outcome, status, body))) == codes


@pytest.mark.parametrize(
    ("phase", "code"),
    [(Phase.DNS, "N01"), (Phase.PROXY, "N02"), (Phase.TLS, "N03"), (Phase.TIMEOUT, "N04")],
)
def test_an_unreachable_host_is_told_by_how_far_it_got(phase: Phase, code: str) -> None:
    seen = ("a", Outcome.UNREACHABLE, exchange("a", failure=refusal(phase, "cannot connect")))
    found = _run(seen, verdict=Verdict.NO_VERDICT)
    assert _codes(found) == [code]
    assert "cannot connect" in found[0].explanation


def test_a_request_that_was_not_sent_says_nothing() -> None:
    seen = ("a", Outcome.NOT_SENT, exchange("a", failure=refusal(Phase.NOT_SENT)))
    assert _run(seen) == ()


def test_a_redirect_that_was_held_back_names_where_it_leads() -> None:
    moved = answer(307, headers=(("Location", "https://other.test/v1?a=b"),))
    held = Failure(Phase.REDIRECT, NOT_FOLLOWED, "it was held back")
    seen = exchange("a", response=moved, failure=held)
    found = _run(("a", Outcome.OTHER, seen))
    assert _codes(found) == ["R06"]
    assert "https://other.test/v1" in found[0].fix
    assert "a=b" not in found[0].fix
    assert _codes(_run(("a", Outcome.PASS, seen))) == []


def test_variants_with_the_same_observation_share_it() -> None:
    found = _run(
        ("a", Outcome.OTHER, exchange("a", response=answer(429))),
        ("b", Outcome.OTHER, exchange("b", response=answer(429))),
    )
    assert [item.exchanges for item in found] == [("a/1/main/0/1", "b/1/main/0/1")]


def test_a_cause_that_a_finding_names_is_not_said_twice() -> None:
    known = Diagnosis("A02", "", "", "")
    finding = Finding({}, Outcome.OTHER, (), (), Confidence.PROVED, known)
    assert _run(_one(Outcome.OTHER, 402), findings=(finding,)) == ()


def test_two_authorization_headers_are_seen_on_the_wire() -> None:
    twice = (("Authorization", "Bearer x"), ("authorization", "Basic y"))
    found = _run(("a", Outcome.PASS, exchange("a", headers=twice, response=answer(200))))
    assert _codes(found) == ["H08"]


def test_repeats_that_pass_and_are_denied_are_v01() -> None:
    row = _row("a", Outcome.DENIED, flaky={"pass": 2, "denied": 1})
    run = Observed(variants=[row], exchanges={}, verdict=Verdict.FLIP)
    found = observe(run)
    assert _codes(found) == ["V01"]
    assert "pass 2 times and denied once" in found[0].explanation


def test_repeats_that_never_pass_are_not_v01() -> None:
    row = _row("a", Outcome.DENIED, flaky={"other": 2, "denied": 1})
    assert observe(Observed(variants=[row], exchanges={}, verdict=Verdict.FLIP)) == ()


def test_a_variant_that_shares_an_exchange_adds_nothing() -> None:
    seen = exchange("a", response=answer(429))
    rows = [_row("a", Outcome.OTHER), _row("b", Outcome.OTHER, same_as="a")]
    both = {"a/1/main/0/1": seen, "b/1/main/0/1": seen}
    found = observe(Observed(variants=rows, exchanges=both, verdict=Verdict.FLIP))
    assert [item.exchanges for item in found] == [("a/1/main/0/1",)]


@pytest.mark.parametrize(
    ("skew", "words"),
    [
        ((31.0, 32.0), "at least 31 seconds ahead of the server's"),
        ((-40.2, -35.1), "at least 35 seconds behind the server's"),
    ],
)
def test_a_clock_that_is_surely_off_is_c06(skew: tuple[float, float], words: str) -> None:
    found = observe(
        Observed(variants=(), exchanges={}, verdict=Verdict.NONE, clock_skew_seconds=skew)
    )
    assert _codes(found) == ["C06"]
    assert words in found[0].explanation


@pytest.mark.parametrize("skew", [(-0.4, 0.3), (29.0, 31.0), (-31.0, -29.0), None])
def test_a_clock_that_may_be_right_is_not_c06(skew: tuple[float, float] | None) -> None:
    run = Observed(variants=(), exchanges={}, verdict=Verdict.NONE, clock_skew_seconds=skew)
    assert observe(run) == ()


def test_when_all_is_denied_it_says_what_to_add() -> None:
    found = _run(_one(Outcome.DENIED, 401, "invalid api key"), verdict=Verdict.ALL_DENIED)
    assert _codes(found) == ["X03"]
    assert found[0].fix.startswith("add to the scenario: a freshly made key as one more level of")
    assert "an axis `proxy`" in found[0].fix
    assert "an axis `url`" in found[0].fix
    assert '"invalid api key"' in found[0].explanation


def test_axes_that_are_there_are_not_asked_for() -> None:
    seen = _one(Outcome.DENIED, 401, NO_HEADER)
    found = _run(seen, verdict=Verdict.ALL_DENIED, axes=("key", "proxy", "url"))
    assert "an axis" not in found[0].fix
    assert "the server sees no key at all" in found[0].fix


def test_all_denied_without_exchanges_is_said_too() -> None:
    run = Observed(variants=[_row("a", Outcome.DENIED)], exchanges={}, verdict=Verdict.ALL_DENIED)
    assert _codes(observe(run)) == ["X03"]


def test_when_all_is_denied_an_odd_key_is_worth_a_look() -> None:
    odd = key("dotenv .env API_KEY", place=".env:3 API_KEY", edges=("trailing double quote",))
    keys = {"key=a": GOOD_ENV, "key=b": odd, "key=c": odd}
    found = _run(_one(Outcome.DENIED, 401), verdict=Verdict.ALL_DENIED, keys=keys)
    assert _codes(found) == ["X03", "K08"]
    assert found[1].title == "perhaps: the key has quotes in it"
    assert found[1].fix == "remove the trailing double quote from .env:3 API_KEY"


def test_an_odd_key_is_not_suspected_when_something_passed() -> None:
    odd = key("file b", edges=("trailing space",))
    assert _run(_one(Outcome.PASS, 200), keys={"key=a": odd}) == ()


def test_the_key_of_the_level_is_named() -> None:
    keys = {"key=a": key("dotenv .env K", place=".env:9 K"), "key": GOOD_ENV}
    found = _run(_one(Outcome.OTHER, 402), keys=keys)
    assert found[0].fix == "top up the account that the key of a belongs to"
