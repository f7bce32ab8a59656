"""`flip401 serve`: a cassette as an HTTP server on this machine, until Ctrl-C."""

from __future__ import annotations

import asyncio
import secrets
import signal
import sys
from pathlib import Path
from typing import Any

import click
from structlog.typing import FilteringBoundLogger

from harness.cassette_format.cassette import Cassette
from harness.cassette_store.reader import read_cassette
from harness.cli.options import narration_options
from harness.judge.exit_code import AS_EXPECTED
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry
from harness.replay_match.index import Index
from harness.replay_match.session import Session
from harness.reports.log_line import LogFormat
from harness.reports.narration import NarrationSettings, narration
from harness.serving.announcement import announcement
from harness.serving.server import Served, Tell, serving

_PEPPER_BYTES = 32


@click.command("serve")
@click.argument("cassette", metavar="CASSETTE")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The port; a free one by default."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@narration_options
def command(*, cassette: str, port: int, host: str, **narrated: Any) -> int:
    """Answer any client from a recording, by which key it sends, until Ctrl-C.

    Send a key of the cassette by its placeholder or its short name (Bearer s1), or your own:
    the first that has the recorded form stands for the recorded one.
    """
    recorded = read_cassette(Path(cassette))
    settings = NarrationSettings(
        verbosity=1 + narrated["verbose"],
        log_format=LogFormat(narrated["log_format"]),
        log_file=Path(narrated["log_file"]) if narrated["log_file"] else None,
    )
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    redactor = Redactor(SecretRegistry())
    with narration(sys.stderr, settings, redact=redactor.text) as opened:
        try:
            asyncio.run(_serve(recorded, cassette, (host, port), _teller(opened.log)))
        except KeyboardInterrupt:
            click.echo("server closed", err=True)
    return AS_EXPECTED


def _teller(log: FilteringBoundLogger) -> Tell:
    def tell(served: Served) -> None:
        say = log.info if served.exchange else log.warning
        say(
            "answered" if served.exchange else "no match",
            method=served.method,
            path=served.path,
            http_status=served.status,
            exchange=served.exchange or "none",
            **({"note": served.note} if served.note else {}),
        )

    return tell


async def _serve(cassette: Cassette, name: str, address: tuple[str, int], tell: Tell) -> None:
    exchanges = [record.exchange for record in cassette.records]
    index = Index(exchanges, in_turn=cassette.run is None)
    session = Session(index, secrets.token_bytes(_PEPPER_BYTES))
    async with serving(session, *address, tell) as bound:
        for line in announcement(index, name, bound):
            click.echo(line)
        await asyncio.Event().wait()
