"""What a token endpoint's answer comes to, whatever the scenario's own rules say."""

import pytest
from diagnosis.flips import answer, exchange

from harness.judge.classify import classify
from harness.model.exchange import ExchangeKey, RedactedExchange, Step
from harness.model.outcome import Outcome, OutcomeRule, OutcomeRules, StatusRange

ODD = OutcomeRules(
    passing=(OutcomeRule(statuses=(StatusRange(400, 599),)),),
    denied=(OutcomeRule(statuses=(StatusRange(200, 299),)),),
)


def at_step(step: Step, status: int, body: str = "") -> RedactedExchange:
    made = exchange(response=answer(status, body))
    fields = {name: getattr(made, name) for name in RedactedExchange.__dataclass_fields__}
    return RedactedExchange(**(fields | {"key": ExchangeKey("v", step=step)}))


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, "{}", Outcome.PASS),
        (401, "", Outcome.DENIED),
        (400, '{"error":"invalid_client"}', Outcome.DENIED),
        (400, '{"error":"invalid_grant"}', Outcome.DENIED),
        (400, '{"error":"unauthorized_client"}', Outcome.DENIED),
        (403, '{"error":"access_denied"}', Outcome.DENIED),
        (400, '{"error":"invalid_scope"}', Outcome.OTHER),
        (302, "", Outcome.OTHER),
        (503, "busy", Outcome.OTHER),
    ],
)
@pytest.mark.parametrize("rules", [OutcomeRules(), ODD])
def test_a_token_endpoint_is_judged_by_rules_of_its_own(status, body, outcome, rules):
    assert classify(at_step(Step.AUTH, status, body), rules) is outcome


def test_other_steps_are_judged_by_the_scenario():
    for step in (Step.MAIN, Step.PREFLIGHT):
        assert classify(at_step(step, 200), ODD) is Outcome.DENIED
        assert classify(at_step(step, 404), ODD) is Outcome.PASS
