from harness.reports.page import NARROWEST, Page, Style


def _page(width: int = 40, *, colour: bool = False, ascii_only: bool = False) -> Page:
    return Page(width, colour=colour, ascii_only=ascii_only)


def test_text_hangs_beside_its_label() -> None:
    page = _page()
    page.labelled("FIX", "one two three four five six seven eight")
    assert page.text() == "  FIX     one two three four five six\n          seven eight\n"


def test_a_label_that_takes_half_the_page_stands_above_its_text() -> None:
    page = _page()
    page.labelled("a label of more than twenty columns", "text", indent=0)
    assert page.text() == "a label of more than twenty columns\n  text\n"


def test_two_blank_lines_become_one_and_none_ends_the_page() -> None:
    page = _page()
    page.blank()
    page.paragraph("a")
    page.blank()
    page.blank()
    page.paragraph("b")
    page.blank()
    assert page.text() == "a\n\nb\n"


def test_colour_is_put_around_words_only_where_there_is_colour() -> None:
    assert _page(colour=True).paint("x", Style.BOLD) == "\x1b[1mx\x1b[0m"
    assert _page(colour=True).paint("x", Style.PLAIN) == "x"
    assert _page(colour=True).paint("  ", Style.BOLD) == "  "
    assert _page().paint("x", Style.BOLD) == "x"


def test_a_page_has_a_least_width() -> None:
    assert _page(3).width == NARROWEST


def test_an_ascii_page_shows_ascii() -> None:
    assert _page(ascii_only=True).clean("a…\x1b") == r"a...\x1b"
