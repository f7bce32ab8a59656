"""A key that a systemd unit gets: from its own lines and its environment files."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from glob import glob
from pathlib import Path

from harness.errors import SourceError
from harness.keys.systemd_text import UnitShown, parse_environment_file, parse_show
from harness.model.key_source import UnitSource
from harness.model.secret import Provenance, Secret

PROPERTIES = (
    "LoadState",
    "Environment",
    "EnvironmentFiles",
    "MainPID",
    "ActiveEnterTimestamp",
    "NeedDaemonReload",
    "UnsetEnvironment",
    "PassEnvironment",
)
_TIMEOUT_SECONDS = 20.0
_WILDCARD = re.compile(r"[*?[]")

Show = Callable[[str], str]
"""Returns what `systemctl show` prints of a unit."""


@dataclass(frozen=True, slots=True)
class UnitVariable:
    """A variable of a unit, and the unit as systemd shows it."""

    secret: Secret
    shown: UnitShown


def find_in_unit(source: UnitSource, show: Show) -> UnitVariable:
    """Return the variable as the unit's next start will have it.

    Environment files win over `Environment=`, later ones over earlier ones, and
    `UnsetEnvironment=` over all (systemd.exec(5)).

    Raises:
        SourceError: no systemd, no such unit, a file that cannot be read, no such variable, or
            one whose value systemd does not show.
    """
    shown = parse_show(show(source.unit))
    if shown.load_state not in {"loaded", ""}:
        raise SourceError(
            f"systemd has no unit {source.unit} ({shown.load_state})",
            hint="see `systemctl list-units --all`",
        )
    places = {
        name: (value, f"{source.unit} Environment={name}") for name, value in shown.environment
    }
    for pattern, may_be_missing in shown.files:
        for path in _fitting(pattern, may_be_missing=may_be_missing):
            for name, value in _file(path, may_be_missing=may_be_missing).items():
                places[name] = (value, f"{path} {name}, for {source.unit}")
    assigned = f"{source.name}={places[source.name][0]}" if source.name in places else ""
    if source.name in shown.unset or assigned in shown.unset:
        raise SourceError(f"unit {source.unit} takes {source.name} away again (UnsetEnvironment=)")
    if source.name not in places and source.name in shown.passed:
        raise SourceError(
            f"unit {source.unit} takes {source.name} from systemd's own environment "
            "(PassEnvironment=)",
            hint="read it from the service as it runs, by its `pid` or its program's `name`",
        )
    if source.name not in places:
        near = get_close_matches(source.name, places, n=1, cutoff=0.8)
        hint = f"add Environment={source.name}=… or an EnvironmentFile= to it"
        raise SourceError(
            f"unit {source.unit} does not set {source.name}",
            hint=f"did you mean {near[0]}?" if near else hint,
        )
    value, place = places[source.name]
    return UnitVariable(Secret(value, Provenance("unit", place)), shown)


def systemctl_show(unit: str) -> str:
    """Ask systemd for the properties that matter; an unknown unit is no error to it.

    Raises:
        SourceError: there is no systemd here, or it does not answer.
    """
    argv = ["systemctl", "show", "--no-pager", f"--property={','.join(PROPERTIES)}", "--", unit]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words and a unit name that the form checked
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except OSError:
        raise SourceError("there is no systemctl here", hint="units need systemd") from None
    except subprocess.TimeoutExpired:
        raise SourceError(f"systemctl gave no answer within {_TIMEOUT_SECONDS:g} s") from None
    if done.returncode:
        raise SourceError(
            f"systemctl failed with exit code {done.returncode}",
            hint="is systemd running on this machine? try `systemctl status`",
        )
    return done.stdout.decode("utf-8", "surrogateescape")


def _fitting(pattern: str, *, may_be_missing: bool) -> list[str]:
    """Return the files of one `EnvironmentFile=`, which may have wildcards, in order."""
    if not _WILDCARD.search(pattern):
        return [pattern]
    found = sorted(glob(pattern))  # noqa: PTH207 - an absolute pattern, which pathlib refuses
    if not found and not may_be_missing:
        raise SourceError(f"no environment file fits {pattern}, so the unit cannot start")
    return found


def _file(path: str, *, may_be_missing: bool) -> dict[str, str]:
    try:
        text = Path(path).read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        if may_be_missing:
            return {}
        raise SourceError(
            f"the environment file {path} does not exist, so the unit cannot start"
        ) from None
    except OSError as error:
        raise SourceError(
            f"cannot read the environment file {path}: {error.strerror}",
            hint="systemd reads it as root: run flip401 with the same rights",
        ) from None
    return parse_environment_file(text)
