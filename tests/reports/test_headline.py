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
        ("masks_only", "proxy decides it: proxy=direct passes, proxy=old reaches nobody"),
        ("nothing_flips", "nothing flips (pass 2)"),
        ("all_denied", "everything that was sent is denied"),
        ("unreachable", "no verdict: nothing passed and nothing was denied (unreachable 2)"),
        ("flip_without_finding", "outcomes differ, and no cause is named (pass 1, denied 1)"),
    ],
)
def test_the_verdict_is_one_sentence(name: str, sentence: str) -> None:
    assert headline(SAMPLES[name]()) == sentence


def test_several_findings_are_counted() -> None:
    sample = SAMPLES["several_causes"]()
    quotes = [item for item in sample.findings if item.diagnosis.code == "K08"]
    masks = [item for item in sample.findings if item.diagnosis.code in {"N02", "K01"}]
    assert headline(run(findings=(*quotes, *quotes))) == (
        "2 causes of a denial, each enough on its own"
    )
    assert headline(run(findings=(*quotes, *masks))) == (
        "1 cause of a denial; 2 more levels fail otherwise"
    )
    assert headline(run(findings=(*quotes, masks[0]))).endswith("; 1 more level fails otherwise")
    assert headline(run(findings=tuple(masks))) == "2 levels fail otherwise"


def test_a_run_of_nothing_says_so() -> None:
    assert headline(run(verdict=Verdict.NONE)) == "nothing flips (no variant was run)"
