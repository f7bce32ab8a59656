"""From what a run saw to what a report says."""

from __future__ import annotations

from support.scenario_texts import bearer_text
from support.scripted_runs import Scripted, answered, header

from harness.judge.conclude import RunRecord, conclude
from harness.model.finding import Evidence, Verdict
from harness.model.outcome import Outcome
from harness.model.result import RunResult
from harness.scenario_file.template import parse_template

URL = "https://api.example.com/v1"
GOOD, BAD = "made-up-good-key", "made-up-bad-key"


def concluded(axes: str, keys: dict[str, str], reply=None, rest: str = "") -> RunResult:
    """Run over a server that takes the good key only."""

    def judge(request):
        return answered(200 if GOOD in header(request, "Authorization") else 401)

    scripted = Scripted(bearer_text(URL, axes=axes, rest=rest), reply or judge, keys)
    run = scripted.execute()
    facts = scripted.facts
    record = RunRecord(
        scenario=run.scenario,
        found=run.found,
        runs=run.runs,
        exchanges=scripted.exchanges,
        facts=facts,
        ended=run.ended,
        rounds=run.rounds,
        lab=False,
        cassette=None,
        text_of=parse_template,
    )
    return conclude(record)


def by_id(result: RunResult) -> dict[str, Outcome]:
    return {item.variant.id: item.outcome for item in result.variants}


KEYS = "\n  key: {a: {env: A}, b: {env: B}, c: {env: C}}"


def test_equal_values_are_reported_beside_the_one_that_was_sent():
    result = concluded(KEYS, {"A": GOOD, "B": BAD, "C": BAD})
    assert by_id(result) == {
        "baseline": Outcome.PASS,
        "key=b": Outcome.DENIED,
        "key=c": Outcome.DENIED,
    }
    (alias,) = [item for item in result.variants if item.same_as]
    assert (alias.variant.id, alias.same_as) == ("key=c", "b")
    assert {attempt.exchange.split("/")[0] for attempt in alias.attempts} == {"key=b"}


def test_equal_values_are_reported_where_another_axis_moved_the_base():
    axes = """
  key: {a: {env: A}, b: {env: B}}
  keys.p: {p: {env: P}, q: {env: Q}}
  carrier:
    first: {headers: {X-Proxy-Key: "${keys.p}"}}
    second: {headers: {X-Proxy-Key: null, X-Key: "${keys.p}"}}
"""
    result = concluded(axes, {"A": GOOD, "B": GOOD, "Q": BAD})
    (alias,) = [item for item in result.variants if item.same_as]
    assert (alias.variant.id, alias.same_as) == ("key=b,keys.p=q", "a")


def test_a_twin_that_was_not_run_has_nothing_to_share():
    result = concluded(KEYS, {"A": BAD, "B": GOOD, "C": GOOD}, rest="search: {budget: 1}")
    assert by_id(result) == {"baseline": Outcome.DENIED}


def test_a_flaky_variant_counts_its_outcomes_and_shows_the_deciding_one():
    asked = []

    def moody(_request):
        asked.append(1)
        return answered(401 if len(asked) == 1 else 200)

    axes = "\n  key: {a: {env: A}}"
    rest = "search: {repeat: 3, concurrency: 1}"
    result = concluded(axes, {"A": GOOD}, moody, rest)
    (item,) = result.variants
    assert (item.outcome, item.http_status) == (Outcome.PASS, 200)
    assert item.flaky == {"denied": 1, "pass": 2}
    assert len(item.attempts) == 3


def test_a_tie_is_denied_even_if_nothing_was():
    asked = []

    def moody(_request):
        asked.append(1)
        return answered(404 if len(asked) == 1 else 200)

    axes = "\n  key: {a: {env: A}}"
    result = concluded(axes, {"A": GOOD}, moody, "search: {repeat: 2, concurrency: 1}")
    (item,) = result.variants
    assert (item.outcome, item.http_status) == (Outcome.DENIED, None)


def test_a_denied_baseline_has_findings_that_pass_and_a_fix():
    result = concluded(KEYS, {"A": BAD, "B": GOOD, "C": "made-up-third-key"})
    assert [(item.flip, item.to) for item in result.findings] == [
        ({"key": ("a", "b")}, Outcome.PASS)
    ]
    assert [(fix.of, fix.sets) for fix in result.fixes] == [("baseline", {"key": "b"})]


def test_an_expected_code_is_met_by_the_fix_of_a_denied_baseline():
    rest = "expect: [{when: {key: a}, outcome: denied, code: K21}]"
    result = concluded("\n  key: {a: {env: A}, b: {env: B}}", {"A": BAD, "B": GOOD}, rest=rest)
    assert result.unmet == ()
    assert result.exit_code == 0


def test_without_a_run_nothing_is_claimed():
    result = concluded(KEYS, {}, rest="search: {budget: 1}")
    assert result.verdict is Verdict.NO_VERDICT
    assert set(by_id(result).values()) == {Outcome.NOT_SENT}
    assert (result.requests_sent, result.exit_code) == (0, 3)
    assert result.keys["key=a"].error == "env A is not there"


def test_variants_come_in_the_order_of_the_plan_whatever_order_they_ran_in():
    axes = """
  key: {a: {env: A}, b: {env: B}}
  accept: {any: {}, json: {headers: {Accept: a/json}}}"""
    result = concluded(axes, {"A": GOOD, "B": BAD}, rest="search: {strategy: all}")
    assert list(by_id(result)) == ["baseline", "key=b", "accept=json", "key=b,accept=json"]
    assert result.evidence is Evidence.CERTIFIED
    assert result.irrelevant == ("accept",)


def test_keys_that_do_not_vary_have_their_name_alone():
    text_axes = "\n  accept: {any: {}, json: {headers: {Accept: a/json}}}"
    text = bearer_text(URL, axes=text_axes).replace("axes:", "  key: {env: A}\naxes:")
    scripted = Scripted(text, lambda _request: answered(200), {"A": GOOD})
    run = scripted.execute()
    record = RunRecord(
        scenario=run.scenario,
        found=run.found,
        runs=run.runs,
        exchanges=scripted.exchanges,
        facts=scripted.facts,
        ended=run.ended,
        rounds=run.rounds,
        lab=True,
        cassette="x.yaml",
        text_of=parse_template,
    )
    result = conclude(record)
    assert list(result.keys) == ["key"]
    assert (result.lab, result.cassette) == (True, "x.yaml")
