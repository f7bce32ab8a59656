import pytest
from reports.samples import SAMPLES, run

from harness.model.finding import Verdict
from harness.reports.headline import headline


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("one_cause", "key decides it: key=shell passes, key=dotenv is denied"),
        ("denied_baseline", "key decides it: key=dotenv passes, key=shell is denied"),
        (
            "interaction",
            (
                "proxy and url together decide it: proxy=direct,url=https passes, "
                "proxy=corp,url=http is denied"
            ),
        ),
        ("masks_only", "1 level fails for a reason that is not the key"),
        ("nothing_flips", "nothing flips (pass 2)"),
        ("all_denied", "everything that was sent is denied"),
        ("unreachable", "no verdict: nothing passed and nothing was denied (unreachable 2)"),
        ("flip_without_finding", "outcomes differ, and no cause is named (pass 1, denied 1)"),
    ],
)
def test_the_verdict_is_one_sentence(name: str, sentence: str) -> None:
    assert headline(SAMPLES[name]()) == sentence


def test_a_run_of_nothing_says_so() -> None:
    assert headline(run(verdict=Verdict.NONE)) == "nothing flips (no variant was run)"
