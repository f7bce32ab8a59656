"""Publish the part file of a run that did not come to its end.

The secrets of that run are known to nobody any more, so its lines go through the rules for a
stranger's file: everything is redacted again by form, and the gate looks for keys by form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from harness.cassette_format.cassette import RUN_ID, Cassette, Run
from harness.cassette_store.disk import Disk, RealDisk
from harness.cassette_store.place import PART, target_of, unwritable
from harness.cassette_store.publish import Publication
from harness.cassette_store.reader import read_cassette
from harness.errors import CassetteError
from harness.model.request import Json
from harness.redaction.redactor import Redactor
from harness.redaction.registry import SecretRegistry

_NAME = re.compile(rf"(?P<target>.+?\.ya?ml|.+?)\.{RUN_ID.pattern}{re.escape(PART)}")


@dataclass(frozen=True, slots=True)
class Repaired:
    """What came of a part: where its exchanges are now, and what was left out or replaced.

    `redacted` counts the secrets that the run itself had not found. `was_published` says that
    the cassette held the run already, and only the part was in the way.
    """

    target: Path
    exchanges: int
    cut: str = ""
    redacted: int = 0
    run: int = 1
    was_published: bool = False


def repair(
    part: Path, *, to: Path | None = None, force: bool = False, disk: Disk | None = None
) -> Repaired:
    """Publish a part file as the cassette that its run was to write, or as `to`.

    A run that was to be appended is appended. A cassette that is there is replaced only when it
    is older than the run, as the run would have done, or with `force`.

    Raises:
        LeakError: a secret was found that redaction does not reach; the part stays.
        CassetteError: it is no part file, its run is still going on, its place is taken by a
            newer cassette, or the disk does not take it; the part stays.
    """
    disk = disk or RealDisk()
    target = target_of(to or _target(part))
    try:
        if disk.in_use(part):
            raise CassetteError(
                f"cannot repair {part}: its run is still going on",
                hint="the run publishes it when it ends",
            )
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise CassetteError(f"cannot read the cassette {part}: {reason}") from error
    found = read_cassette(part)
    append = to is None and bool(_fact(found.run, "append"))
    older = _older(target, part, force=force or append)
    published = _published(older, found)
    if published is not None:
        _remove(disk, part)
        count = len(published.records)
        return Repaired(target, count, found.cut, run=published.number, was_published=True)
    if older is not None and not append and not force:
        _refuse_newer(older, found, target, part, chosen=to is not None)
    redactor = Redactor(SecretRegistry("x"))
    count = Publication(disk, redactor, part, target, append=append).publish()
    number = len(older.runs) + 1 if append and older is not None else 1
    return Repaired(target, count, found.cut, len(redactor.registry), number)


def _target(part: Path) -> Path:
    match = _NAME.fullmatch(part.name)
    if match is None:
        raise CassetteError(
            f"{part} is no part file of a run",
            hint="a part file is named like `X.yaml.20261125T093000Z-1a2b.part`",
        )
    return part.with_name(match["target"])


def _older(target: Path, part: Path, *, force: bool) -> Cassette | None:
    """Read what is in the place; with `force` it may be anything."""
    if not target.exists():
        return None
    try:
        return read_cassette(target)
    except CassetteError as error:
        if force:
            return None
        raise CassetteError(
            f"cannot repair {part}: {target} is there and is no cassette of ours",
            hint="`--to FILE` publishes it elsewhere; `--force` replaces what is there",
        ) from error


def _published(older: Cassette | None, found: Cassette) -> Run | None:
    """Return the run of the cassette that is the part's own, all of it."""
    (run,) = found.runs
    if older is None or not run.id:
        return None
    same = (one for one in older.runs if one.id == run.id)
    return next((one for one in same if len(one.records) >= len(run.records)), None)


def _refuse_newer(
    older: Cassette, found: Cassette, target: Path, part: Path, *, chosen: bool
) -> None:
    theirs, ours = _started(older.run), _started(found.run)
    if chosen:
        what = "is there already"
    elif theirs is None or ours is None:
        what = "may be newer"
    elif theirs < ours:
        return
    else:
        what = "is newer" if theirs > ours else "is as new"
    raise CassetteError(
        f"cannot repair {part}: {target} {what}",
        hint="`--to FILE` publishes it elsewhere; `--force` replaces what is there",
    )


def _started(run: Json) -> float | None:
    started = _fact(run, "started_at_utc")
    return float(started) if isinstance(started, int | float) else None


def _fact(run: Json, name: str) -> Json:
    return run.get(name) if isinstance(run, dict) else None


def _remove(disk: Disk, part: Path) -> None:
    try:
        disk.unlink(part)
    except OSError as error:
        raise unwritable(part, error) from error
