"""`flip401 lab`: the lab's servers for your own client, until Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from pathlib import Path

import click

from harness.judge.exit_code import AS_EXPECTED
from harness.lab.serve import serve
from harness.model.scenario import LabProvider, LabSettings


@click.command("lab")
@click.option(
    "--provider",
    type=click.Choice([provider.value for provider in LabProvider]),
    default=LabProvider.DEEPSEEK.value,
    help="Whose answers to give.",
)
@click.option("--wording", type=click.Choice(["current", "legacy"]), default="current")
@click.option(
    "--dir",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write .env and ca.pem; a temporary folder by default.",
)
def command(provider: str, wording: str, directory: Path | None) -> int:
    """Serve the lab's API and proxies on 127.0.0.1, with throw-away keys, until Ctrl-C."""
    # Its files hold keys, worthless ones, but they go whichever way it is asked to end.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    settings = LabSettings(provider=LabProvider(provider), wording=wording)
    with tempfile.TemporaryDirectory(prefix="flip401-lab-") as temporary:
        try:
            asyncio.run(serve(settings, directory or Path(temporary), click.echo))
        except KeyboardInterrupt:
            click.echo("lab closed", err=True)
    return AS_EXPECTED
