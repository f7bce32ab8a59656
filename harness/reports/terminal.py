"""The report for a terminal: the verdict first, then the matrix, then the rest."""

from __future__ import annotations

from harness.model.result import RunResult
from harness.reports.closing_block import (
    add_closing,
    add_keys,
    add_observations,
    add_relevance,
)
from harness.reports.matrix_table import add_matrix
from harness.reports.page import Page
from harness.reports.verdict_block import add_verdict


def render(result: RunResult, *, width: int, colour: bool, ascii_only: bool = False) -> str:
    """Return the report, no line wider than `width` columns (at least 40).

    The same result, width and options give the same bytes. `ascii_only` is for streams that
    cannot encode more.
    """
    page = Page(width, colour=colour, ascii_only=ascii_only)
    add_verdict(page, result)
    add_relevance(page, result)
    add_observations(page, result)
    add_matrix(page, result)
    add_keys(page, result)
    add_closing(page, result)
    return page.text()
