from collections.abc import Callable
from pathlib import Path

import pytest
from difference.samples import redacted
from hypothesis import given
from hypothesis import strategies as st
from reports.diff_samples import SAMPLES, result

from harness.reports.difference_text import MOST_SHOWN, render_difference
from harness.reports.page import NARROWEST
from harness.reports.text_width import columns

GOLDEN = Path(__file__).parent.parent / "golden" / "differences"


def rendered(name: str, *, width: int = 60, everything: bool = False) -> str:
    return render_difference(SAMPLES[name](), width=width, colour=False, everything=everything)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_text_reads_as_in_its_golden_file(
    name: str, golden: Callable[[Path, str], None]
) -> None:
    golden(GOLDEN / f"{name}.60.txt", rendered(name))


def test_all_of_it_reads_as_in_its_golden_file(golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / "key_and_url.80.all.txt", rendered("key_and_url", width=80, everything=True))


def test_the_coloured_text_reads_as_in_its_golden_file(
    golden: Callable[[Path, str], None],
) -> None:
    text = render_difference(SAMPLES["key_and_url"](), width=80, colour=True, everything=False)
    golden(GOLDEN / "key_and_url.80.colour.txt", text.replace("\x1b", "<ESC>"))


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("everything", [False, True])
def test_no_line_is_wider_than_the_page(name: str, everything: bool) -> None:  # noqa: FBT001
    for width in (NARROWEST, 60, 80):
        for ascii_only in (False, True):
            text = render_difference(
                SAMPLES[name](),
                width=width,
                colour=False,
                ascii_only=ascii_only,
                everything=everything,
            )
            assert max(map(columns, text.splitlines())) <= width
            assert all(char == "\n" or char.isprintable() for char in text)
            assert text.isascii() or not ascii_only


def test_what_is_cut_short_is_there_when_all_is_asked_for() -> None:
    assert f"and {31 - MOST_SHOWN} more; --all shows them" in rendered("many")
    assert "more; --all" not in rendered("many", everything=True)
    assert rendered("many", everything=True).count("long") == 200


def test_many_open_questions_are_cut_short_too() -> None:
    headers = tuple((f"X-Key-{number}", "RDX~s1.L35~") for number in range(30))
    left = redacted(headers_sent=headers)
    open_result = result(left, redacted(headers_sent=headers), one_cassette=False)
    text = render_difference(open_result, width=60, colour=False, everything=False)
    assert "and 11 more" in text


def test_both_signs_and_nothing_else_begin_what_differs() -> None:
    lines = rendered("key_and_url").splitlines()
    signs = {line[0] for line in lines if line and not line[0].isalpha()}
    assert signs == {"-", "+", "@", " "}


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_texts_that_differ_look_different(left: str, right: str) -> None:
    """White space apart from its ends and doubles is all that layout may change."""
    if left == right or "RDX~" in left + right:
        return
    shown = result(redacted(method=left), redacted(method=right))
    text = render_difference(shown, width=200, colour=False, everything=False)
    before, after = text.index("\n- method:"), text.index("\n+ method:")
    assert text[before + 2 : after] != text[after + 2 :].partition("\n")[0]
