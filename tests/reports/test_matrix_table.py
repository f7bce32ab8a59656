from reports.samples import AXES, SAMPLES, Axes, denied, passed, row, run

from harness.model.key_facts import KeyFacts
from harness.model.outcome import Outcome
from harness.model.result import RunResult
from harness.reports.matrix_table import add_matrix, row_note
from harness.reports.page import Page


def _table(result: RunResult, width: int = 80) -> list[str]:
    page = Page(width, colour=False, ascii_only=False)
    add_matrix(page, result)
    return page.text().splitlines()


def test_only_levels_off_the_baseline_are_named() -> None:
    lines = _table(run(variants=(passed(AXES), denied(AXES, key="dotenv", scheme="lower"))))
    assert lines[1:4] == [
        "  key     scheme  outcome  HTTP",
        "  shell   bearer  pass     200",
        "  dotenv  lower   denied   401   !",
    ]


def test_an_axis_that_no_row_varies_has_no_column() -> None:
    lines = _table(run(variants=(passed(AXES), denied(AXES, key="dotenv"))))
    assert "proxy" not in lines[1]
    assert lines[-1] == "     in every row: proxy=direct, scheme=bearer"


def test_rows_with_the_same_note_share_its_mark() -> None:
    lost = [
        row(AXES, {"key": "dotenv", "proxy": proxy}, Outcome.UNREACHABLE, failure="no route")
        for proxy in ("direct", "corp")
    ]
    lines = _table(run(variants=(passed(AXES), *lost)))
    assert [line.split()[-1] for line in lines[3:5]] == ["!a", "!a"]
    assert "  a  no route" in lines


def test_there_are_marks_beyond_z() -> None:
    axes: Axes = (("key", tuple(f"k{n}" for n in range(40))),)
    rows = [row(axes, {"key": f"k{n}"}, Outcome.NOT_SENT, reason=f"r{n}") for n in range(1, 40)]
    assert "  n27 not sent: r27" in _table(run(axes=axes, variants=tuple(rows)))


def test_wide_levels_are_cut_before_columns_are_given_up() -> None:
    level = "a-level-with-a-rather-long-name"
    axes: Axes = (("key", ("a", level)), ("proxy", ("b", level)))
    rows = (passed(axes), denied(axes, key=level), denied(axes, proxy=level))
    lines = _table(run(axes=axes, variants=rows), 60)
    assert "  a-level-with-a-r…  ·  " in lines[3]


def test_titles_give_way_before_levels_do() -> None:
    name = "a-title-with-many-letters"
    axes: Axes = ((name, ("json", "charset")), ("proxy", ("direct", "corporate")))
    rows = (passed(axes), denied(axes, **{name: "charset"}), denied(axes, proxy="corporate"))
    assert _table(run(axes=axes, variants=rows), 45)[1:3] == [
        "  a-title-wi…  proxy      outcome  HTTP",
        "  json         direct     pass     200",
    ]


def test_many_axes_on_a_narrow_page_become_a_list_of_ids() -> None:
    lines = _table(SAMPLES["many_axes"](), 60)
    assert lines[1] == "  pass          200       baseline"
    assert lines[10].endswith("…")


def test_a_shared_exchange_names_the_level_that_it_shares() -> None:
    axes: Axes = (("key", ("shell", "file")), ("proxy", ("direct", "corp")))
    one = row(axes, {"key": "file"}, Outcome.PASS, 200, same_as="baseline")
    two = row(axes, {"key": "file", "proxy": "corp"}, Outcome.PASS, 200, same_as="baseline")
    lost = row(axes, {"key": "file"}, Outcome.PASS, 200, same_as="elsewhere")
    result = run(axes=axes, variants=(passed(axes), one, two))
    assert row_note(result, one) == "same value as shell"
    assert row_note(result, two) == "same request as baseline"
    assert row_note(result, lost) == "same value as elsewhere"


def test_a_row_that_was_not_sent_says_why() -> None:
    failed = row(AXES, {}, Outcome.UNREACHABLE, failure="refused").attempts
    result = run()
    assert row_note(result, row(AXES, {}, Outcome.NOT_SENT)) == "not sent: no reason is known"
    keys = {"key=dotenv": KeyFacts("file b", error="no file b")}
    no_key = row(AXES, {"key": "dotenv"}, Outcome.NOT_SENT)
    assert row_note(run(keys=keys), no_key) == "not sent: no file b"
    by_client = row(AXES, {}, Outcome.NOT_SENT, attempts=failed)
    assert row_note(result, by_client) == "not sent: refused"
    assert row_note(result, row(AXES, {}, Outcome.UNREACHABLE, reason="late")) == "late"
    assert row_note(result, passed(AXES)) == ""
