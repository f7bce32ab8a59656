"""What is expected of a variant, and whether the findings meet it."""

from __future__ import annotations

from support.matrices import axis, header, key_axis, scenario

from harness.judge.expectations import expected_outcome, unmet_codes
from harness.model.finding import Confidence, Diagnosis, Finding
from harness.model.outcome import Outcome
from harness.model.result import AttemptResult, VariantResult
from harness.model.scenario import Expectation, Scenario, Selection
from harness.model.variant import Cell, Variant

KEY = key_axis("shell", "dotenv", "vault")
SCHEME = axis("scheme", bearer=header("X-A", "1"), lower=header("X-A", "2"))


def when(**levels: tuple[str, ...]) -> Selection:
    return Selection(levels)


def expecting(*expect: Expectation) -> Scenario:
    return scenario(KEY, SCHEME, expect=expect)


def result(cell: Cell, outcome: Outcome = Outcome.DENIED, *, same_as: str = "", sent: str = "x"):
    attempt = AttemptResult(sent, "main", 0, outcome, 401)
    variant = Variant.of((KEY, SCHEME), cell)
    return VariantResult(variant, outcome, outcome, 401, (attempt,), same_as=same_as)


def finding(code: str, to: Outcome = Outcome.DENIED, also: tuple[str, ...] = (), **flip):
    cause = Diagnosis(code, "", "", "", also)
    return Finding(flip, to, (), (), Confidence.PROVED, cause)


def test_a_pass_is_expected_where_nothing_is_said():
    assert expected_outcome(expecting(), (1, 1)) is Outcome.PASS


def test_the_first_match_counts():
    made = expecting(
        Expectation(when(key=("dotenv",)), Outcome.DENIED),
        Expectation(when(scheme=("lower",)), Outcome.OTHER),
        Expectation(when(), Outcome.UNREACHABLE),
    )
    assert expected_outcome(made, (1, 1)) is Outcome.DENIED
    assert expected_outcome(made, (0, 1)) is Outcome.OTHER
    assert expected_outcome(made, (0, 0)) is Outcome.UNREACHABLE


def unmet(expectation: Expectation, results, findings) -> list[str]:
    return [str(one) for one in unmet_codes(expecting(expectation), results, findings)]


DOTENV = Expectation(when(key=("dotenv",)), Outcome.DENIED, "K08")


def test_the_code_of_the_finding_meets_it():
    assert unmet(DOTENV, [result((1, 0))], [finding("K08", key=("shell", "dotenv"))]) == []


def test_a_code_that_cannot_be_told_from_it_meets_it():
    found = finding("K21", also=("A01", "K08"), key=("shell", "dotenv"))
    assert unmet(DOTENV, [result((1, 0))], [found]) == []


def test_another_code_does_not():
    told = unmet(DOTENV, [result((1, 0))], [finding("K09", key=("shell", "dotenv"))])
    assert told == ["key=dotenv: expected cause K08, found K09"]


def test_no_finding_at_all_does_not():
    told = unmet(DOTENV, [result((1, 0))], [finding("K08", key=("shell", "vault"))])
    assert told == ["key=dotenv: expected cause K08, found no cause"]


def test_a_variant_that_was_not_run_is_not_judged():
    assert unmet(DOTENV, [result((0, 0)), result((0, 1))], []) == []


def test_an_expectation_without_a_code_is_met_by_its_outcome():
    only_outcome = Expectation(when(key=("dotenv",)), Outcome.DENIED)
    assert unmet(only_outcome, [result((1, 0))], []) == []


def test_one_with_two_faults_is_not_judged_beside_one_with_one():
    results = [result((1, 0)), result((1, 1))]
    found = [finding("K09", key=("shell", "dotenv")), finding("K08", scheme=("bearer", "lower"))]
    assert unmet(DOTENV, results, found) == ["key=dotenv: expected cause K08, found K09"]
    assert unmet(DOTENV, results[1:], found) == []


def test_each_level_of_a_list_must_show_the_code():
    both = Expectation(when(key=("dotenv", "vault")), Outcome.DENIED, "K08")
    found = [finding("K08", key=("shell", "dotenv")), finding("K09", key=("shell", "vault"))]
    told = unmet(both, [result((1, 0)), result((2, 0))], found)
    assert told == ["key=vault: expected cause K08, found K09"]


def test_a_flip_to_a_pass_speaks_of_where_it_starts():
    baseline = Expectation(when(key=("shell",)), Outcome.DENIED, "K08")
    found = finding("K08", Outcome.PASS, key=("shell", "dotenv"))
    assert unmet(baseline, [result((0, 0))], [found]) == []
    assert unmet(DOTENV, [result((1, 0))], [found]) == [
        "key=dotenv: expected cause K08, found no cause"
    ]


def test_a_level_of_equal_value_is_judged_by_its_twin():
    vault = Expectation(when(key=("vault",)), Outcome.DENIED, "K08")
    results = [
        result((0, 0), sent="baseline/1/main/0/1"),
        result((1, 0), sent="key=dotenv/1/main/0/1"),
        result((2, 0), sent="key=dotenv/1/main/0/1", same_as="dotenv"),
    ]
    assert unmet(vault, results, [finding("K08", key=("shell", "dotenv"))]) == []


def test_a_flip_of_two_axes_concerns_only_who_stands_in_it():
    expected = Expectation(when(scheme=("lower",)), Outcome.DENIED, "K08")
    found = finding("K08", key=("shell", "dotenv"), scheme=("bearer", "lower"))
    assert unmet(expected, [result((0, 1))], [found]) == []
    assert unmet(expected, [result((2, 1))], [found]) == [
        "key=vault,scheme=lower: expected cause K08, found no cause"
    ]
