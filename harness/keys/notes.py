"""What is worth knowing of a place beside its value: stale, read differently, shared by all."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.diagnosis.rules_of_keys import STALE
from harness.errors import SourceError
from harness.keys.dotenv_file import READERS, DotenvText, open_dotenv
from harness.keys.keyring_store import store_name
from harness.keys.netrc_file import find_netrc_entry
from harness.keys.process_environment import find_in_process
from harness.keys.shadows import DEFAULT_DOTENV
from harness.keys.systemd_unit import Show, find_in_unit, systemctl_show
from harness.model.key_source import (
    CanarySource,
    DotenvDialect,
    DotenvSource,
    KeyringSource,
    KeySource,
    NetrcSource,
    ProcessSource,
    UnitSource,
)
from harness.model.secret import Secret
from harness.redaction.shape import shape_of

_UNIT_NOTE = (
    "told by `systemctl show`, not read from the running service; cron, shells and other units "
    "do not inherit it"
)


def notes_of(
    source: KeySource,
    secret: Secret,
    environ: Mapping[str, str],
    directory: Path,
    show: Show = systemctl_show,
) -> tuple[str, ...]:
    """Return the notes in words; values are compared here and never shown.

    A place that has gone since the key was read has nothing to say.
    """
    try:
        return tuple(_notes(source, secret, environ, directory, show))
    except SourceError:
        return ()


def _notes(
    source: KeySource, secret: Secret, environ: Mapping[str, str], directory: Path, show: Show
) -> Iterator[str]:
    match source:
        case DotenvSource():
            text = open_dotenv(source, directory, environ)
            yield from _other_readings(source, secret, text)
        case KeyringSource():
            yield f"the store is {store_name()}"
        case NetrcSource():
            yield from _netrc(source, environ)
        case ProcessSource():
            yield from _process(source, secret, environ, directory)
        case UnitSource():
            yield from _unit(source, show)
        case CanarySource():
            yield "wrong on purpose: no server knows it, and no key is at risk"
        case _:
            pass


def _other_readings(source: DotenvSource, secret: Secret, text: DotenvText) -> tuple[str, ...]:
    """Say how other programs read the very line, when they read it differently."""
    differing = []
    for dialect in DotenvDialect:
        if dialect is source.dialect:
            continue
        try:
            other = text.entry(source.name, dialect).secret
        except SourceError as error:
            differing.append(f"{READERS[dialect]} reads nothing ({error.message})")
            continue
        if not other.same_value_as(secret):
            differing.append(f"{READERS[dialect]} reads {shape_of(other)}")
    if not differing:
        return ()
    own = f"{READERS[source.dialect]} reads {shape_of(secret)}"
    return (f"{own}; {'; '.join(differing)}",)


def _netrc(source: NetrcSource, environ: Mapping[str, str]) -> tuple[str, ...]:
    entry = find_netrc_entry(source, environ)
    notes = ["requests sends it as Basic in place of your own Authorization header"]
    if entry.is_default:
        notes.append(f"{source.host} has no entry of its own: `default` answers for every host")
    if entry.loose_mode:
        notes.append(f"others on this machine may read the file (mode {entry.loose_mode})")
    return tuple(notes)


def _process(
    source: ProcessSource, secret: Secret, environ: Mapping[str, str], directory: Path
) -> tuple[str, ...]:
    found = find_in_process(source)
    if found.started_at is None:
        return ("as it was when the process started: later changes are not in it",)
    started = f"as it was when the process started, {_utc(found.started_at)}"
    rival = DotenvSource(DEFAULT_DOTENV, source.name)
    try:
        text = open_dotenv(rival, directory, environ)
        same = text.entry(source.name, rival.dialect).secret.same_value_as(secret)
    except SourceError:
        return (started,)
    if same:
        return (started,)
    if text.changed_at > found.started_at:
        return (
            started,
            f"{STALE}{text.shown}, changed {_utc(text.changed_at)}, has another value; restart it",
        )
    return (started, f"{text.shown} has another value, and had it before the process started")


def _unit(source: UnitSource, show: Show) -> tuple[str, ...]:
    shown = find_in_unit(source, show).shown
    notes = [_UNIT_NOTE]
    if shown.main_pid:
        since = f" (since {shown.active_since})" if shown.active_since else ""
        notes.append(
            f"the service runs as process {shown.main_pid}{since} with what it was started with; "
            "after a rotation it is stale until its restart"
        )
    if shown.needs_reload:
        notes.append("the unit file has changed: `systemctl daemon-reload` is due")
    return tuple(notes)


def _utc(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))
