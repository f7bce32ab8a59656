"""The command `flip401`: finds the verb, loads only what it needs, turns errors into one line."""

from __future__ import annotations

import importlib
import io
import os
import sys
import traceback
from typing import NoReturn

import click

from harness import __version__
from harness.errors import LeakError, UsageError
from harness.judge.exit_code import INTERNAL, INTERRUPTED, LEAK, USAGE

# The help text of each verb stands here so that `--help` loads none of the verbs themselves.
VERBS = {
    "check": "Validate scenarios; send nothing.",
    "plan": "Show variants, requests and where keys would go; send nothing.",
    "run": "Run scenarios and name the cause of a 401.",
    "isolate": "The same as `run --strategy isolate`.",
    "replay": "Judge a cassette again, with no key and no network.",
    "share": "Make a bundle of a cassette for a bug report, with no secret in it.",
    "serve": "Answer any client from a cassette on 127.0.0.1 until Ctrl-C.",
    "diff": "Compare two exchanges part by part, and name what differs first.",
    "scan": "Search files and archives for secrets in every encoding.",
    "repair": "Publish the part file of a run that was killed.",
    "export": "Make a cassette of one variant, for plain vcrpy, with a test for it.",
    "lab": "Serve the lab's API and proxies on 127.0.0.1 until Ctrl-C.",
    "schema": "Print the JSON Schema of the scenario file, the result or a diff.",
}


class _LazyGroup(click.Group):
    """A group whose commands live in `harness.cli.<verb>` and are imported when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of a first day's use."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module and return its command."""
        del ctx
        if cmd_name not in VERBS:
            return None
        command = importlib.import_module(f"harness.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        del ctx
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.command(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: flip401 run deepseek-401 --lab",
)
@click.version_option(__version__, prog_name="flip401", message="%(prog)s %(version)s")
def flip401() -> None:
    """Why is it 401? Runs one API request under many variations and names the smallest change
    that flips it between 200 and 401, with the proof and the fix.
    """  # noqa: D205 - click sets this text as one paragraph


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        # A file name may hold bytes that the terminal's encoding cannot show.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; every error becomes a line on stderr."""
    try:
        outcome = flip401.main(arguments, prog_name="flip401", standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - the last resort of a command line
        return _explain(error)
    return outcome if isinstance(outcome, int) else 0


def _explain(error: BaseException) -> int:
    """Say what went wrong, without a traceback, and return the exit code."""
    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            return USAGE
        case click.ClickException():
            code, text = USAGE, f"error: {_wrong_use(error)}"
        case click.Abort() | KeyboardInterrupt():
            code, text = INTERRUPTED, "interrupted"
        case UsageError():
            code, text = USAGE, f"error: {error.render()}"
        case LeakError():
            code, text = LEAK, f"leak: {error}; nothing was published"
        case BrokenPipeError() | SystemExit():
            # Whoever read the output has seen enough (click turns the error into an exit); the
            # null device keeps Python from complaining once more when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return INTERRUPTED
        case _:
            code, text = INTERNAL, _internal(error)
    click.echo(text, err=True)
    return code


def _wrong_use(error: click.ClickException) -> str:
    """Return what is wrong with the command line, and where its help is."""
    message = error.format_message()
    text = message[:1].lower() + message[1:].rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "flip401"
    return f"{text}\n    see `{command} --help`"


def _internal(error: BaseException) -> str:
    """Name the kind and the place only: the text of an unforeseen error may hold anything."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"
    return f"internal error: {type(error).__name__} at {place}\n    please report it"
