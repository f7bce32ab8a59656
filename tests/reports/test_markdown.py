from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from diagnosis.flips import answer, exchange, refusal
from markdown_it import MarkdownIt
from reports.samples import SAMPLES, one_cause

from harness.model.exchange import Phase, RedactedExchange
from harness.model.outcome import Outcome
from harness.reports.markdown import render_markdown, render_recorded

GOLDEN = Path(__file__).parent.parent / "golden" / "markdown"
READER = MarkdownIt("commonmark").enable("table")
NEVER = {"html_block", "html_inline", "link_open", "image", "hr", "lheading_open"}


def kinds(text: str) -> set[str]:
    found = READER.parse(text)
    return {one.type for token in found for one in (token, *(token.children or []))}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_report_reads_as_in_its_golden_file(
    name: str, golden: Callable[[Path, str], None]
) -> None:
    text = render_markdown([SAMPLES[name]()])
    assert not kinds(text) & NEVER
    assert "\x1b" not in text
    golden(GOLDEN / f"{name}.md", text)


def proved(first: RedactedExchange, second: RedactedExchange) -> str:
    run = one_cause()
    pair = run.findings[0].breaks[0]
    exchanges = dict(zip(pair, (first, second), strict=True))
    return render_markdown(
        [replace(run, exchanges=exchanges)],
        environment={"flip401": "0.1.0", "https_proxy": "http://<host>:3128"},
        closing=["The end."],
    )


def test_the_two_exchanges_that_prove_a_finding_stand_in_it(
    golden: Callable[[Path, str], None],
) -> None:
    text = proved(
        exchange(response=answer(200, '{"content": "a private answer"}')),
        exchange(
            "key=dotenv",
            response=answer(401, '{"error": "``` <b>no</b>"}', headers=(("Server", "s"),)),
            proxy="http://127.0.0.1:3128",
        ),
    )
    assert "a private answer" not in text
    assert not kinds(text) & NEVER
    golden(GOLDEN / "exchanges.md", text)


def test_an_answer_that_never_came_says_why() -> None:
    text = proved(
        exchange(response=answer(200)),
        exchange("key=dotenv", failure=refusal(Phase.CONNECT, "connection refused")),
    )
    assert "no answer: connection refused" in text
    bare = exchange("key=dotenv")
    assert "no answer: no answer" in proved(exchange(response=answer(200)), bare)


def test_of_a_long_answer_the_message_stands() -> None:
    long = '{"error": {"message": "the cause"}, "rest": "' + "x" * 900 + '"}'
    text = proved(exchange(response=answer(200)), exchange(response=answer(401, long)))
    assert "the cause" in text
    assert "x" * 100 not in text


def test_recordings_without_a_scenario_are_a_table() -> None:
    text = "\n".join(
        render_recorded(
            [
                (exchange(response=answer(200)), Outcome.PASS),
                (exchange(url="http://a/|x"), Outcome.UNREACHABLE),
            ]
        )
    )
    assert text.splitlines() == [
        "",
        "### 2 recorded exchanges",
        "",
        "| exchange | request | HTTP | outcome |",
        "| --- | --- | --- | --- |",
        "| `baseline/1/main/0/1` | `POST https://api.example.com/chat/completions` | 200 | pass |",
        "| `baseline/1/main/0/1` | `POST http://a/\\|x` | - | unreachable |",
    ]
