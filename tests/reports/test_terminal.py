from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reports.samples import AXES, SAMPLES, denied, one_cause, passed, run

from harness.model.finding import Diagnosis, NamedFix, Verdict
from harness.model.outcome import Outcome
from harness.model.result import RunResult
from harness.reports.page import NARROWEST
from harness.reports.terminal import render
from harness.reports.text_width import columns

GOLDEN = Path(__file__).parent.parent / "golden" / "reports"
WIDTHS = (60, 80, 120)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SAMPLES)
def test_the_report_reads_as_in_its_golden_file(
    name: str, width: int, golden: Callable[[Path, str], None]
) -> None:
    golden(GOLDEN / f"{name}.{width}.txt", render(SAMPLES[name](), width=width, colour=False))


def test_the_coloured_report_reads_as_in_its_golden_file(
    golden: Callable[[Path, str], None],
) -> None:
    text = render(SAMPLES["several_causes"](), width=80, colour=True)
    golden(GOLDEN / "several_causes.80.colour.txt", text.replace("\x1b", "<ESC>"))


def test_the_ascii_report_reads_as_in_its_golden_file(
    golden: Callable[[Path, str], None],
) -> None:
    text = render(SAMPLES["hostile"](), width=60, colour=False, ascii_only=True)
    golden(GOLDEN / "hostile.60.ascii.txt", text)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("ascii_only", [False, True])
def test_no_line_is_wider_than_the_page(name: str, ascii_only: bool) -> None:  # noqa: FBT001
    result = SAMPLES[name]()
    for width in (*range(NARROWEST, 100, 7), 160):
        text = render(result, width=width, colour=False, ascii_only=ascii_only)
        assert max(map(columns, text.splitlines())) <= width


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_invisible_is_printed(name: str) -> None:
    for ascii_only in (False, True):
        text = render(SAMPLES[name](), width=80, colour=False, ascii_only=ascii_only)
        assert all(char == "\n" or char.isprintable() for char in text)
        assert text.isascii() or not ascii_only


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_result_gives_the_same_bytes(name: str) -> None:
    sample = SAMPLES[name]
    first = render(sample(), width=80, colour=True)
    assert render(sample(), width=80, colour=True) == first


@pytest.mark.parametrize("name", SAMPLES)
def test_colour_changes_nothing_but_colour(name: str) -> None:
    result = SAMPLES[name]()
    painted = render(result, width=80, colour=True)
    for code in ("0", "1", "2", "32", "33", "1;31", "1;36"):
        painted = painted.replace(f"\x1b[{code}m", "")
    plain = render(result, width=80, colour=False)
    assert [line.rstrip() for line in painted.splitlines()] == plain.splitlines()


def _with_words(result: RunResult, words: str) -> RunResult:
    diagnosis = Diagnosis("K21", words, words, words, also=(words,))
    finding = replace(result.findings[0], diagnosis=diagnosis)
    return replace(
        result,
        scenario=words,
        description=words,
        findings=(finding,),
        observations=(diagnosis,),
        notes=(words,),
        unmet=(words,),
        rule=words,
        ended=words,
        irrelevant=(words,),
        cassette=words,
    )


@settings(max_examples=60)
@given(words=st.text(max_size=200), width=st.integers(NARROWEST, 140), ascii_only=st.booleans())
def test_whatever_servers_and_files_say_the_page_holds(
    words: str,
    width: int,
    ascii_only: bool,  # noqa: FBT001
) -> None:
    text = render(_with_words(one_cause(), words), width=width, colour=False, ascii_only=ascii_only)
    assert all(char == "\n" or char.isprintable() for char in text)
    assert max(map(columns, text.splitlines())) <= width
    assert text.isascii() or not ascii_only


def test_a_page_narrower_than_the_narrowest_is_not_narrowed_further() -> None:
    result = one_cause()
    assert render(result, width=5, colour=False) == render(result, width=NARROWEST, colour=False)


