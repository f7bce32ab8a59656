"""Options and arguments that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

scenario_argument: Decorator = click.argument(
    "scenarios", metavar="SCENARIO...", nargs=-1, required=True
)

format_option: Decorator = click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How the result is printed on stdout.",
)


def narration_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add -v, --log-file and --log-format."""
    for option in (
        click.option("-v", "--verbose", count=True, help="Narrate on stderr; -vv in detail."),
        click.option("--log-file", metavar="PATH", help="Narrate into a file as well."),
        click.option(
            "--log-format",
            type=click.Choice(["text", "json"]),
            default="text",
            help="The form of the narration.",
        ),
    ):
        function = option(function)
    return function


def report_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --report KIND=PATH."""
    return click.option(
        "--report",
        "reports",
        metavar="KIND=PATH",
        multiple=True,
        help="Write a report: text=PATH, json=PATH or markdown=PATH; repeatable.",
    )(function)
