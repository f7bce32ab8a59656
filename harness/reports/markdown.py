"""The report as Markdown, for an issue: findings, the exchanges that prove them, the matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.diagnosis.answers import message_of
from harness.model.exchange import RedactedExchange
from harness.model.finding import Confidence, Finding
from harness.model.outcome import Outcome
from harness.model.request import HeaderPairs
from harness.model.result import RunResult, VariantResult
from harness.reports.closing_block import UNTESTED_SHOWN
from harness.reports.finding_block import (
    flip_words,
    key_line,
    proof_sides,
    rank,
    relation_lines,
)
from harness.reports.headline import headline
from harness.reports.markdown_text import block, code, prose, row
from harness.reports.matrix_table import row_note
from harness.reports.outcome_words import is_by_arrival, outcome_word

_LONGEST_BODY = 600
_FIRST_ERROR = 400


def render_markdown(
    results: Sequence[RunResult],
    *,
    environment: Mapping[str, str] | None = None,
    closing: Sequence[str] = (),
) -> str:
    """Return the report; `closing` are sentences for its end, Markdown already."""
    lines: list[str] = []
    for result in results:
        lines += _run(result)
    if environment:
        lines += ["", "### Environment", ""]
        lines += [f"- {prose(name)}: {prose(value)}" for name, value in environment.items()]
    for sentence in closing:
        lines += ["", sentence]
    return "\n".join(lines).lstrip("\n") + "\n"


def render_recorded(exchanges: Sequence[tuple[RedactedExchange, Outcome]]) -> list[str]:
    """Return lines on exchanges that no scenario explains: a table, and what was answered."""
    lines = ["", f"### {len(exchanges)} recorded exchanges", ""]
    lines += [row(["exchange", "request", "HTTP", "outcome"]), row(["---"] * 4)]
    for exchange, outcome in exchanges:
        status = str(exchange.response.status) if exchange.response else "-"
        request = f"{exchange.method} {exchange.url}"
        lines.append(row([code(str(exchange.key)), code(request), status, str(outcome)]))
    return lines


def _run(run: RunResult) -> list[str]:
    marks = [name for name, on in (("lab", run.lab), ("replayed", run.replayed)) if on]
    mark = f" ({', '.join(marks)})" if marks else ""
    lines = ["", f"## {prose(run.scenario)}{mark}: {prose(headline(run))}"]
    if run.description:
        lines += ["", prose(run.description)]
    if run.ended:
        lines += ["", f"Ended early: {prose(run.ended)}."]
    for finding in sorted(run.findings, key=rank):
        lines += _finding(run, finding)
    for item in run.observations:
        title = f"### Observed {item.code}: {prose(item.title)}"
        lines += ["", title, "", prose(item.explanation), "", f"**Fix:** {prose(item.fix)}"]
    lines += _matrix(run)
    return [*lines, *_rest(run)]


def _finding(run: RunResult, finding: Finding) -> list[str]:
    diagnosis = finding.diagnosis
    sure = "proved" if finding.confidence is Confidence.PROVED else "suspected"
    lines = [
        *("", f"### {diagnosis.code}: {prose(diagnosis.title)}", ""),
        *(f"{code(flip_words(finding))} ({sure})", ""),
        *(f"**Fix:** {prose(diagnosis.fix)}", ""),
        prose(diagnosis.explanation),
    ]
    if diagnosis.also:
        lines += ["", f"Or: {', '.join(diagnosis.also)}."]
    about = [prose(line) for side in proof_sides(run, finding) for line in side.keys]
    about += map(code, relation_lines(run, finding))
    if about:
        lines += ["", *(f"- {line}" for line in dict.fromkeys(about))]
    pairs = (*finding.breaks, *finding.heals)
    for exchange_id in pairs[0] if pairs else ():
        exchange = run.exchanges.get(exchange_id)
        if exchange is not None:
            lines += ["", f"{code(exchange_id)}:", "", *block(_exchange(exchange), "http")]
    return lines


def _exchange(exchange: RedactedExchange) -> str:
    """Return what was sent and what came back; of bodies only what explains a refusal."""
    lines = [f"{exchange.method} {exchange.url}"]
    lines += _fields(exchange.headers_sent or exchange.headers)
    lines += [f"(through the proxy {exchange.proxy})"] if exchange.proxy else []
    response = exchange.response
    if response is None:
        why = exchange.failure.message if exchange.failure else "no answer"
        return "\n".join([*lines, "", f"no answer: {why}"])
    lines += ["", f"HTTP {response.status} {response.reason}".rstrip()]
    lines += _fields(response.headers)
    if response.status >= _FIRST_ERROR or response.from_proxy:
        body = response.body if len(response.body) <= _LONGEST_BODY else message_of(response)
        lines += ["", body] if body else []
    return "\n".join(lines)


def _fields(headers: HeaderPairs) -> list[str]:
    return [f"{name}: {value}" for name, value in headers]


def _matrix(run: RunResult) -> list[str]:
    if not run.variants:
        return []
    title = "arrives" if is_by_arrival(run) else "outcome"
    lines = ["", "### Matrix", "", row(["variant", title, "HTTP", "expected", ""])]
    lines.append(row(["---"] * 5))
    return lines + [_row(run, item) for item in run.variants]


def _row(run: RunResult, item: VariantResult) -> str:
    met = "yes" if item.as_expected else "**no**"
    status = str(item.http_status or "-")
    word = outcome_word(run, item)
    return row([code(item.variant.id), word, status, met, prose(row_note(run, item))])


def _rest(run: RunResult) -> list[str]:
    items: list[str] = []
    if run.irrelevant:
        items.append(f"Irrelevant: {', '.join(map(code, run.irrelevant))}")
    if run.rule:
        items.append(f"Rule: {prose(run.rule)}")
    items += [f"Not met: {prose(text)}" for text in run.unmet]
    items += [f"Note: {prose(text)}" for text in run.notes]
    if run.untested:
        shown = [_levels(cell) for cell in run.untested[:UNTESTED_SHOWN]]
        more = len(run.untested) - len(shown)
        items.append(f"Not tested: {'; '.join(shown)}{f'; and {more} more' if more else ''}")
    if run.clock_skew_seconds is not None:
        low, high = run.clock_skew_seconds
        items.append(f"Clock: this machine minus server: {low:+.1f} to {high:+.1f} s")
    items += [f"{code(name)}: {prose(key_line(facts))}" for name, facts in run.keys.items()]
    items.append(f"Evidence: {run.evidence}; requests: {run.requests_sent} ({run.strategy})")
    return ["", *(f"- {item}" for item in items)]


def _levels(cell: Mapping[str, str]) -> str:
    return code(",".join(f"{axis}={level}" for axis, level in cell.items()))
