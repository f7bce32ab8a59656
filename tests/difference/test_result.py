from difference.samples import answer, redacted

from harness.difference.difference import Comparison, Difference, Kind, Part, Weight
from harness.difference.result import DiffResult, Side
from harness.model.exchange import Failure, Phase
from harness.model.outcome import Outcome


def side(**fields: object) -> Side:
    return Side("a.yaml", redacted(**fields), Outcome.PASS)


def test_the_answer_is_told_in_words() -> None:
    failure = Failure(Phase.DNS, "no-such-host", "no such host")
    assert side(response=answer(200)).answer == "200 Said"
    assert side(response=answer(200, reason="")).answer == "200"
    assert side(response=None, failure=failure).answer == "dns/no-such-host"
    assert side(response=None).answer == "no answer"


def test_only_what_counts_makes_two_exchanges_differ() -> None:
    for weight in Weight:
        found = Difference(Part.URL, "host", Kind.CHANGED, "a", "b", weight=weight)
        result = DiffResult(side(), side(), Comparison.of([found]))
        assert result.is_same is (weight is not Weight.DIFFERS)
