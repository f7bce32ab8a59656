from __future__ import annotations

import itertools

import pytest

from harness.judge.exit_code import PRECEDENCE, run_exit_code, worst
from harness.model.finding import Evidence
from harness.model.outcome import Outcome
from harness.model.result import VariantResult
from harness.model.variant import Variant

PARTIAL, INCONCLUSIVE = Evidence.PARTIAL, Evidence.INCONCLUSIVE


def result(outcome: Outcome, expected: Outcome = Outcome.PASS) -> VariantResult:
    return VariantResult(Variant((0,), "baseline", {}), outcome, expected, None)


@pytest.mark.parametrize(
    ("variants", "evidence", "unmet", "code"),
    [
        ([result(Outcome.PASS)], PARTIAL, [], 0),
        ([result(Outcome.DENIED, Outcome.DENIED)], PARTIAL, [], 0),
        ([result(Outcome.PASS), result(Outcome.DENIED)], PARTIAL, [], 1),
        ([result(Outcome.PASS), result(Outcome.OTHER)], INCONCLUSIVE, [], 1),
        ([result(Outcome.PASS)], PARTIAL, ["a code"], 1),
        ([result(Outcome.PASS)], INCONCLUSIVE, [], 5),
        ([result(Outcome.PROXY_DENIED, Outcome.PROXY_DENIED)], PARTIAL, [], 0),
        ([result(Outcome.UNREACHABLE)], PARTIAL, [], 3),
        ([result(Outcome.OTHER, Outcome.OTHER)], PARTIAL, [], 3),
        ([result(Outcome.NOT_SENT, Outcome.NOT_SENT)], INCONCLUSIVE, ["a code"], 3),
        ([], PARTIAL, [], 3),
    ],
)
def test_the_code_of_one_run(variants, evidence, unmet, code):
    assert run_exit_code(variants, evidence, unmet) == code


def test_the_gravest_code_wins():
    order = [70, 4, 2, 130, 3, 1, 5, 0]
    assert [code for code in PRECEDENCE if code != 143] == order
    for graver, lighter in itertools.combinations(order, 2):
        assert worst([lighter, graver]) == worst([graver, lighter]) == graver
    assert worst([3, 143]) == 143
    assert worst([]) == 0