def _text(name: str) -> str:
    return render(SAMPLES[name](), width=100, colour=False)


def test_the_cause_comes_first_then_the_pair_then_the_fix() -> None:
    text = _text("one_cause")
    places = [
        text.index(words)
        for words in (
            "deepseek-401 (lab): key decides it: key=shell passes, key=dotenv is denied",
            "CAUSE K08: the key has quotes in it",
            "pass 200      baseline",
            "denied 401    key=dotenv",
            "FIX     remove the trailing double quote from .env:3 DEEPSEEK_API_KEY",
            "Irrelevant  proxy, scheme",
            "MATRIX",
        )
    ]
    assert places == sorted(places)


def test_several_causes_are_listed_before_their_blocks() -> None:
    text = _text("several_causes")
    assert "1 cause of a denial; 2 more levels fail otherwise; 1 more flip is as" in text
    assert text.index("3. N02") < text.index("1. CAUSE K08") < text.index("2. ALSO FAILS K01")


def test_a_foreseen_cause_takes_one_line_unless_all_are_foreseen() -> None:
    sample = SAMPLES["several_causes"]()
    text = render(sample, width=100, colour=False)
    assert "AS EXPECTED\n  H06  the key is sent under the wrong header name (scheme:" in text
    assert "CAUSE H06" not in text
    foreseen = next(item for item in sample.findings if item.diagnosis.code == "H06")
    alone = render(replace(sample, findings=(foreseen,)), width=100, colour=False)
    assert "1 flip is as expected" in alone
    assert "CAUSE H06" in alone


def test_several_causes_are_counted() -> None:
    sample = SAMPLES["several_causes"]()
    rows = tuple(replace(item, expected=Outcome.PASS) for item in sample.variants)
    text = render(replace(sample, variants=rows), width=100, colour=False)
    assert "2 causes of a denial, each enough on its own; 2 more levels fail" in text


def test_where_a_flip_was_seen_is_said() -> None:
    assert "Seen    from baseline and again from baseline (repeat 2)" in _text("one_cause")
    assert "Seen    from baseline and again from baseline (repeat 2)" in _text("denied_baseline")


def test_a_replay_says_that_nothing_was_sent() -> None:
    text = _text("replayed")
    assert "deepseek-401 (lab, replayed)" in text
    assert "nothing was sent now" in text


def test_a_fix_that_a_finding_shows_is_not_repeated() -> None:
    assert "Passes " not in _text("one_cause")
    assert "Passes " not in _text("several_causes")
    sample = one_cause()
    other = NamedFix("key=dotenv", {"proxy": "corp"})
    text = render(replace(sample, fixes=(other,)), width=100, colour=False)
    assert "Passes      key=dotenv with proxy=corp" in text


def test_keys_that_a_finding_shows_are_not_repeated() -> None:
    assert "KEYS" not in _text("one_cause")
    assert "KEYS\n  key=shell" in _text("all_denied")


def test_a_run_without_variants_has_no_matrix() -> None:
    text = render(run(verdict=Verdict.NO_VERDICT), width=100, colour=False)
    assert "no variant was run" in text
    assert "MATRIX" not in text


def test_an_untested_baseline_is_named() -> None:
    assert "Not tested  baseline" in _text("replayed")


def test_a_proof_whose_exchange_is_not_listed_falls_back_on_the_row() -> None:
    sample = one_cause()
    rows = tuple(replace(item, attempts=()) for item in sample.variants)
    text = render(replace(sample, variants=rows), width=100, colour=False)
    assert "denied 401    key=dotenv" in text
    text = render(replace(sample, variants=(passed(AXES), denied(AXES))), width=100, colour=False)
    assert "other         key=dotenv" in text


def test_a_flip_that_follows_from_the_plan_shows_its_levels() -> None:
    sample = SAMPLES["several_causes"]()
    static = next(item for item in sample.findings if not item.breaks)
    only = replace(sample, findings=(static,), variants=())
    assert "not-sent      key=vault" in render(only, width=100, colour=False)
