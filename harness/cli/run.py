"""`flip401 run`: run scenarios and say why it is 401."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from harness.cli.options import format_option, narration_options, report_option, scenario_argument
from harness.cli.session import SessionOptions, run_scenarios
from harness.model.scenario import Strategy
from harness.wiring.options import RunOptions

_Command = Callable[..., int]


def make_command(name: str, strategy: Strategy | None) -> click.Command:
    """Return the verb `run`, or one with the strategy fixed."""

    @click.command(name, help=_HELP if strategy is None else f"{_HELP} Strategy: {strategy}.")
    @scenario_argument
    @click.option("--lab", is_flag=True, help="Answer every host from 127.0.0.1; no real key.")
    @click.option("--trust", is_flag=True, help="Agree that keys go where `plan` says.")
    @_strategy_option(strategy)
    @click.option("--budget", type=click.IntRange(min=1), help="Most exchanges to send.")
    @click.option("--concurrency", type=click.IntRange(1, 256), help="Most requests at once.")
    @click.option("--repeat", type=click.IntRange(1, 1000), help="Runs of each variant.")
    @click.option("--cassette", metavar="PATH", help="Where to record.")
    @click.option("--append", is_flag=True, help="Add to the cassette; keep the runs in it.")
    @report_option
    @format_option
    @narration_options
    def command(
        *,
        scenarios: tuple[str, ...],
        lab: bool,
        trust: bool,
        search_strategy: str | None = None,
        budget: int | None,
        concurrency: int | None,
        repeat: int | None,
        cassette: str | None,
        append: bool,
        **session: Any,
    ) -> int:
        options = RunOptions(
            lab=lab,
            trust=trust,
            strategy=strategy or (Strategy(search_strategy) if search_strategy else None),
            budget=budget,
            concurrency=concurrency,
            repeat=repeat,
            cassette=cassette,
            append=append,
        )
        return run_scenarios(scenarios, options, SessionOptions(**session))

    return command


def _strategy_option(strategy: Strategy | None) -> Callable[[_Command], _Command]:
    if strategy is not None:
        return lambda command: command
    return click.option(
        "--strategy",
        "search_strategy",
        type=click.Choice([s.value for s in Strategy]),
        help="How to search.",
    )


_HELP = (
    "Run each SCENARIO (a path, or the name of a shipped one), record every exchange as a "
    "redacted cassette, and name the smallest change that flips the request."
)

command = make_command("run", None)
