"""`flip401 export`: a cassette of one variant, for plain vcrpy, with a test that replays it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from harness.errors import UsageError
from harness.reports.pytest_snippet import CLIENTS, SnippetCall, pytest_snippet
from harness.wiring.export import Exported, export_variant
from harness.wiring.options import shown_path


@click.command("export")
@click.argument("cassette", metavar="CASSETTE")
@click.option("--variant", metavar="ID", required=True, help="The variant, or one exchange of it.")
@click.option("--run", metavar="N|ID", help="Which run of the cassette; default: the newest.")
@click.option("--to", metavar="FILE", help="Where to; default: beside the cassette.")
@click.option("--snippet", metavar="FILE", help="Write the test there instead of printing it.")
@click.option("--client", type=click.Choice(CLIENTS), default=CLIENTS[0], help="The test's client.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
def command(
    *,
    cassette: str,
    variant: str,
    run: str | None,
    to: str | None,
    snippet: str | None,
    client: str,
    force: bool,
) -> int:
    """Write a cassette of one variant that plain vcrpy replays with requests, httpx and aiohttp,
    redirects included, and print a pytest test that does so.
    """  # noqa: D205 - click sets this text as one paragraph
    place = Path(snippet) if snippet else None
    if place is not None and place.exists() and not force:
        raise UsageError(f"{place} is there already", hint="`--force` replaces it")
    done = export_variant(
        Path(cassette), variant, run=run, to=Path(to) if to else None, force=force
    )
    text = _snippet(done, client, place.parent if place else done.path.parent)
    click.echo(f"wrote {shown_path(done.path, Path.cwd())}", err=True)
    if place is None:
        click.echo(text, nl=False)
        return 0
    try:
        place.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise UsageError(f"cannot write the test {place}: {reason}") from None
    click.echo(f"wrote {place}", err=True)
    return 0


def _snippet(done: Exported, client: str, folder: Path) -> str:
    calls = tuple(
        SnippetCall(
            call.method,
            call.url,
            call.follows,
            call.status,
            call.body.encode(),
        )
        for call in done.calls
    )
    return pytest_snippet(client, os.path.relpath(done.path, folder.absolute()), done.name, calls)
