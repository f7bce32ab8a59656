"""`flip401 share`: one bundle for a bug report, with no secret in it."""

from __future__ import annotations

import getpass
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from harness.judge.exit_code import AS_EXPECTED
from harness.redaction.share_profile import Bodies
from harness.reports.visible_text import visible
from harness.wiring.options import shown_path
from harness.wiring.share import Shared, ShareOptions, share


@click.command("share")
@click.argument("cassette")
@click.option("--to", metavar="FILE.zip", help="Where to write; default: beside the cassette.")
@click.option(
    "--bodies",
    type=click.Choice([one.value for one in Bodies]),
    default=Bodies.SHAPE.value,
    help="Prompts and answers as a shape only, or kept as they were recorded.",
)
@click.option("--env", "names", metavar="NAME", multiple=True, help="Look for this secret too.")
@click.option("--trust", is_flag=True, help="Run the recorded commands to know what to look for.")
def command(
    cassette: str, *, to: str | None, bodies: str, names: tuple[str, ...], trust: bool
) -> int:
    """Write a bundle that a stranger can replay offline, and print a text for the bug report.

    Secrets are gone from a cassette already; here prompts, answers, private hosts, names and
    folders go too. The bundle is searched for every secret at hand before it gets its name.
    """
    options = ShareOptions(
        to=Path(to) if to else None, bodies=Bodies(bodies), env=names, trust=trust
    )
    done = share(
        Path(cassette),
        options,
        environ=os.environ,
        directory=Path.cwd(),
        words=_names_of_this_machine(),
    )
    click.echo(done.issue, nl=False)
    sys.stdout.flush()
    for line in _narrated(done):
        click.echo(visible(line), err=True)
    return AS_EXPECTED


def _narrated(done: Shared) -> Iterator[str]:
    yield f"wrote {shown_path(done.path, Path.cwd())}: {done.proof}"
    for reason in done.missed:
        yield f"not looked for: {reason}"
    if done.weaker:
        yield "the bundle tells less than the recording: see `--bodies keep`"
    yield "look at the text and the bundle before you publish them"


def _names_of_this_machine() -> tuple[str, ...]:
    try:
        user, home = getpass.getuser(), Path.home().name
    except (KeyError, OSError, RuntimeError):  # nobody of that number is known here
        user = home = ""
    return user, platform.node(), home
